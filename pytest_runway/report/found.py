"""How rules say what they found: findings, and words for times, tasks and requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.report.catalogue import RULES
from pytest_runway.report.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_runway.engine.journal import Exchange
    from pytest_runway.engine.state import State

_MOST_NAMED = 6


def found(
    rule: str,
    message: str,
    exchanges: Sequence[Exchange] = (),
    *,
    tasks: Iterable[int] = (),
    credits_: int = 0,
) -> Finding:
    """Return a finding of a rule, from the first to the last of the requests that prove it."""
    return Finding(
        rule=rule,
        level=RULES[rule].level,
        message=message,
        exchanges=tuple(each.number for each in exchanges),
        tasks=tuple(tasks),
        start=exchanges[0].at if exchanges else 0.0,
        end=exchanges[-1].at if exchanges else 0.0,
        credits=credits_,
    )


def seconds(at: float) -> str:
    """Return virtual seconds as text: ``12.5 s``."""
    return f"{round(at, 3):,g} s" if abs(at) < 1e6 else f"{at:,.0f} s"


def requests(exchanges: Sequence[Exchange]) -> str:
    """Return requests as text: ``requests 1, 2 and 3``."""
    return _listed("request", [each.number for each in exchanges])


def tasks(numbers: Sequence[int]) -> str:
    """Return tasks as text: ``task 1``, ``tasks 1 and 2``."""
    return _listed("task", numbers)


def named(state: State, number: int) -> str:
    """Return a task as text: ``task 1 (image_to_video, gen4_turbo)``."""
    task = state.tasks[number - 1]
    said = ", ".join(each for each in (task.operation, task.model) if each)
    return f"task {number} ({said})"


def answer(exchange: Exchange) -> str:
    """Return what a request was answered as text: ``503``, ``no answer``."""
    return "no answer" if exchange.status is None else str(exchange.status)


def _listed(word: str, numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"{word} {numbers[0]}"
    if len(numbers) > _MOST_NAMED:
        return f"{len(numbers):,} {word}s ({numbers[0]} to {numbers[-1]})"
    return f"{word}s {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
