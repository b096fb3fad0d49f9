"""The virtual clock: seven days in no time."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_runway.clock import active, early, hooks, loop_time, loops, originals, stalls
from pytest_runway.clock.dispatch import NS
from pytest_runway.clock.ending import VirtualTimeOver
from pytest_runway.clock.patching import Patches
from pytest_runway.clock.report import limit_reached, outlived
from pytest_runway.clock.scheduler import Scheduler
from pytest_runway.clock.watch import Watch
from pytest_runway.durations import milliseconds
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from pytest_runway.clock.participants import Participant
    from pytest_runway.durations import Duration

_CLEANUP_NS = 600 * NS
"""What code may wait for beyond the limit, in its cleanup, before it hears of it again."""

_FAREWELL_S = 0.25
"""Real seconds that those who are ready get at the end, to come to where they wait."""

_FREE_READS = 10_000
_FREE_GLANCES = 8
_SMALL_STEPS = 50_000


@dataclass(frozen=True, slots=True)
class Stats:
    """What a clock has done so far.

    ``jumps`` of time, ``waits`` of participants, ``participants``, and ``stalls``: how often one
    of them was blocked where only a look from outside could tell.
    """

    jumps: int
    waits: int
    participants: int
    stalls: int


class VirtualClock:
    """A clock that stands still while anyone works and jumps when all wait.

    ``start`` makes the current thread its first participant; threads, tasks and jobs that a
    participant starts take part too. ``limit`` bounds it: a wait that goes beyond raises
    ``VirtualTimeLimit`` where it happens. ``patience`` is how long time stands, in real time, for
    what lives outside of it: an answer from a socket, a process, code in C. ``on_limit`` may be
    set to a function whose text is added to that error. ``failure`` is what was raised into
    another thread than the owner's, where it may have got lost.
    """

    _ahead_ns = 0  # what ``time.monotonic`` has gained: the next clock does not run backwards

    def __init__(self, *, limit: Duration = "7d", patience: Duration = "2s") -> None:
        self.limit_ms = milliseconds(limit)
        self.patience_s = milliseconds(patience) / 1_000
        self.on_limit: Callable[[], str] | None = None
        self.failure: BaseException | None = None
        self.wall_ns = originals.wall_ns()
        self.base_ns = originals.monotonic_ns()
        self.scheduler = Scheduler(limit_ns=self.limit_ms * 1_000_000)
        self.scheduler.explain_limit = self._limit_reached
        self._watch = Watch(self)
        self.scheduler.on_block = self._watch.begin
        self.owner: Participant | None = None
        self._installed = False
        self._rebound = Patches()

    # --- on and off

    def start(self) -> None:
        """Switch virtual time on; the current thread becomes its first participant.

        Raises:
            UsageError: while another clock is on, or when this one was used before.
        """
        if active.clock is not None:
            raise UsageError(
                "virtual time is already on in this process: use the clock that is on, "
                "or stop it first; there can be only one"
            )
        if not self.scheduler.open or self.owner is not None:
            raise UsageError("this clock was started before: make a new VirtualClock")
        self._installed = early.install_dispatchers()
        if self._installed:
            early.rebind(self._rebound)
        self.wall_ns = originals.wall_ns()
        self.base_ns = originals.monotonic_ns() + VirtualClock._ahead_ns
        hooks.install()
        self.owner = self.scheduler.admit(_thread_name(), originals.thread_id())
        active.seats = self.scheduler.seats
        active.clock = self
        loops.take_in_running_loop(self)

    def stop(self) -> tuple[str, ...]:
        """Switch virtual time off; return a line for each sleeper that outlived it.

        Whoever still sleeps is ended; whoever waits for an event goes on waiting, in real time.
        """
        if active.clock is not self:
            return ()
        scheduler = self.scheduler
        if self.owner is not None and active.participant() is self.owner:
            scheduler.let_others_finish(self.owner, _FAREWELL_S)
        late = [outlived(self, sleeper) for sleeper in scheduler.sleepers()]
        active.clock = None
        active.seats = {}
        try:
            scheduler.close()
        finally:
            self._watch.stop()
            loop_time.settle(self)
            ahead_ns = self.base_ns + self.scheduler.now_ns - originals.monotonic_ns()
            VirtualClock._ahead_ns = max(VirtualClock._ahead_ns, ahead_ns)
            hooks.uninstall()
            self._rebound.undo()
            if self._installed:
                early.uninstall_dispatchers()
        return tuple(late)

    # --- reading

    @property
    def now(self) -> float:
        """The virtual time as Unix seconds."""
        return (self.wall_ns + self.scheduler.now_ns) / NS

    @property
    def elapsed(self) -> float:
        """The virtual seconds since the start."""
        return self.scheduler.now_ns / NS

    @property
    def elapsed_ms(self) -> int:
        """The virtual milliseconds since the start, rounded down."""
        return self.scheduler.now_ns // 1_000_000

    @property
    def stats(self) -> Stats:
        """What the clock has done so far."""
        scheduler = self.scheduler
        return Stats(scheduler.jumps, scheduler.waits, scheduler.enlisted, scheduler.stalls)

    # --- moving

    def sleep(self, seconds: Duration) -> None:
        """Wait for a virtual duration, whoever calls; others may run meanwhile."""
        frame = sys._getframe(1)  # noqa: SLF001
        with self.taking_part() as participant:
            self.sleep_here(participant, milliseconds(seconds) * 1_000_000, frame)

    def advance(self, seconds: Duration) -> None:
        """Move time forward; those who sleep until then wake on the way, in their order."""
        frame = sys._getframe(1)  # noqa: SLF001
        with self.taking_part() as participant:
            self.sleep_here(participant, milliseconds(seconds) * 1_000_000, frame)

    async def asleep(self, seconds: Duration) -> None:
        """Wait for a virtual duration in a task; others may run meanwhile.

        The same as ``anyio.sleep``, ``asyncio.sleep`` and ``trio.sleep``, with the units of
        ``Duration``.
        """
        delay = milliseconds(seconds) / 1_000
        trio = sys.modules.get("trio")
        if trio is not None and trio.lowlevel.in_trio_run():
            await trio.sleep(delay)
        else:
            import asyncio

            await asyncio.sleep(delay)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let no time pass while inside: something real is on its way."""
        owner = active.participant()
        self.scheduler.hold(owner)
        try:
            yield
        finally:
            self.scheduler.release(owner)

    @contextmanager
    def exempt(self) -> Iterator[None]:
        """Let the current thread live in real time while inside; nobody waits for it."""
        participant = active.participant()
        if participant is None:
            yield
            return
        scheduler = self.scheduler
        with self.unseen(participant):
            with scheduler.mutex:
                scheduler.park(participant, None, "an exempt block")
            try:
                yield
            finally:
                scheduler.reclaim(participant)

    @contextmanager
    def taking_part(self) -> Iterator[Participant]:
        """Make the current thread a participant while inside, if it is none."""
        participant = active.participant()
        if participant is not None:
            yield participant
            return
        if active.clock is not self:
            raise UsageError("this clock is not on: start it, or use it as a context manager")
        participant = self.scheduler.admit(_thread_name(), originals.thread_id())
        try:
            yield participant
        finally:
            self.scheduler.leave(participant)

    def join_current_thread(self) -> None:
        """Make the current thread a participant, as whoever talks to the fake is."""
        if active.clock is self and active.participant() is None:
            self.scheduler.admit(_thread_name(), originals.thread_id())

    # --- for the hooks

    @property
    def is_on(self) -> bool:
        """Whether this is the clock of the process at the moment."""
        return active.clock is self

    def take_part(self, participant: Participant) -> None:
        """Make the current thread the participant's, and wait for its turn."""
        if self.is_on:
            self.scheduler.take_seat(participant)

    @contextmanager
    def unseen(self, participant: Participant) -> Iterator[None]:
        """Let the current thread's calls be real, while time still stands for it."""
        seats, ident = self.scheduler.seats, originals.thread_id()
        seats.pop(ident, None)
        try:
            yield
        finally:
            if self.is_on:
                seats[ident] = participant

    @contextmanager
    def waiting_for_real(self, participant: Participant) -> Iterator[None]:
        """Let others run, and no time pass, while the current thread waits for something real."""
        self.scheduler.hold(participant)
        try:
            with self.exempt():
                yield
        finally:
            self.scheduler.release(participant)

    def sleep_here(self, participant: Participant, duration_ns: int, caller: FrameType) -> None:
        """Let the current participant sleep on behalf of the code of ``caller``."""
        scheduler = self.scheduler
        code, line, start_ns = caller.f_code, caller.f_lineno, scheduler.now_ns
        own_holds, participant.held = participant.held, 0
        scheduler.holds -= own_holds
        try:
            scheduler.wait(participant, start_ns + duration_ns, "time.sleep")
            participant.slept_at(code, line, start_ns)
        finally:
            participant.held = own_holds
            scheduler.holds += own_holds
        if not scheduler.open:
            if not participant.daemon:
                raise VirtualTimeOver
            originals.sleep((start_ns + duration_ns - scheduler.now_ns) / NS)

    def read(self, participant: Participant) -> int:
        """Return the nanoseconds since the start, to code that looks at the time.

        A loop that does nothing but look would never end. So from the 10,000th look at one moment
        on, each look costs a millisecond, and after 50,000 of those a second.
        """
        scheduler = self.scheduler
        if participant.stalled:
            stalls.revive(scheduler, participant)
        if participant.read_ns != scheduler.now_ns:
            participant.read_ns = scheduler.now_ns
            participant.reads = participant.glances = 0
        participant.reads += 1
        if participant.reads > _FREE_READS:
            participant.reads = _FREE_READS
            participant.spins += 1
            step_ns = 1_000_000 if participant.spins < _SMALL_STEPS else NS
            scheduler.wait(participant, scheduler.now_ns + step_ns, "a busy loop")
            participant.read_ns = scheduler.now_ns
        return scheduler.now_ns

    def glance(self, participant: Participant) -> None:
        """Count a wait of no time; the ninth at one moment takes a nanosecond.

        ``concurrent.futures.as_completed`` gives up only *after* its deadline: woken exactly on
        it, it waits for zero seconds, again and again.
        """
        scheduler = self.scheduler
        if participant.read_ns != scheduler.now_ns:
            participant.read_ns = scheduler.now_ns
            participant.reads = participant.glances = 0
        participant.glances += 1
        if participant.glances > _FREE_GLANCES:
            scheduler.wait(participant, scheduler.now_ns + 1, "a wait of no time")

    def _limit_reached(self, participant: Participant) -> BaseException:
        error = limit_reached(self, participant, loops.running_loop())
        if participant is not self.owner:
            self.failure = error
        self.scheduler.limit_ns = self.scheduler.now_ns + _CLEANUP_NS
        return error


def _thread_name() -> str:
    import threading

    return threading.current_thread().name
