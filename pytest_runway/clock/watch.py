"""The watch: a real thread that looks whether virtual time is stuck, and why.

The scheduler knows only what it is told. A participant may block in C, where nothing tells it;
may turn in a loop that never waits; or all may wait for each other. The watch looks every few
milliseconds, and only while somebody waits for somebody else. It is not a ``threading.Thread``:
nobody who counts threads should see it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pytest_runway.clock import originals, stalls
from pytest_runway.clock.exempt import keeps_real_time, waits_for_children
from pytest_runway.clock.participants import Participant, State
from pytest_runway.clock.report import deadlocked
from pytest_runway.clock.sampling import BLOCKED_S, Sample, is_runnable, waits_outside

if TYPE_CHECKING:
    from types import FrameType

    from pytest_runway.clock.inside import ClockInside

TICK_S = 0.01
"""Real seconds between two looks, where nothing seems to move."""

LONG_TICK_S = 0.04
"""Likewise, where participants come and go."""

SPINNING = 2.5
"""In units of the clock's patience: how long a thread may turn in one loop of one function."""

DEADLOCK = 0.5
"""Likewise, until a deadlock is called one, when nobody is left to break it."""

UNSURE_DEADLOCK = 15.0
"""Likewise, while something outside of virtual time might: a thread, a socket, a hold."""

_IDLE_AFTER_TICKS = 20


