"""A clock inside a clock that is on: the same time, counted from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.clock import active
from pytest_runway.clock.dispatch import NS
from pytest_runway.clock.virtual import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Callable


class InnerClock:
    """A view of a ``VirtualClock`` that somebody else has switched on.

    ``elapsed`` counts from this clock's own start; everything else is the outer clock's, which
    goes on when this one stops.
    """

    def __init__(self, outer: VirtualClock) -> None:
        self._outer = outer
        self._since_ns = outer.scheduler.now_ns
        self._end_ns: int | None = None
        self._outer_on_limit: Callable[[], str] | None = None
        self.on_limit: Callable[[], str] | None = None

    def start(self) -> None:
        """Count from now on, and let a limit that is reached be explained by this clock's."""
        self._since_ns = self._outer.scheduler.now_ns
        self._outer_on_limit = self._outer.on_limit
        self._outer.on_limit = self._explain

    def stop(self) -> tuple[str, ...]:
        """Stop counting; the outer clock knows who still sleeps."""
        self._end_ns = self._outer.scheduler.now_ns
        self._outer.on_limit = self._outer_on_limit
        return ()

    @property
    def elapsed(self) -> float:
        """The virtual seconds since this clock's start."""
        return self._elapsed_ns() / NS

    @property
    def elapsed_ms(self) -> int:
        """The virtual milliseconds since this clock's start, rounded down."""
        return self._elapsed_ns() // 1_000_000

    def _explain(self) -> str:
        said = (self.on_limit, self._outer_on_limit)
        return "; ".join(explain() for explain in said if explain is not None)

    def _elapsed_ns(self) -> int:
        now_ns = self._outer.scheduler.now_ns if self._end_ns is None else self._end_ns
        return now_ns - self._since_ns

    def __getattr__(self, name: str) -> Any:
        return getattr(self._outer, name)


def virtual_clock() -> VirtualClock | InnerClock:
    """Return a clock to start: a new one, or a view of the one that is on."""
    return VirtualClock() if active.clock is None else InnerClock(active.clock)
