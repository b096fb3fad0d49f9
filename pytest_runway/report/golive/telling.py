"""The checklist as text: for the terminal, as Markdown, as JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.report.golive.checklist import Answer, Checklist

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def lines(checklist: Checklist) -> Iterator[str]:
    """Yield the lines for a terminal."""
    if checklist.cut_short:
        yield f"{checklist.cut_short}"
    for answer in checklist.answers:
        yield f"{answer.status:<14} {answer.item.title}"
        yield from (f"    {line}" for line in _reasons(answer))
        for step in answer.next_steps:
            yield f"    next: {step.says}"
            yield from (f"        {line}".rstrip() for line in step.snippet.split("\n"))
    yield checklist.summary()


def markdown(checklist: Checklist) -> str:
    """Return the checklist as a Markdown document."""
    return "\n".join(_markdown(checklist)) + "\n"


def json_text(checklist: Checklist) -> str:
    """Return the checklist as a JSON document."""
    return json.dumps(checklist.to_json(), indent=2, ensure_ascii=False) + "\n"


def _reasons(answer: Answer) -> Iterator[str]:
    for proof in answer.against:
        yield f"against it: {proof}"
    for proof in answer.proofs:
        yield f"{proof}"
    if answer.more:
        yield f"and {answer.more:,} more"
    for title in answer.missing:
        yield f"not seen to come out well: {title}"


def _markdown(checklist: Checklist) -> Iterator[str]:
    yield "# Go-live checklist\n"
    if checklist.cut_short:
        yield f"**{_escaped(checklist.cut_short)}**\n"
    yield f"{checklist.summary()}.\n"
    yield "| item | answer |\n|---|---|"
    yield from (f"| {answer.item.title} | {answer.status} |" for answer in checklist.answers)
    for answer in checklist.answers:
        item = answer.item
        yield f"\n## {answer.status}: {item.title}\n"
        yield f"{item.asks} ([Runway]({item.source}), {item.mark})"
        reasons = [f"- {_escaped(reason)}" for reason in _reasons(answer)]
        if reasons:
            yield "\n" + "\n".join(reasons)
        for step in answer.next_steps:
            language = "console" if step.snippet.startswith(("pytest", "pip ")) else "python"
            fence = _fence(step.snippet)
            yield f"\nNext, {_escaped(step.says)}:\n\n{fence}{language}\n{step.snippet}\n{fence}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _fence(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    return "`" * max(3, longest + 1)
