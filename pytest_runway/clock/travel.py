"""Dates: the extra by time-machine, and living with somebody's own journey.

``datetime.now`` is C and asks the system. With the extra, time-machine moves it along with every
jump: for the whole process, pytest's own time stamps included, so it is off unless asked for.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from typing import TYPE_CHECKING, Any

from pytest_runway.clock import originals
from pytest_runway.clock.dispatch import NS, even_start, exact_start
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from pytest_runway.clock.scheduler import Scheduler

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)


class Wall:
    """The wall clock of a virtual clock: where it started, and journeys on top of it."""

    def __init__(self) -> None:
        self.start_ns = 0
        self._own: Any = None
        self._travel: Any = None
        self._journey: Any = None
        self._since_ns = 0

    def begin(self) -> None:
        """Start at the present; a time that somebody has set is kept, to 2 ms."""
        now_ns = time.time_ns()
        self._own = _journey()
        is_set = self._own is not None or abs(now_ns - originals.wall_ns()) > NS
        self.start_ns = exact_start(now_ns) if is_set else even_start(now_ns)

    def follow(self, scheduler: Scheduler) -> None:
        """Let ``datetime.now`` go along with every jump.

        Raises:
            UsageError: when time-machine is not installed.
        """
        try:
            import time_machine
        except ImportError as error:
            raise UsageError(
                "datetime=True moves datetime.now by time-machine, which is not installed: "
                "pip install 'pytest-runway[datetime]'"
            ) from error
        self._travel = time_machine.travel(self._date(0), tick=False)
        coordinates: Any = self._travel.start()
        self._own = _journey()
        scheduler.on_jump.append(lambda now_ns: coordinates.move_to(self._date(now_ns)))

    def end(self) -> None:
        """Let ``datetime.now`` go back to what it was."""
        if self._travel is not None:
            self._travel.stop()
            self._travel = None

    def ns(self, now_ns: int) -> int:
        """Return Unix time in nanoseconds at a moment of virtual time.

        A journey of time-machine that the test itself began wins: standing still if it does, else
        going on by virtual time.
        """
        journey = _journey()
        if journey is None or journey is self._own:
            return self.start_ns + now_ns
        if journey is not self._journey:
            self._journey, self._since_ns = journey, now_ns
        there_ns = int(journey.time_ns())
        return there_ns + (now_ns - self._since_ns if getattr(journey, "_tick", True) else 0)

    def _date(self, now_ns: int) -> dt.datetime:
        return _EPOCH + dt.timedelta(microseconds=(self.start_ns + now_ns) // 1_000)


def _journey() -> Any:
    """Return the innermost journey of time-machine that is going on, or ``None``."""
    module = sys.modules.get("time_machine")
    if module is None:
        return None
    names = vars(module)  # the first name is that of 3.5 and later
    stack = names.get("traveller_stack") or names.get("coordinates_stack")
    return stack[-1] if stack else None
