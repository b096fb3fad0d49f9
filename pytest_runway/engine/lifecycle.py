"""Tasks in time: creation, phases, endings, and what each of them costs."""

from __future__ import annotations

import heapq
import math
import uuid
from collections import deque
from typing import TYPE_CHECKING, Any

from pytest_runway.engine.journal import Event
from pytest_runway.engine.task import Task
from pytest_runway.engine.timeline import DEFAULT_TIMELINE, SUCCESS, Ending

if TYPE_CHECKING:
    from fractions import Fraction

    from pytest_runway.contract import Contract, Operation, Variant
    from pytest_runway.engine.state import State
    from pytest_runway.engine.timeline import LiveStatus, Status


class Lifecycle:
    """Moves one state's tasks along their timelines."""

    def __init__(self, contract: Contract, state: State) -> None:
        self._contract = contract
        self._state = state

    def create(
        self,
        operation: Operation,
        variant: Variant,
        body: Any,
        *,
        estimate: Fraction,
        cost: Fraction,
    ) -> Task:
        """Accept a generation: reserve its estimate, start it or put it in line.

        ``cost`` is what it will have cost when it succeeds, at most the estimate.
        """
        state = self._state
        scripted = bool(state.scripts)
        task = Task(
            id=str(uuid.UUID(int=state.dice.getrandbits(128), version=4)),
            number=len(state.tasks) + 1,
            operation=operation.name,
            model=variant.name,
            request_body=body,
            created_ms=state.now_ms,
            timeline=state.scripts.popleft().timeline if scripted else DEFAULT_TIMELINE,
            estimate=estimate,
            cost=cost,
            output=variant.outputs(body),
            scripted=scripted,
        )
        state.tasks.append(task)
        state.by_id[task.id] = task
        task.charged = math.ceil(estimate)
        state.ledger.reserve(task.charged, at_ms=state.now_ms, task=task.number, model=task.model)
        self._note("credits", task, f"{task.charged} reserved")
        state.account.count(variant.name, state.now_ms)
        if self._has_slot(variant):
            self._start(task, state.now_ms)
        else:
            state.account.waiting.setdefault(variant.name, deque()).append(task)
            self._become(task, "THROTTLED", state.now_ms)
        return task

    def advance(self, now_ms: int) -> None:
        """Let everything happen that is due, in order of time. Time never runs backwards."""
        state = self._state
        while state.schedule and state.schedule[0][0] <= now_ms:
            due_ms, _, epoch, task = heapq.heappop(state.schedule)
            state.now_ms = max(state.now_ms, due_ms)
            if task.epoch == epoch and not task.is_final:
                self._next_phase(task, due_ms)
        state.now_ms = max(state.now_ms, now_ms)

    def polled(self, task: Task) -> None:
        """Take note of a GET: phases that are counted in polls move on by it."""
        phase = task.phase
        if phase is not None and phase.polls is not None and not task.is_final:
            if task.polls_in_phase >= phase.polls:
                self._next_phase(task, self._state.now_ms)
            task.polls_in_phase += 1
        if task.is_final:
            task.polls_since_end += 1

    def delete(self, task: Task) -> None:
        """Cancel a live task, delete a finished one; either way it is gone (facts §4.4)."""
        if not task.is_final:
            self.end(task, Ending("CANCELLED"))
        task.deleted = True

    def move(self, task: Task, status: LiveStatus, *, progress: float | None = None) -> None:
        """Take a live task off its timeline and put it into a status by hand."""
        self._leave_line(task)
        task.epoch += 1
        task.phase_index = len(task.timeline.phases)
        task.progress_by_hand = progress
        self._occupy(task)
        self._become(task, status, self._state.now_ms)

    def end(self, task: Task, ending: Ending, at_ms: int | None = None) -> None:
        """End a live task, settle what it costs and give its slot to the next in line."""
        at_ms = self._state.now_ms if at_ms is None else at_ms
        was: Status = task.status
        self._leave_line(task)
        task.epoch += 1
        task.ending = ending
        self._become(task, ending.status, at_ms)
        self._settle(task, was, at_ms)
        self._release(task, at_ms)

    def _settle(self, task: Task, was: Status, at_ms: int) -> None:
        due = task.charged
        if task.status == "SUCCEEDED":
            due = min(math.ceil(task.cost), task.charged)
        elif task.status == "FAILED":
            code = task.ending.code if task.ending else None
            due = 0 if code is None or self._contract.failure(code).refunded else task.charged
        elif was != "RUNNING":
            due = 0
        back = task.charged - due
        task.charged = due
        self._state.ledger.refund(back, at_ms=at_ms, task=task.number, model=task.model)
        if back:
            self._note("credits", task, f"{back} refunded")

    def _start(self, task: Task, at_ms: int) -> None:
        self._occupy(task)
        self._next_phase(task, at_ms)

    def _next_phase(self, task: Task, at_ms: int) -> None:
        task.phase_index += 1
        task.polls_in_phase = 0
        task.phase_since_ms = at_ms
        phase = task.phase
        if phase is None:
            self.end(task, task.timeline.ending or SUCCESS, at_ms)
            return
        if phase.ms is not None:
            self._schedule(task, at_ms + phase.ms)
        self._become(task, phase.status, at_ms)

    def _schedule(self, task: Task, due_ms: int) -> None:
        state = self._state
        state.scheduled += 1
        heapq.heappush(state.schedule, (due_ms, state.scheduled, task.epoch, task))

    def _become(self, task: Task, status: Status, at_ms: int) -> None:
        if task.history and task.history[-1][1] == status:
            return
        task.status = status
        task.history.append((at_ms, status))
        self._note("transition", task, status, at_ms)

    def _has_slot(self, variant: Variant) -> bool:
        account = self._state.account
        if account.tier is None or variant.tier_group is None:
            return True
        limit: int = self._contract.tiers[variant.tier_group][account.tier - 1]["concurrent"]
        return account.running[variant.name] < limit

    def _occupy(self, task: Task) -> None:
        if task.model is not None and not task.holds_slot:
            task.holds_slot = True
            self._state.account.running[task.model] += 1

    def _release(self, task: Task, at_ms: int) -> None:
        if task.model is None or not task.holds_slot:
            return
        account = self._state.account
        task.holds_slot = False
        account.running[task.model] -= 1
        line = account.waiting.get(task.model)
        if line:
            self._start(line.popleft(), at_ms)

    def _leave_line(self, task: Task) -> None:
        line = self._state.account.waiting.get(task.model or "")
        if line and task in line:
            line.remove(task)

    def _note(self, kind: Any, task: Task, detail: str, at_ms: int | None = None) -> None:
        state = self._state
        at_ms = state.now_ms if at_ms is None else at_ms
        at = (at_ms - state.started_ms) / 1000
        state.journal.events.append(Event(at, kind, task.number, detail))
