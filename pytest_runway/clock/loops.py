# ruff: noqa: SLF001 - asyncio has no public place to wait differently
"""asyncio: a loop that waits is a participant that waits.

A selector event loop spends every wait in its selector's ``select``. That is where this comes in,
for whichever loop runs in a participant's thread: new or older than the clock, subclassed,
patched by nest_asyncio, started by anyio or pytest-asyncio.
"""

from __future__ import annotations

import selectors
import sys
import weakref
from typing import TYPE_CHECKING, Any

from pytest_runway.clock import active, children, loop_time, originals
from pytest_runway.clock.dispatch import NS
from pytest_runway.clock.participants import State
from pytest_runway.clock.scheduler import UNWATCHED_S
from pytest_runway.clock.sockets import SLICE_S, Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.clock.inside import ClockInside
    from pytest_runway.clock.participants import Participant
    from pytest_runway.clock.patching import Patches

_KINDS = (
    "EpollSelector", "KqueueSelector", "DevpollSelector", "PollSelector", "SelectSelector",
)  # fmt: skip
_LOOK_NS = 2_000_000
"""Real nanoseconds after which a loop that only turns or jumps looks for signals."""

_FREE_TURNS = 10_000
_SMALL_STEPS = 50_000


class _Seat:
    """One event loop under one clock: the participant whose thread runs it."""

    def __init__(self, clock: ClockInside, participant: Participant, loop: Any) -> None:
        self.clock = clock
        self.participant = participant
        self.loop = loop
        self.idle_turns = 0
        self.turn_ns = -1
        self.watch = Watch(own_fd=_wakeup_fd(loop), patience_s=clock.patience_s)
        self.children = children.Wait(clock, loop)
        self.files = loop._selector.get_map()
        self.looked_ns = 0
        real = _real_write_to_self(loop)
        self.interrupt: Callable[[], None] = lambda: real(loop)

    def may_skip_look(self) -> bool:
        """Return whether there cannot be anything to read, but for a signal a moment old."""
        now_ns = _monotonic_ns()
        if (
            len(self.files) < 2
            and not self.participant.poked
            and now_ns < self.looked_ns + _LOOK_NS
        ):
            return True
        self.looked_ns = now_ns
        self.participant.poked = False
        return False

    def spins(self) -> bool:
        """Count a turn of the loop that waits for nothing; return whether there are too many."""
        now_ns = self.clock.scheduler.now_ns
        if self.turn_ns != now_ns:
            self.turn_ns = now_ns
            self.idle_turns = 0
        self.idle_turns += 1
        return self.idle_turns > _FREE_TURNS


_monotonic_ns = originals.by_name["monotonic_ns"]
_thread_id = originals.thread_id

_seats: weakref.WeakKeyDictionary[Any, _Seat] = weakref.WeakKeyDictionary()


def install(patches: Patches) -> None:
    """Wrap ``select`` of every kind of selector, and asyncio's loops if there are any."""
    for name in _KINDS:
        kind = getattr(selectors, name, None)
        if kind is not None and "select" in vars(kind):
            patches.set(kind, "select", _selecting(vars(kind)["select"]))


def install_in_asyncio(patches: Patches) -> None:
    """Wrap what wakes a loop from another thread, and its clock. ``asyncio`` is loaded."""
    from asyncio import base_events, selector_events

    loop: Any = selector_events.BaseSelectorEventLoop
    patches.set(loop, "_write_to_self", _waking(loop._write_to_self))
    base = base_events.BaseEventLoop
    patches.set(base, "call_soon_threadsafe", _calling(base.call_soon_threadsafe))
    loop_time.install(patches, base)
    children.install(patches)


def check_running_loop() -> None:
    """Raise UsageError if the loop that runs in the current thread cannot be virtual."""
    loop = running_loop()
    if loop is not None:
        loop_time.refuse_unless_virtual(loop)


def take_in_running_loop(clock: ClockInside) -> None:
    """Let the loop that runs in the current thread, if any, see a clock that has just begun."""
    loop = running_loop()
    if loop is not None:
        loop_time.look(clock, loop)


def forget() -> None:
    """Drop every loop."""
    for loop in list(_seats):
        if loop._selector is not None:
            vars(loop._selector).pop("_runway_seat", None)
    _seats.clear()
    children.forget()


def _selecting(real: Callable[..., Any]) -> Callable[..., Any]:
    def select(self: Any, timeout: float | None = None) -> Any:
        clock = active.clock
        if clock is None:
            return real(self, timeout)
        participant = active.seats.get(_thread_id())
        if participant is None:
            return real(self, timeout)
        seat = vars(self).get("_runway_seat")
        if seat is None or seat.participant is not participant:
            seat = _take_seat(clock, participant, self)
            if seat is None:
                return real(self, timeout)
        return _select(seat, lambda limit: real(self, limit), timeout)

    return select


def _take_seat(clock: ClockInside, participant: Participant, selector: Any) -> _Seat | None:
    """Seat the loop that runs in the current thread, if the selector is its own."""
    loop = running_loop()
    if loop is None or getattr(loop, "_selector", None) is not selector:
        return None
    loop_time.look(clock, loop)
    seat = _Seat(clock, participant, loop)
    _seats[loop] = seat
    vars(selector)["_runway_seat"] = seat
    return seat


