# ruff: noqa: SLF001 - threading binds its clock and its locks to private names
"""Threads: whoever a participant starts takes part; whoever it joins is waited for."""

from __future__ import annotations

import queue
import sys
import threading
import time
import weakref
from contextlib import suppress
from types import GenericAlias
from typing import TYPE_CHECKING, Any

from pytest_runway.clock import active, locks, originals
from pytest_runway.clock.dispatch import NS, moment_after
from pytest_runway.clock.ending import VirtualTimeOver
from pytest_runway.clock.exempt import calls_from, looks_after_a_pool, stays_outside
from pytest_runway.clock.participants import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.clock.inside import ClockInside
    from pytest_runway.clock.participants import Participant
    from pytest_runway.clock.patching import Patches

_RealSimpleQueue: Any = queue.SimpleQueue
PythonSimpleQueue: Any = vars(queue)["_PySimpleQueue"]

_SLICE_S = 0.005
_PATIENCE_NS = 2 * NS

_born: weakref.WeakKeyDictionary[threading.Thread, Participant] = weakref.WeakKeyDictionary()


def install(patches: Patches) -> None:
    """Replace how threads start and join, and the locks in which their conditions wait."""
    patches.set(threading.Thread, "start", _starting(threading.Thread.start))
    patches.set(threading.Thread, "join", _joining(threading.Thread.join))
    patches.set(threading, "_allocate_lock", locks.allocate_lock)
    # Both are bound when the modules are imported: a virtual wait against a real deadline spins.
    patches.set(threading, "_time", time.monotonic)
    patches.set(queue, "time", time.monotonic)


def install_early(patches: Patches) -> None:
    """Replace what application code may bind early: how locks and queues are made."""
    patches.set(threading, "Lock", locks.Lock)
    patches.set(threading, "RLock", locks.new_rlock)
    patches.set(queue, "SimpleQueue", _SimpleQueue)


def _starting(real: Callable[[threading.Thread], None]) -> Callable[[threading.Thread], None]:
    def start(self: threading.Thread) -> None:
        clock, parent = active.clock, active.participant()
        if clock is None or parent is None:
            real(self)
            return
        caller = sys._getframe(1)
        if calls_from(caller) or stays_outside(self, caller):
            with clock.unseen(parent):
                real(self)
            return
        child = clock.scheduler.enlist(self.name)
        child.daemon = self.daemon
        _born[self] = child
        run = self.run

        def run_as_participant() -> None:
            del self.run  # the instance's attribute, which is this function
            clock.take_part(child)
            try:
                with suppress(VirtualTimeOver):
                    run()
            finally:
                clock.scheduler.leave(child)

        self.run = run_as_participant  # type: ignore[method-assign]
        try:
            with clock.unseen(parent):
                real(self)
        except BaseException:
            self.__dict__.pop("run", None)
            clock.scheduler.leave(child)
            raise

    return start


def _joining(real: Callable[..., None]) -> Callable[..., None]:
    def join(self: threading.Thread, timeout: float | None = None) -> None:
        clock, participant = active.clock, active.participant()
        if clock is None or participant is None or not self.is_alive():
            real(self, timeout)
            return
        end_ns = None
        if timeout is not None:
            end_ns = moment_after(clock.scheduler.now_ns, max(0, timeout))
        other = _born.get(self)
        if other is None or other.state is State.DISMISSED:
            _join_outsider(clock, participant, self, real, end_ns)
        elif _outlived(clock, participant, other, end_ns):
            real(self)

    return join


def _join_outsider(
    clock: ClockInside,
    participant: Participant,
    thread: threading.Thread,
    real: Callable[..., None],
    end_ns: int | None,
) -> None:
    """Join a thread of real time. While it runs a participant's job, that is waited for."""
    real_end_ns = None
    if end_ns is not None:
        real_end_ns = originals.monotonic_ns() + end_ns - clock.scheduler.now_ns
    held_until_ns = originals.monotonic_ns()
    if not looks_after_a_pool(thread):  # which ends when the participants' jobs have
        held_until_ns += _PATIENCE_NS
    while thread.is_alive():
        job = active.seats.get(thread.ident or 0)
        now_ns = originals.monotonic_ns()
        if job is not None and job is not participant:
            if not _outlived(clock, participant, job, end_ns):
                return
        elif real_end_ns is not None and now_ns >= real_end_ns:
            return
        elif now_ns < held_until_ns:
            with clock.outside(participant, held=True):
                real(thread, _SLICE_S)
        else:  # it may itself wait for one of us
            with clock.outside(participant, held=False):
                real(thread, _SLICE_S)


def _outlived(
    clock: ClockInside, participant: Participant, other: Participant, end_ns: int | None
) -> bool:
    """Wait for the end of another participant; return whether it came before the deadline."""
    scheduler = clock.scheduler
    with scheduler.mutex:
        if other.state is State.DISMISSED:
            return True
        if not scheduler.open:
            return True
        other.joiners.append(participant)
        scheduler.park(participant, end_ns, "a join")
    try:
        scheduler.await_turn(participant)
        return not participant.timed_out
    finally:
        with scheduler.mutex:
            if participant in other.joiners:
                other.joiners.remove(participant)


class _EitherQueue(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, (PythonSimpleQueue, _RealSimpleQueue))


class _SimpleQueue(metaclass=_EitherQueue):
    """What stands for ``queue.SimpleQueue``, whose C version blocks where nobody sees it."""

    def __new__(cls) -> Any:
        if active.participant() is None or calls_from(sys._getframe(1)):
            return _RealSimpleQueue()
        return PythonSimpleQueue()

    def __class_getitem__(cls, item: Any) -> Any:
        return GenericAlias(cls, item)
