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
from pytest_runway.clock.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.clock.virtual import VirtualClock

NS = 1_000_000_000
NAMES = ("sleep", "time", "time_ns", "monotonic", "monotonic_ns")

_thread_id = originals.thread_id
_installed = Patches()


def install_dispatchers() -> bool:
    """Put the dispatchers in place of the functions of ``time``; return whether this call did.

    Called early, before application code says ``from time import sleep``, such a name needs no
    looking for later. They pass everything through until a clock is on.
    """
    if _installed:
        return False
    _installed.set(time, "sleep", _sleeper(time.sleep))
    _installed.set(time, "time", _reader(time.time, lambda clock, ns: (clock.wall_ns + ns) / NS))
    _installed.set(time, "time_ns", _reader(time.time_ns, lambda clock, ns: clock.wall_ns + ns))
    _installed.set(
        time, "monotonic", _reader(time.monotonic, lambda clock, ns: (clock.base_ns + ns) / NS)
    )
    _installed.set(
        time, "monotonic_ns", _reader(time.monotonic_ns, lambda clock, ns: clock.base_ns + ns)
    )
    return True


def uninstall_dispatchers() -> None:
    """Put back what stood in ``time`` before ``install_dispatchers``."""
    _installed.undo()


def dispatchers() -> dict[int, Callable[..., Any]]:
    """Return the dispatcher in force for each real function, by the latter's ``id``."""
    real: list[Callable[..., Any]] = [originals.sleep, originals.wall, originals.wall_ns]
    real += [originals.monotonic, originals.monotonic_ns]
    return {id(old): getattr(time, name) for old, name in zip(real, NAMES, strict=True)}


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
    real: Callable[[], Any], virtual: Callable[[VirtualClock, int], Any]
) -> Callable[[], Any]:
    def read() -> Any:
        clock = active.clock
        if clock is not None:
            participant = active.seats.get(_thread_id())
            if participant is not None and not calls_from(sys._getframe(1)):  # noqa: SLF001
                return virtual(clock, clock.read(participant))
        return real()

    return read
