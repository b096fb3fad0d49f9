# ruff: noqa: SLF001 - the timers of a loop are private to it
"""The clock of an event loop, which never runs backwards: not at the start, not at the end.

A loop may be older than the virtual clock, with timers by real time, and it may outlive it, as
the session's loop of pytest-asyncio does, with a memory of virtual hours. So each loop has an
offset of its own, and keeps what it needs of it afterwards.
"""

from __future__ import annotations

import sys
import weakref
from typing import TYPE_CHECKING, Any

from pytest_runway.clock import active, originals
from pytest_runway.clock.dispatch import GRID_NS, NS, exact_start, moment_after, moment_of, shown
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.clock.inside import ClockInside
    from pytest_runway.clock.patching import Patches


class _View:
    """How one loop sees one virtual clock."""

    def __init__(self, clock: ClockInside, start_ns: int, resolution: float) -> None:
        self.clock = clock
        self.scheduler = clock.scheduler
        self.start_ns = start_ns
        self.resolution = resolution
        self.deadline = 0.0

    def now_ns(self) -> int:
        return self.start_ns + self.scheduler.now_ns


class _After:
    """The ``time`` of a loop that has lived through virtual time: real time and an offset."""

    def __init__(self, loop: Any, ahead_ns: int) -> None:
        self.loop = weakref.ref(loop)
        self.ahead_ns = ahead_ns

    def __call__(self) -> float:
        loop = self.loop()
        clock = active.clock
        if clock is not None and loop is not None and active.participant() is not None:
            return _view(clock, loop).now_ns() / NS
        return (originals.monotonic_ns() + self.ahead_ns) / NS


_seen: weakref.WeakSet[Any] = weakref.WeakSet()


def install(patches: Patches, loop_class: Any) -> None:
    """Replace the clock of every loop."""
    patches.set(loop_class, "time", _timing(loop_class.time))


def look(clock: ClockInside, loop: Any) -> None:
    """Fix how a loop sees a clock, before it sets a timer by it."""
    _view(clock, loop)


def next_moment(clock: ClockInside, loop: Any, timeout: float) -> int:
    """Return the moment at which a loop wants to be woken next, and note its deadline."""
    now_ns = clock.scheduler.now_ns
    view = _view(clock, loop)
    if not loop._scheduled:
        return moment_after(now_ns, timeout)
    view.deadline = loop._scheduled[0].when()
    moment_ns = moment_of(view.deadline, start_ns=view.start_ns, now_ns=now_ns)
    return min(moment_ns, moment_after(now_ns, timeout + GRID_NS / NS))


def settle(clock: ClockInside, real_ns: int) -> int:
    """Leave the loops that outlive a clock with a time that goes on from where they are.

    Return by how much the foremost of them is ahead of ``real_ns``.
    """
    foremost_ns = 0
    for loop in list(_seen):
        view = vars(loop).pop("_runway_view", None)
        if view is not None and view.clock is clock and not loop.is_closed():
            ahead_ns = view.now_ns() - real_ns
            vars(loop).pop("time", None)
            loop._clock_resolution = view.resolution
            if ahead_ns > 0:
                loop.time = _After(loop, ahead_ns)
            foremost_ns = max(foremost_ns, ahead_ns)
    _seen.clear()
    return foremost_ns


def _timing(real: Callable[[Any], float]) -> Callable[[Any], float]:
    def time(self: Any) -> float:
        clock = active.clock
        if clock is None:
            return real(self)
        view: _View | None = vars(self).get("_runway_view")
        if view is None:
            if active.participant() is None:
                return real(self)
            view = _view(clock, self)
        return shown((view.start_ns + view.scheduler.now_ns) / NS, view.deadline)

    return time


def refuse_unless_virtual(loop: Any) -> None:
    """Raise UsageError for a loop that would really wait."""
    selector_events: Any = sys.modules["asyncio.selector_events"]
    if not isinstance(loop, selector_events.BaseSelectorEventLoop):
        kind = type(loop)
        raise UsageError(
            f"{kind.__module__}.{kind.__name__} keeps time where virtual time cannot reach it, "
            "and would really wait: use asyncio's selector event loop in this test, or real time"
        )


def _view(clock: ClockInside, loop: Any) -> _View:
    view: _View | None = vars(loop).get("_runway_view")
    if view is None:
        refuse_unless_virtual(loop)
        resolution = loop._clock_resolution
        view = loop._runway_view = _View(clock, _start_ns(clock, loop), resolution)
        # A float cannot tell nanoseconds apart on a machine that has been up for half a year, so
        # a timer that is due now would not be found, and the loop would turn for nothing.
        loop._clock_resolution = max(resolution, GRID_NS / NS)
        _seen.add(loop)
    return view


def _start_ns(clock: ClockInside, loop: Any) -> int:
    if all(timer.cancelled() for timer in loop._scheduled):
        return clock.base_ns  # so that the loop's time is that of time.monotonic
    after = vars(loop).get("time")
    ahead_ns = after.ahead_ns if isinstance(after, _After) else 0
    return exact_start(originals.monotonic_ns() + ahead_ns - clock.scheduler.now_ns)
