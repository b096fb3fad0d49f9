"""A clock for trio, by trio's public interface: a ``Clock`` and an ``Instrument``.

trio asks its clock how long to wait exactly when no task can run. Where tasks wait for I/O, the
first answer is "not at all", which makes trio look at it once; if that brings nothing, the run
waits as any other participant does. The private autojump of trio's ``MockClock`` is not needed.

A run in guest mode waits differently: its host waits in the same thread, for whatever it waits,
and trio's I/O in another. There the run has a sleeper of its own, without weight.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any

import trio

from pytest_runway.clock import active, originals
from pytest_runway.clock.dispatch import NS, exact_start, moment_of, shown
from pytest_runway.clock.ending import VirtualTimeError
from pytest_runway.clock.participants import Participant, State
from pytest_runway.clock.scheduler import UNWATCHED_S
from pytest_runway.clock.sockets import SLICE_S

if TYPE_CHECKING:
    from pytest_runway.clock.inside import ClockInside
    from pytest_runway.clock.scheduler import Scheduler


runs: dict[Any, TrioClock] = {}
"""The clocks of the runs that are going on, by trio's token."""

_LAST_ERRORS = 10
_LOOK_NS = 20_000_000
"""Real nanoseconds after which a run that only jumps looks for signals."""

_monotonic_ns = originals.by_name["monotonic_ns"]


class TrioClock(trio.abc.Clock, trio.abc.Instrument):
    """The clock of one trio run: virtual while a clock is on, real before and after."""

    def __init__(self) -> None:
        self.guest = False
        self.scope: trio.CancelScope | None = None
        self.error: BaseException | None = None
        self._clock: ClockInside | None = None
        self._start_ns = 0
        self._deadline = 0.0
        self._ahead_ns = 0
        self._sleeper: Participant | None = None
        self._token: Any = None
        self._errors = 0
        self.looked = False
        self._looked_ns = 0
        self._waited = False
        self._held = False
        self._watch = _Watch()
        self._steps: _Steps | None = None
        self._runner: Any = None

    def begin(self, scope: trio.CancelScope, token: Any) -> None:
        """Note what ends the main task of the run, and how others call into it."""
        self.scope = scope
        self._token = token
        self._runner = sys.modules["trio._core._run"].GLOBAL_RUN_CONTEXT.runner
        self._watch.files = getattr(self._runner.io_manager, "_registered", None)
        runs[token] = self

    # --- trio.abc.Clock

    def start_clock(self) -> None:
        """Do nothing: virtual time runs already."""

    def current_time(self) -> float:
        """Return the time of the run: virtual nanoseconds, or real ones ahead by what it had."""
        clock = self._clock
        if clock is active.clock and clock is not None:  # as nearly always: trio asks often
            return shown((self._start_ns + clock.scheduler.now_ns) / NS, self._deadline)
        return shown(self._now_ns() / NS, self._deadline)

    def deadline_to_sleep_time(self, deadline: float) -> float:
        """Return for how many real seconds trio may wait for I/O; wait here for virtual ones."""
        clock = self._join()
        if clock is None or self._sleeper is None:
            return deadline - self.current_time()
        if self._has_to_look(self._sleeper):
            return 0
        if getattr(self._runner, "waiting_for_idle", None):
            return math.inf  # a task is in wait_all_tasks_blocked, which trio serves by waiting
        try:
            return self._wait(clock, self._sleeper, deadline)
        except VirtualTimeError as error:
            self._end(error)
            return 0

    def _has_to_look(self, sleeper: Participant) -> bool:
        """Return whether there may be I/O that trio has not looked at since a task ran."""
        if self._watch.waits:
            self._note_steps()
            looked, self.looked = self.looked, True
            if looked:
                return False
        else:  # nothing to read, unless somebody called, or for a signal a moment old
            now_ns = _monotonic_ns()
            if not sleeper.poked and now_ns < self._looked_ns + _LOOK_NS:
                return False
            self._looked_ns = now_ns
        sleeper.poked = False
        return True

    # --- trio.abc.Instrument

    def after_run(self) -> None:
        """Leave, where the run had a sleeper of its own."""
        runs.pop(self._token, None)
        if self.guest and self._sleeper is not None and self._clock is not None:
            self._clock.scheduler.leave(self._sleeper)

    # --- waiting and waking

    def come_back(self) -> None:
        """Take part again after trio has waited."""
        sleeper, clock = self._sleeper, self._clock
        if sleeper is None or clock is None or not clock.is_on:
            return
        scheduler = clock.scheduler
        try:
            if sleeper.state is not State.WAITING:
                self._waited = False
            if self.guest:
                with scheduler.mutex:
                    scheduler.park(sleeper, None, "a trio run")
                    sleeper.interrupt = None
                scheduler.raise_pending(sleeper)
            elif sleeper.state is not State.RUNNING or sleeper.interrupt is not None:
                scheduler.reclaim(sleeper)
        except VirtualTimeError as error:
            self._end(error)
        finally:
            if self._held:
                self._held = False
                scheduler.release(None)
            if not (self.guest or self._watch.waits):
                self._drop_steps()

    def wake(self) -> None:
        """Make the run ready: somebody has sent it something to do."""
        if self._sleeper is not None and self._clock is not None and self._clock.is_on:
            self._clock.scheduler.wake(self._sleeper)

    # --- inside

    def _now_ns(self) -> int:
        clock = self._join()
        if clock is None:
            return originals.monotonic_ns() + self._ahead_ns
        return self._start_ns + clock.scheduler.now_ns

    def _join(self) -> ClockInside | None:
        """Return the clock that is on, if the run takes part; its time goes on from the last."""
        clock = active.clock
        if clock is self._clock and clock is not None:
            return clock
        if self._clock is not None:  # it has ended: real time goes on from where it stood
            last_ns = self._start_ns + self._clock.scheduler.now_ns
            self._ahead_ns = max(0, last_ns - originals.monotonic_ns())
            self._clock = self._sleeper = None
        participant = active.participant()
        if clock is None or participant is None:
            return None
        real_ns = originals.monotonic_ns() + self._ahead_ns
        self._start_ns = exact_start(max(real_ns, clock.base_ns) - clock.scheduler.now_ns)
        self._clock = clock
        self._sleeper = participant
        if self.guest:
            self._sleeper = clock.scheduler.reserve("a trio run in guest mode", weightless=True)
        return clock

    def _wait(self, clock: ClockInside, sleeper: Participant, deadline: float) -> float:
        scheduler = clock.scheduler
        if self._watch.expects(clock.patience_s):
            scheduler.hold(None)
            self._held = True
            self._note_steps()
            if not self.guest:
                scheduler.let_others_run(sleeper)
            return SLICE_S
        deadline_ns = None
        if deadline != math.inf:
            self._deadline = deadline
            now_ns = scheduler.now_ns
            deadline_ns = moment_of(deadline, start_ns=self._start_ns, now_ns=now_ns)
        self.looked = False
        if deadline_ns is not None and scheduler.jump_alone(sleeper, deadline_ns):
            return 0
        with scheduler.mutex:
            return 0 if sleeper.poked else self._park(scheduler, sleeper, deadline_ns)

    def _park(self, scheduler: Scheduler, sleeper: Participant, deadline_ns: int | None) -> float:
        sleeper.expects_io = self._watch.waits
        scheduler.park(sleeper, deadline_ns, "a trio run")
        if sleeper.state is State.RUNNING:
            scheduler.reclaim(sleeper)
            return 0
        self._note_steps()
        token = self._token
        sleeper.interrupt = lambda: _poke(token)
        if not (scheduler.is_watched or self._waited):
            self._waited = True
            return UNWATCHED_S
        scheduler.on_block()
        return math.inf

    def _note_steps(self) -> None:
        if self._steps is None:
            self._steps = _Steps(self)
            trio.lowlevel.add_instrument(self._steps)

    def _drop_steps(self) -> None:
        if self._steps is not None:
            trio.lowlevel.remove_instrument(self._steps)
            self._steps = None
            self.looked = False

    def _end(self, error: BaseException) -> None:
        """End the run with an error: its main task is cancelled and raises it."""
        self._errors += 1
        if self._errors > _LAST_ERRORS:  # something shielded goes on all the same
            raise error
        self.error = error
        if self.scope is not None:
            self.scope.cancel()