def running_loop() -> Any:
    """Return asyncio's loop that runs in the current thread, or ``None``."""
    events = sys.modules.get("asyncio.events")
    return None if events is None else events._get_running_loop()


def loop_of(participant: Participant) -> Any:
    """Return asyncio's loop in which a participant waits, or ``None``. Safe from any thread."""
    if participant.doing != "an event loop":
        return None
    seats = list(_seats.items())
    return next((loop for loop, seat in seats if seat.participant is participant), None)


def _select(seat: _Seat, poll: Callable[[float | None], Any], timeout: float | None) -> Any:
    scheduler, participant, loop = seat.clock.scheduler, seat.participant, seat.loop
    events: Any = [] if seat.may_skip_look() else poll(0)
    if events or loop._stopping:
        return events
    if timeout is not None and timeout <= 0:
        _turn_for_nothing(seat, loop)
        return events
    participant.expects_io = len(seat.files) > 1
    if participant.expects_io:
        while seat.watch.expects(seat.files):
            events = _wait(seat, poll, None, SLICE_S)
            if events or participant.poked or not scheduler.open:
                return events
    deadline_ns = None
    if timeout is not None:
        deadline_ns = loop_time.next_moment(seat.clock, loop, timeout)
    while seat.children.goes_on(deadline_ns):
        events = _wait(seat, poll, None, SLICE_S)
        if events or participant.poked or not scheduler.open:
            return events
    if deadline_ns is not None and scheduler.jump_alone(participant, deadline_ns):
        return events
    return _wait(seat, poll, deadline_ns, None)


def _wait(
    seat: _Seat,
    poll: Callable[[float | None], Any],
    deadline_ns: int | None,
    real_limit: float | None,
) -> Any:
    """Wait for I/O, a wake-up or the deadline; with a real limit, no time passes meanwhile."""
    scheduler, participant = seat.clock.scheduler, seat.participant
    with scheduler.mutex:
        if participant.poked or not scheduler.open:
            return []
        if real_limit is not None:
            scheduler.hold(participant)
        scheduler.park(participant, deadline_ns, "an event loop")
        waits = participant.state is not State.RUNNING
        if waits:
            participant.interrupt = seat.interrupt
            if participant.expects_io:
                scheduler.mail[participant.order] = lambda: bool(poll(0))
    events: Any = []
    try:
        if waits and real_limit is None and not scheduler.is_watched:
            events = poll(UNWATCHED_S)
            waits = not events and participant.state is State.WAITING
        if waits:
            scheduler.on_block()
            events = poll(real_limit)
    finally:
        try:
            scheduler.reclaim(participant)
        finally:
            scheduler.mail.pop(participant.order, None)
            if real_limit is not None:  # not before: time must not pass what has just arrived
                scheduler.release(participant)
    return events


def _turn_for_nothing(seat: _Seat, loop: Any) -> None:
    """Let time pass for a loop that turns without end, or stands a rounding before its timer."""
    scheduler = seat.clock.scheduler
    if not loop._ready:  # a timer is due, but not by the loop's own arithmetic
        scheduler.wait(seat.participant, scheduler.now_ns + 1_000, "an event loop")
    elif seat.spins():
        seat.participant.spins += 1
        step_ns = 1_000_000 if seat.participant.spins < _SMALL_STEPS else NS
        scheduler.wait(seat.participant, scheduler.now_ns + step_ns, "a busy event loop")
        seat.turn_ns = scheduler.now_ns


def _wakeup_fd(loop: Any) -> int:
    own = getattr(loop, "_ssock", None)
    return -1 if own is None else int(own.fileno())


def _real_write_to_self(loop: Any) -> Callable[[Any], None]:
    method: Any = type(loop)._write_to_self
    real: Callable[[Any], None] = getattr(method, "real", method)
    return real


def _waking(real: Callable[[Any], None]) -> Any:
    def write_to_self(self: Any) -> None:
        clock, seat = active.clock, _seats.get(self)
        if clock is not None and seat is not None and seat.clock is clock:
            # First this, then the byte: the loop must find its turn when it comes back.
            clock.scheduler.wake(seat.participant)
        real(self)

    write_to_self.real = real  # type: ignore[attr-defined]
    return write_to_self


def _calling(real: Callable[..., Any]) -> Callable[..., Any]:
    def call_soon_threadsafe(self: Any, *args: Any, **kwargs: Any) -> Any:
        clock = active.clock
        if clock is not None and active.participant() is not None:
            # First this: a loop that is awake runs the callback at once, and by what time?
            _draw_in(clock, self)
        return real(self, *args, **kwargs)

    return call_soon_threadsafe


def _draw_in(clock: ClockInside, loop: Any) -> None:
    """Make the thread of a loop that a participant calls into a participant, if it is none."""
    ident, seat = loop._thread_id, _seats.get(loop)
    if seat is not None and seat.clock is clock and seat.participant.ident == ident:
        return  # though it may be out of sight just now
    if ident is not None and ident != originals.thread_id() and ident not in active.seats:
        clock.scheduler.admit(f"the loop of thread {ident}", ident)
