"""Tasks in time: creation, phases, endings, and what each of them costs."""

from __future__ import annotations

import heapq
import math
import sys
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from pytest_runway.engine.journal import Event
from pytest_runway.engine.moderation import is_moderation, moderated
from pytest_runway.engine.task import Task
from pytest_runway.engine.timeline import DEFAULT_TIMELINE, SUCCESS, Ending, Timeline, failed

if TYPE_CHECKING:
    from pytest_runway.contract import Contract
    from pytest_runway.engine.order import Order
    from pytest_runway.engine.quotas import Quotas
    from pytest_runway.engine.state import State
    from pytest_runway.engine.timeline import LiveStatus, Status


class Lifecycle:
    """Moves one state's tasks along their timelines."""

    def __init__(self, contract: Contract, state: State, quotas: Quotas) -> None:
        self._contract = contract
        self._state = state
        self._quotas = quotas

    def create(self, order: Order, *, id_: str | None = None, fate: Timeline | None = None) -> Task:
        """Accept an order: reserve its estimate, start it or put it in line.

        A script of the test's says how its life goes, else ``fate``, which a fault may have said.
        """
        state = self._state
        scripted = bool(state.scripts)
        timeline = state.scripts.popleft().timeline if scripted else fate or DEFAULT_TIMELINE
        if order.variant is not None and state.rules:
            timeline = moderated(self._contract, state.rules, order.variant, order.body, timeline)
        ending = timeline.ending
        if order.late_failure and ending is not None and ending.status == "SUCCEEDED":
            late = failed(self._contract, order.late_failure, None)
            timeline = Timeline(timeline.phases, late)
        task = Task(
            id=state.new_id() if id_ is None else id_,
            number=len(state.tasks) + 1,
            operation=order.operation,
            model=order.model,
            request_body=order.shown_body,
            created_ms=state.now_ms,
            timeline=timeline,
            estimate=order.estimate,
            cost=order.cost,
            output=order.output,
            tier_group=order.tier_group,
            key=order.key,
            workflow=order.workflow,
            scripted=scripted or fate is not None,
        )
        state.tasks.append(task)
        state.by_id[task.id] = task
        task.charged = math.ceil(order.estimate)
        state.ledger.reserve(task.charged, at_ms=state.now_ms, **_bill(task))
        self._note("credits", task, f"{task.charged} reserved")
        state.account.count(order.model, state.now_ms)
        if self.has_slot(order.model, order.tier_group):
            self._start(task, state.now_ms)
        else:
            line = state.account.waiting.setdefault(order.model or "", OrderedDict())
            line[task.number] = task
            self._become(task, "THROTTLED", state.now_ms)
        return task

    def has_slot(self, model: str | None, group: str | None) -> bool:
        """Whether one more task of a model would run at once."""
        limit = self._quotas.concurrent(model, group)
        return limit is None or self._state.account.running[model or ""] < limit

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
        if is_moderation(ending.code):
            self._state.conduct.note(self._state, self._contract.limits["moderation"], at_ms)
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
        self._state.ledger.refund(back, at_ms=at_ms, **_bill(task))
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

    def fill_slots(self, at_ms: int) -> None:
        """Start what waits, as far as a tier that has just risen lets it."""
        for line in self._state.account.waiting.values():
            while line:
                task = next(iter(line.values()))
                if not self.has_slot(task.model, task.tier_group):
                    break
                del line[task.number]
                self._start(task, at_ms)

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
        if line and self.has_slot(task.model, task.tier_group):
            self._start(line.popitem(last=False)[1], at_ms)

    def _leave_line(self, task: Task) -> None:
        line = self._state.account.waiting.get(task.model or "")
        if line:
            line.pop(task.number, None)

    def _note(self, kind: Any, task: Task, detail: str, at_ms: int | None = None) -> None:
        state = self._state
        at_ms = state.now_ms if at_ms is None else at_ms
        at, events = (at_ms - state.started_ms) / 1000, state.journal.events
        if events and events[-1].at == at:
            at = events[-1].at  # one number for all that happens at once: there may be 100,000
        events.append(Event(at, kind, task.number, sys.intern(detail)))


def _bill(task: Task) -> dict[str, Any]:
    return {"task": task.number, "model": task.model, "key": task.key}
