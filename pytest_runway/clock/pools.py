# ruff: noqa: SLF001 - a pool has no public place where a job begins and has ended
"""Thread pools: each job that a participant submits is a participant, whoever runs it.

The threads of a pool may be older than the clock and outlive it, and they idle in C. So not the
thread but the job takes part: from its submission, if a thread is free to take it, to the moment
at which its future has told everybody.
"""

from __future__ import annotations

import sys
import threading
import weakref
from collections import deque
from typing import TYPE_CHECKING, Any

from pytest_runway.clock import active, originals

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.clock.inside import ClockInside
    from pytest_runway.clock.participants import Participant
    from pytest_runway.clock.patching import Patches


class _Lane:
    """The jobs of one pool under one clock: how many threads are free, and who waits for one."""

    def __init__(self, clock: ClockInside, threads: int) -> None:
        self.clock = clock
        self.free = threads
        self.queued: deque[_Job] = deque()

    def submit(self, name: str) -> _Job:
        """Register a job; it is next in line where a thread is free."""
        scheduler = self.clock.scheduler
        with scheduler.mutex:
            if self.free > 0:
                self.free -= 1
                return _Job(self, scheduler.enlist(name))
            job = _Job(self, scheduler.reserve(name))
            self.queued.append(job)
            return job

    def claim(self, job: _Job) -> None:
        """Note that a thread runs a job, be it next in line or not."""
        with self.clock.scheduler.mutex:
            if job in self.queued:
                self.queued.remove(job)
                self.free -= 1

    def done(self, job: _Job) -> None:
        """Take a job out; its thread, if it had one, takes the next that is still wanted."""
        scheduler = self.clock.scheduler
        with scheduler.mutex:
            if job in self.queued:
                self.queued.remove(job)
            else:
                self.free += 1
                following = next((job for job in self.queued if not job.is_cancelled()), None)
                if following is not None:
                    self.claim(following)
                    scheduler.wake(following.participant)
            scheduler.leave(job.participant)


class _Job:
    """A job on its way to a thread; if it is dropped on the way, it is done."""

    def __init__(self, lane: _Lane, participant: Participant) -> None:
        self.lane = lane
        self.participant = participant
        self.future: Any = None
        self.begun = False

    def is_cancelled(self) -> bool:
        """Return whether nobody wants the job any more; a thread may still take it up."""
        return self.future is not None and bool(self.future.cancelled())

    def __del__(self) -> None:
        """Take out a job that was thrown away: cancelled, or refused by the pool."""
        if not self.begun:
            self.lane.done(self)


_lanes: weakref.WeakKeyDictionary[Any, _Lane] = weakref.WeakKeyDictionary()
_jobs: weakref.WeakKeyDictionary[Any, _Job] = weakref.WeakKeyDictionary()
_submitted: dict[int, _Job] = {}
"""By thread: the job that is being submitted, until the pool makes its work item."""


def install(patches: Patches) -> None:
    """Wrap the submission and the run of a job. ``concurrent.futures.thread`` is loaded."""
    from concurrent.futures import thread

    patches.set(thread.ThreadPoolExecutor, "submit", _submitting(thread.ThreadPoolExecutor.submit))
    patches.set(thread._WorkItem, "__init__", _making(thread._WorkItem.__init__))
    patches.set(thread._WorkItem, "run", _running(thread._WorkItem.run))


def _submitting(real: Callable[..., Any]) -> Callable[..., Any]:
    def submit(self: Any, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        clock, participant = active.clock, active.participant()
        if clock is None or participant is None:
            return real(self, fn, *args, **kwargs)
        lane = _lanes.get(self)
        if lane is None or lane.clock is not clock:
            lane = _lanes[self] = _Lane(clock, self._max_workers)
        ident = originals.thread_id()
        name = getattr(fn, "__qualname__", None) or repr(fn)
        _submitted[ident] = lane.submit(name)
        try:
            with clock.unseen(participant):  # the pool holds locks of its own meanwhile
                return real(self, fn, *args, **kwargs)
        finally:
            _submitted.pop(ident, None)

    return submit


def _making(real: Callable[..., None]) -> Callable[..., None]:
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        real(self, *args, **kwargs)
        job = _submitted.pop(originals.thread_id(), None)
        if job is not None:
            job.future = self.future
            _jobs[self] = job

    return init


def _running(real: Callable[..., None]) -> Callable[..., None]:
    def run(self: Any, *args: Any) -> None:
        job = _jobs.pop(self, None)
        if job is None or not job.lane.clock.is_on:
            real(self, *args)
            return
        job.begun = True
        job.lane.claim(job)
        job.lane.clock.take_part(job.participant)
        try:
            real(self, *args)
        finally:
            job.lane.done(job)

    return run


def retire_idle_workers_of_anyio() -> None:
    """Let the idle threads go that anyio keeps for a loop, so that it starts participants."""
    kind: Any = vars(sys.modules["anyio._backends._asyncio"]).get("WorkerThread")
    for thread in threading.enumerate():
        if kind is not None and isinstance(thread, kind) and thread in thread.idle_workers:
            thread.stop()
