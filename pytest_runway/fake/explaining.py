"""What the harness says of a fake: at its end, and when a wait never ends."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_runway.engine.state import State
    from pytest_runway.fake.task_script import TaskScript


def problems_at_the_end(
    state: State, scripts: Sequence[TaskScript], budget: int | None = None
) -> list[str]:
    """Return what was armed and never struck, since such a test proves nothing; and the bill,
    where more than the budget was spent."""
    idle = [
        f"a fault was armed and never fired: {fault}. {_requests_seen(state)} "
        "Remove it, or correct the operation, the method or the model it waits for."
        for fault in state.faults.never_fired
    ]
    unused = [
        f"a task was scripted and never created: {script!r}. "
        f"{len(state.tasks)} tasks were created, {len(scripts)} were scripted."
        for script in scripts
        if script in state.scripts
    ]
    return idle + unused + _over_budget(state, budget)


def _over_budget(state: State, budget: int | None) -> list[str]:
    if budget is None or state.ledger.charged <= budget:
        return []
    bill = "".join(
        f"\n      task {task.number}: {task.operation}, {task.model}: {task.charged} credits"
        for task in state.tasks
        if task.charged
    )
    spent = f"{state.ledger.charged:,} credits were spent, the budget is {budget:,}"
    return [f"{spent}. Raise it, or ask for less:{bill}"]


def explain_limit(state: State) -> str:
    """Return who polled what, how often, and since which terminal state."""
    polls = Counter(
        exchange.task
        for exchange in state.journal.exchanges
        if exchange.operation == "tasks" and exchange.method == "GET" and exchange.task
    )
    lines = []
    for number, count in polls.most_common(3):
        task = state.tasks[number - 1]
        since = (task.history[-1][0] - state.started_ms) / 1000
        lines.append(
            f"task {number} ({task.operation}, {task.model}) was polled {count:,} times; it is "
            f"{task.status} since {since:g} s"
            + (f", and was polled {task.polls_since_end:,} times after that" * task.is_final)
        )
    return "; ".join(lines)


def _requests_seen(state: State) -> str:
    seen = Counter(
        f"{exchange.method} {exchange.operation or exchange.path}"
        for exchange in state.journal.exchanges
    )
    if not seen:
        return "The fake saw no request at all."
    shown = ", ".join(f"{count} x {name}" for name, count in seen.most_common(5))
    return f"The fake saw {shown}."
