"""The virtual clock: seven days in no time."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_runway.clock import (
    active,
    dispatch,
    early,
    farewell,
    forks,
    hooks,
    loop_time,
    loops,
    originals,
)
from pytest_runway.clock.dispatch import NS
from pytest_runway.clock.inside import ClockInside
from pytest_runway.clock.patching import Patches
from pytest_runway.clock.report import outlived
from pytest_runway.clock.watch import Watch
from pytest_runway.durations import milliseconds
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.clock.participants import Participant
    from pytest_runway.durations import Duration

_FAREWELL_S = 0.25
"""Real seconds that those who are ready get at the end, to come to where they wait."""


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


class VirtualClock(ClockInside):
    """A clock that stands still while anyone works and jumps when all wait.

    ``start`` makes the current thread its first participant; threads, tasks and jobs that a
    participant starts take part too. ``limit`` bounds it: a wait that goes beyond raises
    ``VirtualTimeLimit`` where it happens. ``patience`` is how long time stands, in real time, for
    what lives outside of it: an answer from a socket, a process, code in C. With ``datetime``,
    ``datetime.now`` goes along, process-wide; that takes the extra of that name.

    ``on_limit`` may be set to a function whose text is added to a ``VirtualTimeLimit``.
    """

    _ahead_ns = 0  # what ``time.monotonic`` has gained: the next clock does not run backwards

    def __init__(
        self, *, limit: Duration = "7d", patience: Duration = "2s", datetime: bool = False
    ) -> None:
        super().__init__(limit_ms=milliseconds(limit), patience_s=milliseconds(patience) / 1_000)
        self.scheduler.on_block = self._look_after
        self._datetime = datetime
        self._watch: Watch | None = None
        self._rebound = Patches()
        self._pace: tuple[int, int] | None = None  # real and virtual, since when
        self._installed = False

    # --- on and off

    def start(self) -> None:
        """Switch virtual time on; the current thread becomes its first participant.

        Raises:
            UsageError: while another clock is on; when this one was used before; in an event loop
                whose time cannot be virtual; for ``datetime`` without its extra.
        """
        if active.clock is not None:
            raise UsageError(
                "virtual time is already on in this process: use the clock that is on, "
                "or stop it first; there can be only one"
            )
        if self.owner is not None:
            raise UsageError("this clock was started before: make a new VirtualClock")
        loops.check_running_loop()
        self.wall.begin()
        self.base_ns = dispatch.exact_start(originals.monotonic_ns() + VirtualClock._ahead_ns)
        if self._datetime:
            self.wall.follow(self.scheduler)
        self._installed = early.install_dispatchers()
        if self._installed:
            early.rebind(self._rebound)
        dispatch.install(self._rebound)
        hooks.install()
        forks.watch()
        self.owner = self._admit()
        active.seats = self.scheduler.seats
        active.clock = self
        loops.take_in_running_loop(self)

    def stop(self) -> tuple[str, ...]:
        """Switch virtual time off; return a line for each sleeper that outlived it.

        Such a sleeper is ended, but for daemon threads, which sleep on in real time. Whoever
        waits for an event goes on waiting, in real time.
        """
        if active.clock is not self:
            return ()
        scheduler = self.scheduler
        try:
            if self.owner is not None and active.participant() is self.owner:
                farewell.let_others_finish(scheduler, self.owner, _FAREWELL_S)
            return tuple(outlived(self, sleeper) for sleeper in farewell.sleepers(scheduler))
        finally:
            active.clock = None
            active.seats = {}
            scheduler.close()
            self.pause_watch(wait=False)
            real_ns = originals.monotonic_ns()
            ahead_ns = self.base_ns + scheduler.now_ns - real_ns
            loops_ahead_ns = loop_time.settle(self, real_ns)
            VirtualClock._ahead_ns = max(VirtualClock._ahead_ns, ahead_ns, loops_ahead_ns)
            self._take_back()

    def abandon(self) -> None:
        """Forget everything in the child of a fork, where none of the other threads lives."""
        active.clock = None
        active.seats = {}
        self.scheduler.open = False
        self._take_back()

    def pause_watch(self, *, wait: bool) -> None:
        """Let the watch's thread end; it comes back when somebody waits for somebody."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.stop(wait=wait)

    # --- reading

    @property
    def now(self) -> float:
        """The virtual time as Unix seconds."""
        return (self.wall.start_ns + self.scheduler.now_ns) / NS

    @property
    def now_ms(self) -> int:
        """The virtual time as Unix milliseconds, rounded down."""
        return (self.wall.start_ns + self.scheduler.now_ns) // 1_000_000

    @property
    def elapsed(self) -> float:
        """The virtual seconds since the start."""
        return self.scheduler.now_ns / NS

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
        """Move time forward; those who sleep until then wake on the way, in their order.

        In a task it blocks the event loop, so that tasks of the same loop wake only afterwards:
        there, await ``asleep``.
        """
        frame = sys._getframe(1)  # noqa: SLF001
        with self.taking_part() as participant:
            # Whoever sleeps until the same moment wakes first.
            participant.yields = True
            try:
                self.sleep_here(participant, milliseconds(seconds) * 1_000_000, frame)
            finally:
                participant.yields = False

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

    def pace_ms(self) -> tuple[int, int]:
        """Return since when somebody in real time asks this, and where time would be by now.

        Both in virtual Unix milliseconds, for who answers a program that lives in real time. Where
        virtual time was faster, it counts from there.
        """
        now_ns, real_ns = self.scheduler.now_ns, originals.monotonic_ns()
        if self._pace is None or self._pace[1] + real_ns - self._pace[0] < now_ns:
            self._pace = real_ns, now_ns
        began_ns = self.wall.start_ns + self._pace[1]
        return began_ns // 1_000_000, (began_ns + real_ns - self._pace[0]) // 1_000_000

    def pass_time(self, to_ms: int) -> bool:
        """Let time go on to a moment, whoever runs; return whether it is there.

        Not past anybody who sleeps: they wake first, once nobody runs.
        """
        self.scheduler.pass_time(to_ms * 1_000_000 - self.wall.start_ns)
        return to_ms <= self.now_ms

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let no time pass while inside: something real is on its way.

        A thread that itself sleeps inside gives its hold up for as long as it sleeps.
        """
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
        with self.outside(participant, held=False):
            yield

    @contextmanager
    def taking_part(self) -> Iterator[Participant]:
        """Make the current thread a participant while inside, if it is none."""
        participant = active.participant()
        if participant is not None:
            yield participant
            return
        if not self.is_on:
            raise UsageError("this clock is not on: start it, or use it as a context manager")
        participant = self._admit()
        try:
            yield participant
        finally:
            self.scheduler.leave(participant)

    def join_current_thread(self) -> None:
        """Make the current thread a participant, as whoever talks to the fake is."""
        if self.is_on and active.participant() is None:
            self._admit()

    # --- inside

    def _admit(self) -> Participant:
        thread = threading.current_thread()
        participant = self.scheduler.admit(thread.name, originals.thread_id())
        participant.thread = thread
        return participant

    def _look_after(self) -> None:
        with self.scheduler.mutex:
            if self._watch is not None:
                self._watch.look_again()
            elif self.is_on:
                self._watch = Watch(self)
                self._watch.begin()

    def _take_back(self) -> None:
        hooks.uninstall()
        self._rebound.undo()
        if self._installed:
            early.uninstall_dispatchers()
        self.wall.end()