class _Steps(trio.abc.Instrument):
    """Tells a clock of the steps of its run; only once it has to know, for that costs."""

    def __init__(self, clock: TrioClock) -> None:
        self._clock = clock

    def task_scheduled(self, task: Any) -> None:  # noqa: ARG002
        self._clock.looked = False

    def after_io_wait(self, timeout: float) -> None:  # noqa: ARG002
        self._clock.come_back()


class _Watch:
    """Whether trio's tasks wait for I/O that may be on its way, and for how long they have.

    trio tells how many tasks wait for files, not for which. As many as were once waited for in
    vain (a server's listener, an idle connection) are not waited for again.
    """

    def __init__(self) -> None:
        self.files: Any = None  # by file, if trio has that where we look
        self._idle = self._seen = (1, 0)  # reading, writing: trio's own wake-up socket
        self._since = 0.0

    @property
    def waits(self) -> bool:
        """Whether any task waits for I/O at all."""
        if self.files is not None:
            return len(self.files) > 1
        return self._count() != (1, 0)

    def expects(self, patience_s: float) -> bool:
        """Return whether something real may be on its way to one of them."""
        if not self.waits:
            self._idle = (1, 0)
            return False
        waiting = self._count()
        now = originals.monotonic()
        if waiting != self._seen:
            self._seen, self._since = waiting, now
        self._idle = (min(self._idle[0], waiting[0]), min(self._idle[1], waiting[1]))
        if waiting != self._idle and now - self._since < patience_s:
            return True
        self._idle = waiting
        return False

    def _count(self) -> tuple[int, int]:
        files = trio.lowlevel.current_statistics().io_statistics
        return getattr(files, "tasks_waiting_read", 0), getattr(files, "tasks_waiting_write", 0)


def _poke(token: Any) -> None:
    run_sync_soon = type(token).run_sync_soon
    getattr(run_sync_soon, "real", run_sync_soon)(token, int, idempotent=True)