class Watch:
    """Looks after one clock from the moment on at which somebody first waits for somebody."""

    def __init__(self, clock: ClockInside) -> None:
        self._clock = clock
        self._scheduler = clock.scheduler
        self._samples: dict[int, Sample] = {}
        self._events = -1
        self._quiet_since = 0.0
        self._ended = False
        self._asleep = False
        self._bell = originals.allocate_lock()
        self._gone = originals.allocate_lock()
        self._ident: int | None = None

    def begin(self) -> None:
        """Start looking."""
        self._scheduler.is_watched = True
        self._bell.acquire()
        self._gone.acquire()
        originals.start_thread(self._run, ())

    def stop(self, *, wait: bool) -> None:
        """Stop looking; wait for the thread to end, if asked to."""
        self._ended = True
        self._ring()
        if wait:
            self._gone.acquire(timeout=1)

    def look_again(self) -> None:
        """Wake the watch, if it has gone to sleep because nobody waited for anybody."""
        if self._asleep:
            self._ring()

    def _ring(self) -> None:
        with self._scheduler.mutex:
            self._asleep, self._scheduler.is_watched = False, not self._ended
            if self._bell.locked():
                self._bell.release()

    def _run(self) -> None:
        self._ident = originals.thread_id()
        pause = TICK_S
        try:
            while True:
                before = originals.monotonic()
                if self._asleep:
                    self._bell.acquire()
                else:
                    self._bell.acquire(timeout=pause)
                if self._ended:
                    return
                now = originals.monotonic()
                if now - before > pause + 2 * TICK_S:  # we were starved, so they may have been
                    self._start_over(now)
                pause = self._look(now)
        finally:
            self._gone.release()

    def _start_over(self, now: float) -> None:
        self._quiet_since = now
        for sample in self._samples.values():
            sample.since = now

    def _look(self, now: float) -> float:
        """Look once; return how many real seconds to wait until the next time."""
        scheduler = self._scheduler
        with scheduler.mutex:
            quiet, self._events = scheduler.events == self._events, scheduler.events
            everyone = list(scheduler.everyone.values())
            self._asleep = len(everyone) == 1 and everyone[0].state is State.RUNNING
            scheduler.is_watched = not self._asleep
        if not quiet:
            self._quiet_since = now
            if not scheduler.stalled:
                self._samples.clear()
                return LONG_TICK_S
        self._look_at(everyone, now, quiet=quiet)
        return TICK_S

    def _look_at(self, everyone: list[Participant], now: float, *, quiet: bool) -> None:
        frames = sys._current_frames()  # noqa: SLF001
        runners = [p for p in everyone if p.state is State.RUNNING and not p.weightless]
        for participant in runners:
            self._sample(participant, frames, now)
        if not quiet:
            return
        for participant in runners:
            self._judge(participant, now)
        if all(participant.stalled for participant in runners):
            self._let_go_or_give_up(runners, everyone, frames, now)

    def _sample(self, participant: Participant, frames: dict[int, FrameType], now: float) -> None:
        """Note where a participant is; one that was seen blocked and has moved runs again."""
        thread = participant.thread
        dead = thread is not None and not thread.is_alive()  # its ident may live on in another
        if dead or (participant.ident is not None and participant.ident not in frames):
            self._scheduler.leave(participant)  # its thread ended without a word
            return
        known = self._samples.get(participant.order)
        sample = Sample.of(frames.get(participant.ident or 0), now)
        if known is not None and known.continues_in(sample, spinning=participant.spinning):
            known.ticks += 1
            known.runnable = known.runnable or is_runnable(participant.native_id)
            known.active = known.active or known.runnable
            return
        self._samples[participant.order] = sample
        if participant.stalled:
            stalls.revive(self._scheduler, participant)

    def _judge(self, participant: Participant, now: float) -> None:
        """Set aside a participant that has been in one place in C, or in one loop, too long."""
        sample = self._samples.get(participant.order)
        if sample is None or participant.stalled:
            return
        patience_s = self._clock.patience_s
        waits = waits_outside(sample) or self._is_unseen(participant)
        limit_s = patience_s if waits else min(BLOCKED_S, patience_s)
        if sample.active and now - sample.loop_since > SPINNING * patience_s:
            participant.spinning = True
        elif sample.runnable:
            sample.runnable, sample.since = False, now
            return
        elif now - sample.since < limit_s:
            return
        stalls.set_aside(self._scheduler, participant, self._events)

    def _is_unseen(self, participant: Participant) -> bool:
        """Return whether a participant starts a thread or a job: late only where all are."""
        ident = participant.ident
        return ident is not None and self._scheduler.seats.get(ident) is not participant

    def _let_go_or_give_up(
        self,
        stalled: list[Participant],
        everyone: list[Participant],
        frames: dict[int, FrameType],
        now: float,
    ) -> None:
        """Nobody runs. Let one sleeper wake, or say that there is none."""
        scheduler = self._scheduler
        for participant in stalled:
            sample = self._samples.get(participant.order)
            if sample is None or participant.spinning:
                continue
            longest_s = SPINNING * self._clock.patience_s
            if is_runnable(participant.native_id) and now - sample.since < longest_s:
                return  # nothing blocks it any more: on a busy machine it has yet to get a core
            participant.idle = sample.ticks > _IDLE_AFTER_TICKS
        if stalls.let_one_wake(scheduler, self._events):
            return
        patience = DEADLOCK if self._is_certain(everyone, frames) else UNSURE_DEADLOCK
        if everyone and now - self._quiet_since > patience * self._clock.patience_s:
            self._quiet_since = now
            self._give_up(everyone)

    def _is_certain(self, everyone: list[Participant], frames: dict[int, FrameType]) -> bool:
        """Return whether nobody outside of virtual time could wake a participant."""
        if self._scheduler.holds or any(
            p.expects_io or p.doing == "an exempt block" for p in everyone
        ):
            return False
        inside = {p.ident for p in everyone} | {self._ident}
        return all(_is_harness(frame) for ident, frame in frames.items() if ident not in inside)

    def _give_up(self, everyone: list[Participant]) -> None:
        waiting = [p for p in everyone if p.state is State.WAITING and p.ident is not None]
        owner = self._clock.owner
        victim = owner if owner in waiting else next(iter(waiting), None)
        if victim is not None:
            error = deadlocked(self._clock, waiting)
            if victim is not owner:
                self._clock.failure = error
            self._scheduler.throw(victim, error)


def _is_harness(frame: FrameType | None) -> bool:
    """Return whether a thread belongs to pytest and its plugins, which wake nobody."""
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if keeps_real_time(module):
            return not waits_for_children(module)
        frame = frame.f_back
    return False
