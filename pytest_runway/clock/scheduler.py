"""Who runs, who waits, and when time jumps.

A discrete-event scheduler over real threads, conservative: time stands still while any
participant runs. A participant that becomes runnable waits for its turn until those that run
have come to wait, so that one runs at a time and interleavings repeat. When nobody runs and
nobody is ready, time jumps to the earliest deadline; ties go to the participant created first.
"""

from __future__ import annotations

import _thread
import itertools
import sys
from collections import deque
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from pytest_runway.clock import originals, stalls
from pytest_runway.clock.participants import Participant, State

if TYPE_CHECKING:
    from collections.abc import Callable

UNWATCHED_S = 0.02
"""Real seconds that somebody may wait before anybody looks whether that is right."""

_LAST = sys.maxsize
_RUNNING, _READY, _WAITING, _DISMISSED = State


class Scheduler:
    """The participants of one clock and the order in which they run."""

    def __init__(self, *, limit_ns: int) -> None:
        # Re-entrant: a signal handler or a finaliser may wake somebody in the midst of our work.
        self.mutex = _thread.RLock()
        self.now_ns = 0
        self.limit_ns = limit_ns
        self.running = 0
        self.holds = 0
        self.released = 0
        self.open = True
        self.jumps = 0
        self.waits = 0
        self.resumed = 0
        self.stalls = 0
        self.enlisted = 0
        self.everyone: dict[int, Participant] = {}
        self.seats: dict[int, Participant] = {}
        # By order of the participant: whether something has arrived that it has yet to read.
        self.mail: dict[int, Callable[[], bool]] = {}
        self.on_jump: list[Callable[[int], object]] = []
        self.is_watched = False
        self.on_block: Callable[[], object] = lambda: None
        self.explain_limit: Callable[[Participant], BaseException] = lambda _: TimeoutError()
        self.stalled: set[Participant] = set()
        self.waits_for_stalled = True
        self._ready: deque[Participant] = deque()
        self._sleepers: list[tuple[int, int, int, Participant]] = []
        self._tickets = itertools.count(1)

    # --- coming and going

    def enlist(self, name: str) -> Participant:
        """Register a participant whose thread is about to start; it is next in line."""
        with self.mutex:
            participant = self._register(name, _READY)
            self._ready.append(participant)
            self.dispatch()
        return participant

    def reserve(self, name: str, *, weightless: bool = False) -> Participant:
        """Register a participant that cannot run yet: a job in a queue; ``wake`` makes it ready.

        One without weight keeps nobody from running when its time comes, only time from passing.
        """
        with self.mutex:
            participant = self._register(name, _WAITING)
            participant.weightless = weightless
            return participant

    def admit(self, name: str, ident: int) -> Participant:
        """Register a thread that runs already."""
        with self.mutex:
            participant = self._register(name, _RUNNING)
            self.running += 1
            participant.ident = ident
            if ident == originals.thread_id():
                participant.native_id = _thread.get_native_id()
            self.seats[ident] = participant
        return participant

    def take_seat(self, participant: Participant) -> None:
        """Make the current thread the participant's, and wait for its turn."""
        ident = originals.thread_id()
        participant.ident = ident
        participant.native_id = _thread.get_native_id()
        self.seats[ident] = participant
        if participant.state is _WAITING:
            self.wake(participant)
        stalls.revive(self, participant)  # it may have been given up on its way here
        self.await_turn(participant)

    def leave(self, participant: Participant) -> None:
        """Take a participant out for good; whoever joins it is woken."""
        if participant.ident is not None and self.seats.get(participant.ident) is participant:
            del self.seats[participant.ident]
        with self.mutex:
            self._stop_running(participant)
            participant.state = _DISMISSED
            self.everyone.pop(participant.order, None)
            self.holds -= participant.held
            participant.held = 0
            for joiner in participant.joiners:
                self.wake(joiner)
            self.dispatch()

    def _register(self, name: str, state: State) -> Participant:
        participant = Participant(name, self.enlisted, state=state)
        self.enlisted += 1
        self.everyone[participant.order] = participant
        return participant

    @property
    def events(self) -> int:
        """A number that changes whenever somebody waits or goes on, or a hold is taken back."""
        return self.waits + self.resumed + self.released

    # --- waiting

    def wait(self, participant: Participant, deadline_ns: int | None, doing: str) -> bool:
        """Let the current thread wait; return whether its deadline came first.

        Raises whatever the clock decided to raise into it. When the clock is over, returns at
        once: the caller looks at ``open``.
        """
        if deadline_ns is not None and self.jump_alone(participant, deadline_ns):
            return True
        with self.mutex:
            if not self.open:
                return False
            self.park(participant, deadline_ns, doing)
        self.await_turn(participant)
        return participant.timed_out

    def park(self, participant: Participant, deadline_ns: int | None, doing: str) -> None:
        """Note that a participant waits, and let the next one run. The mutex is held."""
        self._stop_running(participant)
        participant.state = _WAITING
        participant.doing = doing
        participant.deadline_ns = deadline_ns
        participant.ticket = next(self._tickets)
        participant.timed_out = participant.poked = False
        self.waits += 1
        if deadline_ns is not None:
            rank = _LAST if participant.yields else participant.order
            entry = (deadline_ns, rank, participant.ticket, participant)
            heappush(self._sleepers, entry)
        self.dispatch()

    def reclaim(self, participant: Participant) -> None:
        """Let a participant go on that something outside of virtual time has woken."""
        with self.mutex:
            participant.interrupt = None
            if participant.state is _WAITING:
                self._resume(participant)
        self.await_turn(participant)

    def wake(self, participant: Participant) -> None:
        """Make a waiting participant ready. Safe from any thread, and from signal handlers."""
        with self.mutex:
            if participant.state is _WAITING:
                participant.state = _READY
                self._ready.append(participant)
                self.dispatch()
            else:
                participant.poked = True

    def throw(self, participant: Participant, error: BaseException) -> None:
        """Wake a waiting participant with an exception."""
        with self.mutex:
            participant.error = error
            self.wake(participant)

    def await_turn(self, participant: Participant) -> None:
        """Block the current thread until its participant runs again."""
        try:
            while participant.state is _READY or participant.state is _WAITING:
                if self.is_watched or not participant.gate.acquire(timeout=UNWATCHED_S):
                    self.on_block()
                    participant.gate.acquire()
        except BaseException:  # a signal handler raised
            with self.mutex:
                self.go_on(participant)
            raise
        self.raise_pending(participant)

    def go_on(self, participant: Participant) -> None:
        """Let a participant run, turn or no turn. The mutex is held."""
        if participant.state is _READY:
            self._ready.remove(participant)
        if participant.state in (_READY, _WAITING):
            self._resume(participant)

    def raise_pending(self, participant: Participant) -> None:
        """Raise what was decided to be raised into the current participant, if anything."""
        if participant.overdue:
            participant.overdue = False
            raise self.explain_limit(participant)
        if participant.error is not None:
            error, participant.error = participant.error, None
            raise error

    def let_others_run(self, participant: Participant) -> None:
        """Put the current participant at the end of the line of those that are ready."""
        self.park_ready(participant)
        self.await_turn(participant)

    def park_ready(self, participant: Participant) -> None:
        """Note that a participant could run on but lets those before it run first."""
        with self.mutex:
            self._stop_running(participant)
            participant.state = _READY
            self._ready.append(participant)
            self.dispatch()

    def jump_alone(self, participant: Participant, deadline_ns: int) -> bool:
        """Jump, if the current participant is the only one who could want it otherwise."""
        if self.running != 1 or self._ready or self.holds or self.stalled or self.mail:
            return False
        with self.mutex:
            self._drop_stale_sleepers()
            first_ns = self._sleepers[0][0] if self._sleepers else deadline_ns + 1
            if self.running != 1 or self._ready or not self.open or participant.poked:
                return False
            if participant.stalled or deadline_ns > self.limit_ns or deadline_ns >= first_ns:
                return False
            self.waits += 1
            participant.wakes += 1
            self._jump(deadline_ns)
            return True

    def pass_time(self, to_ns: int) -> None:
        """Let time go on, whoever runs, as far as no sleeper is passed by."""
        with self.mutex:
            self._drop_stale_sleepers()
            first_ns = self._sleepers[0][0] if self._sleepers else to_ns
            self._jump(min(to_ns, first_ns, self.limit_ns))

    def next_deadline_ns(self, own_ns: int | None) -> int | None:
        """Return when the first sleeper wakes, or when the caller does who is about to sleep."""
        with self.mutex:
            self._drop_stale_sleepers()
            first_ns = self._sleepers[0][0] if self._sleepers else None
        return min((ns for ns in (first_ns, own_ns) if ns is not None), default=None)

    # --- holds

    def hold(self, owner: Participant | None) -> None:
        """Forbid jumps until as many ``release`` have come."""
        with self.mutex:
            self.holds += 1
            if owner is not None:
                owner.held += 1

    def release(self, owner: Participant | None) -> None:
        """Take one hold back."""
        with self.mutex:
            if owner is not None:
                if not owner.held:  # the owner left, and its holds with it
                    return
                owner.held -= 1
            self.holds -= 1
            self.released += 1
            self.dispatch()

    # --- the choice

    def _stop_running(self, participant: Participant) -> None:
        if participant.state is _RUNNING:
            if participant.stalled:
                stalls.forget(self, participant)
            elif participant.weightless:
                self.holds -= 1
            else:
                self.running -= 1
        elif participant.state is _READY:
            self._ready.remove(participant)

    def dispatch(self) -> None:
        """Let those run whose turn it is; jump if nobody is left. The mutex is held."""
        while self.running == 0 and self.open:
            if self._ready:
                self._resume(self._ready.popleft())
                continue
            self._drop_stale_sleepers()
            if self.holds or not self._sleepers or stalls.forbid_jumps(self):
                return
            if any(look() for look in self.mail.values()):
                return  # its reader is about to take it, and goes on from there
            deadline_ns, _, _, participant = heappop(self._sleepers)
            participant.overdue = deadline_ns > self.limit_ns
            participant.timed_out = not participant.overdue
            self._jump(min(deadline_ns, self.limit_ns))
            self._resume(participant)

    def _drop_stale_sleepers(self) -> None:
        while self._sleepers:
            _, _, ticket, participant = self._sleepers[0]
            if participant.ticket == ticket and participant.state is _WAITING:
                return
            heappop(self._sleepers)

    def _jump(self, to_ns: int) -> None:
        if to_ns > self.now_ns:
            self.now_ns = to_ns
            self.jumps += 1
            for told in self.on_jump:
                told(to_ns)

    def _resume(self, participant: Participant) -> None:
        participant.state = _RUNNING
        self.resumed += 1
        participant.wakes += 1
        if participant.weightless:
            self.holds += 1
        else:
            self.running += 1
        if participant.gate.locked():
            participant.gate.release()
        if participant.interrupt is not None:
            participant.interrupt()

    # --- the end

    def close(self) -> None:
        """Let everybody go."""
        with self.mutex:
            self.open = False
            self.seats.clear()
            for participant in self.everyone.values():
                if participant.state in (_READY, _WAITING):
                    participant.timed_out = False
                    if participant.gate.locked():
                        participant.gate.release()
                    if participant.interrupt is not None:
                        participant.interrupt()
                participant.state = _DISMISSED
            self.everyone.clear()
