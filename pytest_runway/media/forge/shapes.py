"""Sides and lengths that a field takes, or that break exactly one of its limits."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from pytest_runway.media.forge.known import MAX_SIDE_PX

if TYPE_CHECKING:
    from pytest_runway.media.limits import Limits

_USUAL_PX = 640
_USUAL_MS = 5_000


@dataclass(frozen=True, slots=True)
class Frame:
    """The sides that a field takes: bounds in pixels, and of width / height."""

    least: int
    greatest: int
    narrowest: Fraction | None
    widest: Fraction | None

    @classmethod
    def of(cls, limits: Limits) -> Frame:
        """Return the frame of a field."""
        narrowest, widest = limits.aspect or (None, None)
        return cls(
            limits.min_side_px or 2,
            limits.max_side_px or MAX_SIDE_PX,
            None if narrowest is None else Fraction(str(narrowest)),
            None if widest is None else Fraction(str(widest)),
        )

    def heights(self, width: int) -> tuple[int, int]:
        """Return the least and the greatest height that goes with a width; may be empty."""
        low, high = self.least, self.greatest
        if self.widest:
            low = max(low, -(-width * self.widest.denominator // self.widest.numerator))
        if self.narrowest:
            high = min(high, width * self.narrowest.denominator // self.narrowest.numerator)
        return low, high

    def fitting(self, *, even: bool = False) -> tuple[int, int]:
        """Return sides in the middle of what is taken: a square where it may be one."""
        width = max(self.least, min(_USUAL_PX, self.greatest))
        if self.narrowest:  # tall enough shapes need their width to stay above the least
            width = max(width, int(self.least * max(Fraction(1), self.narrowest)) + 2)
        low, high = self.heights(width)
        height = min(max(width, low), high)
        if even:
            width, height = width + width % 2, height + height % 2
        return width, height

    def beyond(self, excess: int, *, even: bool = False) -> tuple[int, int]:
        """Return sides of which the longer is so many pixels above the greatest."""
        width = self.greatest + excess
        low, _ = self.heights(width)
        if low > self.greatest:  # even the widest shape is too high: let it be, as wide as high
            low = width
        height = min(max(low, 2), width)
        if even:
            width, height = width + width % 2, height + height % 2
        return width, height

    def below(self, missing: int, *, even: bool = False) -> tuple[int, int]:
        """Return sides that are so many (pairs of) pixels below the least."""
        width = self.least - missing * (2 if even else 1)
        width -= width % 2 if even else 0
        return width, width

    def too_narrow(self, missing: int, *, even: bool = False) -> tuple[int, int]:
        """Return sides below the narrowest shape, by so many (pairs of) pixels of width."""
        assert self.narrowest is not None  # noqa: S101 - the flaw is offered only then
        step = 2 if even else 1
        width = max(self.least, 200)
        width += width % step
        height = int(width / self.narrowest) + 1
        height += height % step + step * (missing - 1)
        return width, height

    def too_wide(self, excess: int, *, even: bool = False) -> tuple[int, int]:
        """Return sides above the widest shape, by so many (pairs of) pixels of width."""
        assert self.widest is not None  # noqa: S101 - the flaw is offered only then
        step = 2 if even else 1
        height = max(self.least, 200)
        height += height % step
        width = int(height * self.widest) + 1
        return width + width % step + step * (excess - 1), height


def length_ms(limits: Limits) -> int:
    """Return a length that a field takes, in whole seconds where it can be."""
    shortest, longest = limits.seconds or (None, None)
    low = -(-int((shortest or 0) * 1000) // 1000) * 1000
    high = int(longest * 1000) if longest is not None else 1 << 40
    return min(max(_USUAL_MS, low), high)
