"""Drafts: clips that were made small to be made large later, by a task that names the first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_runway.contract import issues
from pytest_runway.engine.account import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_runway.contract import Output, Variant
    from pytest_runway.engine.context import Context
    from pytest_runway.engine.task import Task


def broken_drafts(context: Context, variant: Variant, body: Any) -> list[dict[str, Any]]:
    """Return the issues of fields that name no draft to be enhanced; their words are ours."""
    found = []
    for rule, field in _named(variant, body):
        why = _refused(context, _draft(context, body[field]), rule["max_days"])
        if why is not None:
            found.append(dict(issues.broken_rule([field], why)))
    return found


def enhanced(context: Context, variant: Variant, body: Any, output: Output) -> Output:
    """Return what comes out where a draft is enhanced: as the draft, and larger."""
    for rule, field in _named(variant, body):
        draft = _draft(context, body[field])
        if draft is None:
            continue
        like = draft.output
        width, height = like.width or 16, like.height or 9
        times = rule["short_px"] / min(width, height)
        wide, high = (round(side * times / 2) * 2 for side in (width, height))
        return replace(output, width=wide, height=high, seconds=like.seconds, audio=like.audio)
    return output


def _named(variant: Variant, body: Any) -> list[tuple[Mapping[str, Any], str]]:
    return [
        (rule, field)
        for rule in variant.media_rules
        if rule["rule"] == "draft_task"
        for field in rule["fields"]
        if field in body
    ]


def _draft(context: Context, id_: str) -> Task | None:
    task = context.state.by_id.get(id_.lower())
    return None if task is None or task.deleted or task.workflow is not None else task


def _refused(context: Context, task: Task | None, max_days: int) -> str | None:
    if task is None:
        return "Could not find the draft task."
    if not (isinstance(task.request_body, dict) and task.request_body.get("draft") is True):
        return "The task is no draft."
    if task.status != "SUCCEEDED":
        return f"The draft has not succeeded: it is {task.status}."
    if context.state.now_ms - task.created_ms > max_days * DAY_MS:
        return f"The draft is older than {max_days} days."
    return None
