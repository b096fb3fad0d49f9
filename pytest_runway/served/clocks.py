"""Time for a server whose clients live in other processes: no thread here waits for them."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING

from pytest_runway.clock import RealClock
from pytest_runway.durations import milliseconds
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from pytest_runway.durations import Duration


class PacedClock(RealClock):
    """A clock that runs at ``speed`` times real time; at 0 it stands still.

    Unlike real time it can be moved on, which is how a clock at speed 0 gets anywhere.
    """

    def __init__(self, speed: float) -> None:
        """Run at a speed of at least 0.

        Raises:
            UsageError: for a speed that is none.
        """
        super().__init__()
        if not math.isfinite(speed) or speed < 0:
            raise UsageError(f"speed={speed!r} is not valid; expected a number of at least 0")
        self.speed = speed
        self._moved_ms = 0
        self._moves = threading.Condition()
        self._over = False
        self._began_ms = super().now_ms

    def start(self) -> None:
        """Begin at the present."""
        super().start()
        self._began_ms = super().now_ms

    def stop(self) -> tuple[str, ...]:
        """Stop counting, and let everybody go who waits."""
        with self._moves:
            self._over = True
            self._moves.notify_all()
        return super().stop()

    @property
    def now(self) -> float:
        """The time as Unix seconds: real at the start, paced since."""
        return self._began_ms / 1000 + self.elapsed

    @property
    def now_ms(self) -> int:
        """The time as Unix milliseconds, rounded down."""
        return self._began_ms + self.elapsed_ms

    def sleep(self, seconds: Duration) -> None:
        """Wait for so much of this clock's time."""
        until = self.elapsed + milliseconds(seconds) / 1000
        with self._moves:
            while not self._over and (left := until - self.elapsed) > 0:
                self._moves.wait(left / self.speed if self.speed else None)

    def advance(self, seconds: Duration) -> None:
        """Move on."""
        with self._moves:
            self._moved_ms += milliseconds(seconds)
            self._moves.notify_all()

    def _elapsed_ns(self) -> int:
        return round(super()._elapsed_ns() * self.speed) + self._moved_ms * 1_000_000
