"""The journal, read once: who asked what, who waited for which task, and what was tried again."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from pytest_runway.report.intents import intent_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from pytest_runway.engine.journal import Exchange
    from pytest_runway.engine.state import State

FINAL = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})
_POLLED = frozenset({"tasks", "workflow_invocations"})


class Observed:
    """What the rules look at.

    ``polls``, and those ``deletes`` that took effect, are by the number of the task. ``creates``
    made tasks, also those whose answer was lost; ``failures`` were answered with an error, with
    something else than what was asked for, or not at all. ``shown`` is what the test printed and
    logged.
    """

    def __init__(self, state: State, *, shown: str = "") -> None:
        """Read a state's journal."""
        self.state = state
        self.shown = shown
        self.polls: dict[int, list[Exchange]] = {}
        self.deletes: dict[int, list[Exchange]] = {}
        self.creates: list[Exchange] = []
        self.posts: list[Exchange] = []
        self.failures: list[Exchange] = []
        for exchange in state.journal.exchanges:
            self._sort(exchange)

    def _sort(self, exchange: Exchange) -> None:
        method, task = exchange.method, exchange.task
        if method == "POST":
            self.posts.append(exchange)
            if task is not None:
                self.creates.append(exchange)
        elif exchange.operation in _POLLED:
            task = self.task_of(exchange)
            if task is not None and method == "GET":
                self.polls.setdefault(task, []).append(exchange)
            elif task is not None and not has_failed(exchange):
                self.deletes.setdefault(task, []).append(exchange)
        if has_failed(exchange):
            self.failures.append(exchange)

    def task_of(self, exchange: Exchange) -> int | None:
        """Return the task that a request is about, None where it is about none.

        The path is looked at too: a fault may have struck before anybody else did.
        """
        if exchange.task is not None:
            return exchange.task
        task = self.state.by_id.get(exchange.path.rpartition("/")[2].lower())
        return None if task is None else task.number

    @cached_property
    def _busy(self) -> frozenset[int]:
        asked = Counter(each.flow for each in self.state.journal.exchanges)
        return frozenset(flow for flow, count in asked.items() if flow and count > 1)

    def flow(self, exchange: Exchange) -> int:
        """Return the flow that a request belongs to; 0 where nobody knows.

        A flow that asked once only says nothing: some clients make a new task for each request.
        """
        return exchange.flow if exchange.flow in self._busy else 0

    @cached_property
    def watches(self) -> list[tuple[int, list[Exchange]]]:
        """The number of a task and its polls in order, apart for each flow that polled it."""
        found: dict[tuple[int, int], list[Exchange]] = {}
        for task, polls in self.polls.items():
            for poll in polls:
                found.setdefault((task, self.flow(poll)), []).append(poll)
        return [(task, polls) for (task, _), polls in found.items()]

    @cached_property
    def runs(self) -> list[list[Exchange]]:
        """Requests that failed and were sent again, with all that followed, to the first success.

        Requests are the same where they mean the same and come from the same flow. Where the flow
        is not known, two at the same moment are two that know nothing of each other.
        """
        if not self.failures:
            return []
        suspects = {self._try(each) for each in self.failures}
        tries: dict[Hashable, list[Exchange]] = {}
        for exchange in self.state.journal.exchanges:
            which = self._try(exchange)
            if which in suspects:
                tries.setdefault(which, []).append(exchange)
        return [run for same in tries.values() for run in self._split(same)]

    def _try(self, exchange: Exchange) -> Hashable:
        return self.flow(exchange), intent_of(exchange)

    def _split(self, same: Sequence[Exchange]) -> Iterable[list[Exchange]]:
        run: list[Exchange] = []
        for exchange in same:
            if run and not self.flow(exchange) and exchange.at <= run[-1].at:
                continue
            if run or has_failed(exchange):
                run.append(exchange)
            if run and not has_failed(exchange):
                yield run
                run = []
        if len(run) > 1:
            yield run

    @cached_property
    def heard_of(self) -> frozenset[int]:
        """The tasks that the client knows of: it was told their id, or has used it."""
        told = {each.task for each in self.creates if each.task and not has_failed(each)}
        return frozenset(told | self.polls.keys() | self.deletes.keys())

    def credits(self, tasks: Iterable[int]) -> int:
        """Return what tasks have cost, less refunds."""
        return sum(self.state.tasks[number - 1].charged for number in tasks)


def has_failed(exchange: Exchange) -> bool:
    """Whether a request got an error, no answer, or an answer that is not what was asked for."""
    status = exchange.status
    if status is None or status >= 400:
        return True
    return exchange.fault is not None and exchange.told is None


def moments(polls: Sequence[Exchange]) -> list[Exchange]:
    """Return the polls that came at a moment of their own: the first of each."""
    return [poll for place, poll in enumerate(polls) if not place or poll.at > polls[place - 1].at]


def gaps(exchanges: Sequence[Exchange]) -> list[float]:
    """Return the seconds between each request and the next."""
    return [round(later.at - earlier.at, 3) for earlier, later in pairwise(exchanges)]
