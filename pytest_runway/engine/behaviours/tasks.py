"""Generations, and the tasks that they become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.engine.artifacts import output_urls
from pytest_runway.engine.behaviours.accepting import accept, order_of
from pytest_runway.engine.behaviours.well_known import well_known_task
from pytest_runway.engine.encoding import credits_on_the_wire
from pytest_runway.engine.replies import empty_reply, json_reply
from pytest_runway.engine.resources.family import WELL_KNOWN_ID
from pytest_runway.engine.validation import refuse_body
from pytest_runway.wire import Reply

if TYPE_CHECKING:
    from pytest_runway.engine.context import Context
    from pytest_runway.engine.task import Task


def generate(context: Context) -> Reply:
    """Check the body, then the account, and create a task."""
    refusal = refuse_body(context)
    if refusal is not None:
        return refusal
    task = accept(context, order_of(context, context.variant, context.body))
    if isinstance(task, Reply):
        return task
    answer: dict[str, Any] = {
        "id": task.id,
        "estimatedCost": {"credits": credits_on_the_wire(task.estimate)},
    }
    return json_reply(200, {key: answer[key] for key in context.operation.answer})


def get_task(context: Context) -> Reply:
    """Say what a task is doing."""
    task = _find_task(context)
    if task is None:
        return context.error("task_not_found")
    context.engine.lifecycle.polled(task)
    context.exchange.told = task.status
    now_ms = context.state.now_ms
    return json_reply(200, task.body(now_ms, output_urls(task, now_ms)))


def delete_task(context: Context) -> Reply:
    """Cancel a live task or delete a finished one."""
    task = _find_task(context)
    if task is None:
        return context.error("task_not_found")
    context.engine.lifecycle.delete(task)
    return empty_reply()


def _find_task(context: Context) -> Task | None:
    id_ = context.params["id"].lower()
    task = context.state.by_id.get(id_)
    if context.engine.conformance and id_ == WELL_KNOWN_ID:
        task = well_known_task(context)
    if task is None or task.workflow is not None:
        return None
    context.exchange.task = task.number
    return None if task.deleted else task
