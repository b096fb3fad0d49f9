"""The side of a virtual clock that its hooks see: sleeps, readings, who takes part."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_runway.clock import active, loops, originals, stalls
from pytest_runway.clock.dispatch import NS
from pytest_runway.clock.ending import VirtualTimeOver
from pytest_runway.clock.report import limit_reached
from pytest_runway.clock.scheduler import Scheduler
from pytest_runway.clock.travel import Wall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from pytest_runway.clock.participants import Participant

_CLEANUP_NS = 600 * NS
"""What code may wait for beyond the limit, in its cleanup, before it hears of it again."""

_FREE_READS = 10_000
_FREE_GLANCES = 8
_SMALL_STEPS = 50_000


class ClockInside:
    """What the stand-ins for sleeps, clocks, threads and loops ask of the clock that is on.

    ``base_ns`` is what ``time.monotonic`` showed at the start. ``failure`` is what was raised into
    another thread than the owner's, where it may have got lost.
    """

    def __init__(self, *, limit_ms: int, patience_s: float) -> None:
        self.limit_ms = limit_ms
        self.patience_s = patience_s
        self.on_limit: Callable[[], str] | None = None
        self.failure: BaseException | None = None
        self.owner: Participant | None = None
        self.base_ns: int = 0
        self.wall: Wall = Wall()
        self.scheduler = Scheduler(limit_ns=limit_ms * 1_000_000)
        self.scheduler.explain_limit = self._limit_reached

    @property
    def is_on(self) -> bool:
        """Whether this is the clock of the process at the moment."""
        return active.clock is self

    @property
    def elapsed_ms(self) -> int:
        """The virtual milliseconds since the start, rounded down."""
        return self.scheduler.now_ns // 1_000_000

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
    def outside(self, participant: Participant, *, held: bool) -> Iterator[None]:
        """Let the current thread live in real time; nobody waits for it, but time if ``held``."""
        scheduler = self.scheduler
        if held:
            scheduler.hold(participant)
        try:
            with self.unseen(participant):
                with scheduler.mutex:
                    scheduler.park(participant, None, "an exempt block")
                try:
                    yield
                finally:
                    scheduler.reclaim(participant)
        finally:
            if held:
                scheduler.release(participant)

    def _limit_reached(self, participant: Participant) -> BaseException:
        error = limit_reached(self, participant, loops.running_loop())
        if participant is not self.owner:
            self.failure = error
        self.scheduler.limit_ns = self.scheduler.now_ns + _CLEANUP_NS
        return error
