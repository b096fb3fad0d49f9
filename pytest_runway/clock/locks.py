# ruff: noqa: SLF001 - the caller's frame, and threading's own Python version of RLock
"""Locks whose waiters wait in virtual time.

Everything that blocks in ``threading`` and ``queue`` blocks in a lock: conditions, events,
semaphores, barriers, futures. A lock made by a participant while a clock is on is one of these.
It outlives the clock: outside of virtual time it is a plain lock with a plain lock's waits.
"""

from __future__ import annotations

import _thread
import sys
import threading
from collections import deque
from typing import TYPE_CHECKING, Any

from pytest_runway.clock import active, originals
from pytest_runway.clock.dispatch import moment_after
from pytest_runway.clock.exempt import calls_from

if TYPE_CHECKING:
    from types import TracebackType

    from pytest_runway.clock.participants import Participant
    from pytest_runway.clock.scheduler import Scheduler


class TrackedLock:
    """A lock that knows which participants wait for it.

    The releaser makes the first of them ready at the moment of the release, so that no virtual
    time can pass between the two.
    """

    __slots__ = ("__weakref__", "_inner", "_waiters")

    def __init__(self) -> None:
        self._inner = originals.allocate_lock()
        self._waiters: deque[Participant] = deque()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Acquire the lock as a ``threading.Lock`` does; a participant's timeout is virtual."""
        if self._inner.acquire(blocking=False):
            return True
        clock, participant = active.clock, active.participant()
        if not blocking or clock is None or participant is None or timeout == 0:
            return self._inner.acquire(blocking, timeout)
        scheduler = clock.scheduler
        deadline_ns = None if timeout < 0 else moment_after(scheduler.now_ns, timeout)
        while scheduler.open:
            if self._wait(scheduler, participant, deadline_ns):
                return True
            if participant.timed_out:
                return False
        return self._inner.acquire(blocking, timeout)

    def release(self) -> None:
        """Release the lock and let the participant go on that waited first."""
        self._inner.release()
        clock = active.clock
        if self._waiters and clock is not None:
            with clock.scheduler.mutex:
                if self._waiters:
                    clock.scheduler.wake(self._waiters.popleft())

    def locked(self) -> bool:
        """Return whether somebody has the lock."""
        return self._inner.locked()

    def __enter__(self) -> bool:
        """Acquire the lock."""
        return self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Release the lock."""
        self.release()

    def _at_fork_reinit(self) -> None:
        self._inner = originals.allocate_lock()
        self._waiters.clear()

    def _wait(
        self, scheduler: Scheduler, participant: Participant, deadline_ns: int | None
    ) -> bool:
        with scheduler.mutex:
            # In this order: a release from now on sees the waiter, one before freed the lock.
            self._waiters.append(participant)
            if self._inner.acquire(blocking=False):
                self._waiters.remove(participant)
                return True
            if scheduler.open:
                scheduler.park(participant, deadline_ns, "a lock")
        try:
            scheduler.await_turn(participant)
        finally:
            with scheduler.mutex:
                if participant in self._waiters:
                    self._waiters.remove(participant)
        return self._inner.acquire(blocking=False)


class _EitherLock(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, (TrackedLock, _thread.LockType))


class Lock(metaclass=_EitherLock):
    """What stands for ``threading.Lock``: a class, as it is from Python 3.13 on."""

    def __new__(cls) -> Any:
        """Return a tracked lock to a participant's code and a real one to everybody else."""
        if active.participant() is None or calls_from(sys._getframe(1)):
            return originals.allocate_lock()
        return TrackedLock()


class WaiterLock(TrackedLock):
    """The lock in which a condition's waiter waits."""

    __slots__ = ()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Acquire the lock; a wait of no time that fails counts as a glance."""
        if super().acquire(blocking, timeout):
            return True
        clock, participant = active.clock, active.participant()
        if not blocking and clock is not None and participant is not None:
            clock.glance(participant)
        return False


def allocate_lock() -> Any:
    """Return a lock for the waiter of a condition."""
    return originals.allocate_lock() if active.participant() is None else WaiterLock()


def new_rlock() -> Any:
    """Return a re-entrant lock: Python's own version, made of a tracked lock, for participants."""
    if active.participant() is None or calls_from(sys._getframe(1)):
        return _thread.RLock()
    return vars(threading)["_PyRLock"]()
