"""What the harness says of a fake: at its end, and when a wait never ends."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pytest_runway.fake.idle import idle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_runway.engine.state import State
    from pytest_runway.fake.task_script import TaskScript


def problems_at_the_end(
    state: State, scripts: Sequence[TaskScript], budget: int | None = None
) -> list[str]:
    """Return what was armed and never struck, since such a test proves nothing; and the bill,
    where more than the budget was spent."""
    return [*idle(state, scripts), *_over_budget(state, budget)]


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
