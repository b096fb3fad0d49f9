"""The same face over real time, for suites that cannot have the virtual one."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

from pytest_runway.clock import originals
from pytest_runway.clock.dispatch import NS
from pytest_runway.clock.virtual import Stats
from pytest_runway.durations import milliseconds
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from pytest_runway.durations import Duration

_NOTHING = nullcontext()


class RealClock:
    """A clock with the face of ``VirtualClock`` whose time is everybody's time.

    Time cannot be moved, and no limit ends a wait.
    """

    def __init__(self) -> None:
        self.on_limit: Callable[[], str] | None = None
        self.failure: BaseException | None = None
        self._started_ns = originals.monotonic_ns()
        self._stopped_ns: int | None = None

    def start(self) -> None:
        """Count the elapsed time from now on."""
        self._started_ns = originals.monotonic_ns()
        self._stopped_ns = None

    def stop(self) -> tuple[str, ...]:
        """Stop counting; return nothing, for nobody sleeps in a time of ours."""
        if self._stopped_ns is None:
            self._stopped_ns = originals.monotonic_ns()
        return ()

    @property
    def now(self) -> float:
        """The time as Unix seconds."""
        return originals.wall()

    @property
    def now_ms(self) -> int:
        """The time as Unix milliseconds, rounded down."""
        return originals.wall_ns() // 1_000_000

    @property
    def elapsed(self) -> float:
        """The seconds since the start, by the monotonic clock."""
        return self._elapsed_ns() / NS

    @property
    def elapsed_ms(self) -> int:
        """The milliseconds since the start, rounded down."""
        return self._elapsed_ns() // 1_000_000

    @property
    def stats(self) -> Stats:
        """Zeros: this clock never jumps."""
        return Stats(0, 0, 0, 0)

    def sleep(self, seconds: Duration) -> None:
        """Wait."""
        originals.sleep(milliseconds(seconds) / 1_000)

    async def asleep(self, seconds: Duration) -> None:
        """Wait in a task of asyncio or trio."""
        delay = milliseconds(seconds) / 1_000
        trio = sys.modules.get("trio")
        if trio is not None and trio.lowlevel.in_trio_run():
            await trio.sleep(delay)
        else:
            import asyncio

            await asyncio.sleep(delay)

    def advance(self, seconds: Duration) -> None:
        """Raise UsageError: real time passes by itself."""
        milliseconds(seconds)
        raise UsageError(
            "advance() moves virtual time, and this test runs in real time: "
            'ask for virtual time (time="virtual"), or wait with clock.sleep()'
        )

    def pace_ms(self) -> tuple[int, int]:
        """Return the present, twice: this is real time."""
        return self.now_ms, self.now_ms

    def pass_time(self, to_ms: int) -> bool:
        """Return whether a moment, in Unix milliseconds, is past."""
        return to_ms <= self.now_ms

    def hold(self) -> AbstractContextManager[None]:
        """Do nothing: real time cannot be held."""
        return _NOTHING

    def taking_part(self) -> AbstractContextManager[None]:
        """Do nothing: everybody takes part in real time."""
        return _NOTHING

    def exempt(self) -> AbstractContextManager[None]:
        """Do nothing: everybody lives in real time already."""
        return _NOTHING

    def join_current_thread(self) -> None:
        """Do nothing: there is nothing to take part in."""

    def _elapsed_ns(self) -> int:
        end_ns = originals.monotonic_ns() if self._stopped_ns is None else self._stopped_ns
        return end_ns - self._started_ns
