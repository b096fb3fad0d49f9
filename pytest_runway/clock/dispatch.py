"""The functions that stand in for those of ``time``.

Each looks at who calls: a participant of the clock that is on, from a module that is not exempt,
gets virtual time; everybody else gets what stood there before. While no clock is on they cost
one comparison.
"""

from __future__ import annotations

import math
import sys
import time
from typing import TYPE_CHECKING, Any, SupportsFloat, SupportsIndex

from pytest_runway.clock import active, originals
from pytest_runway.clock.exempt import calls_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.clock.inside import ClockInside
    from pytest_runway.clock.patching import Patches

NS = 1_000_000_000
GRID_NS = 1_000
_GRID_S = GRID_NS / NS
_EXACT_NS = 1_953_125  # 2**-9 s, whole in nanoseconds and exact in floating point
_EVEN_NS = 125_000_000  # 2**-3 s, whole in milliseconds as well

_thread_id = originals.thread_id


def install(patches: Patches) -> None:
    """Put the dispatchers in place of the functions of ``time``, where they are not yet.

    What freezegun has put there is replaced too: virtual time starts from the frozen one. Any
    other patch stays. It is there on purpose, and wins.
    """
    for name in NAMES:
        there = vars(time)[name]
        frozen = getattr(there, "__module__", "") == "freezegun.api"
        if frozen or there is originals.by_name[name]:
            patches.set(time, name, _dispatcher(name, there))


def nanoseconds(seconds: SupportsFloat | SupportsIndex) -> int:
    """Return whole nanoseconds, rounded up, of what ``time.sleep`` accepts.

    Raises what ``time.sleep`` raises: TypeError for what is no number, ValueError for a negative
    number or NaN, OverflowError for one without end.
    """
    if isinstance(seconds, int):
        ns = seconds * NS
    elif isinstance(seconds, (str, bytes, bytearray)) or not (
        hasattr(seconds, "__float__") or hasattr(seconds, "__index__")
    ):
        kind = type(seconds).__name__
        raise TypeError(f"'{kind}' object cannot be interpreted as an integer")
    else:
        number = float(seconds)
        if math.isnan(number):
            raise ValueError("Invalid value NaN (not a number)")
        if math.isinf(number) and number > 0:
            raise OverflowError("timestamp too large to convert to C PyTime_t")
        ns = -1 if number < 0 else math.ceil(number * NS)
    if ns < 0:
        raise ValueError("sleep length must be non-negative")
    return ns


def moment_after(now_ns: int, seconds: float) -> int:
    """Return the moment that lies so many seconds ahead, in whole microseconds, rounded up.

    Whoever waits until a deadline has reckoned its distance in floating point, and is off by a
    little that depends on the time of the day. On the grid, every run wakes at the same moment.
    """
    ns = now_ns + max(1, round(seconds * NS))
    return -(-ns // GRID_NS) * GRID_NS


def moment_of(deadline: float, *, start_ns: int, now_ns: int) -> int:
    """Return the whole microsecond nearest to a loop's deadline, but none that is now.

    ``start_ns`` is what the loop showed when the clock stood at zero.
    """
    nearest_ns = round((deadline * NS - start_ns) / GRID_NS) * GRID_NS
    return nearest_ns if nearest_ns > now_ns else moment_after(now_ns, 0)


def shown(time: float, deadline: float) -> float:
    """Return the time that a loop is shown: from less than a microsecond before it, its deadline.

    A loop reckons deadlines in floating point, and would find itself woken a little too early.
    """
    return deadline if 0 < deadline - time < _GRID_S else time


def exact_start(ns: int) -> int:
    """Return the next moment that a float of seconds holds exactly, at most 2 ms ahead.

    From such a start, whole seconds and halves stay exact, so that a client's "have 600 s gone
    by?" says yes after 600 of them, whatever the time of the day.
    """
    return -(-ns // _EXACT_NS) * _EXACT_NS


def even_start(ns: int) -> int:
    """Return the next moment that is exact and a whole millisecond too, at most 125 ms ahead.

    From such a start, the milliseconds of a moment do not depend on when it all began.
    """
    return -(-ns // _EVEN_NS) * _EVEN_NS


def _dispatcher(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    dispatcher: Any = _sleeper(real) if name == "sleep" else _reader(real, _READINGS[name])
    dispatcher.__name__ = dispatcher.__qualname__ = name
    dispatcher.of_runway = True
    made: Callable[..., Any] = dispatcher
    return made


def _sleeper(real: Callable[[float], None]) -> Callable[[float], None]:
    def sleep(seconds: float, /) -> None:
        clock = active.clock
        if clock is not None:
            participant = active.seats.get(_thread_id())
            if participant is not None:
                caller = sys._getframe(1)  # noqa: SLF001
                if not calls_from(caller):
                    clock.sleep_here(participant, nanoseconds(seconds), caller)
                    return
        real(seconds)

    return sleep


def _reader(
    real: Callable[[], Any], virtual: Callable[[ClockInside, int], Any]
) -> Callable[[], Any]:
    def read() -> Any:
        clock = active.clock
        if clock is not None:
            participant = active.seats.get(_thread_id())
            if participant is not None and not calls_from(sys._getframe(1)):  # noqa: SLF001
                return virtual(clock, clock.read(participant))
        return real()

    return read


_READINGS: dict[str, Callable[[ClockInside, int], Any]] = {
    "time": lambda clock, ns: clock.wall.ns(ns) / NS,
    "time_ns": lambda clock, ns: clock.wall.ns(ns),
    "monotonic": lambda clock, ns: (clock.base_ns + ns) / NS,
    "monotonic_ns": lambda clock, ns: clock.base_ns + ns,
}
NAMES = ("sleep", *_READINGS)
