"""What a body costs, by the price of its variant."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_runway.contract.fields import dimensions, quantity
from pytest_runway.contract.javascript import units as utf16_units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pytest_runway.contract.fields import Fields
    from pytest_runway.contract.media import MediaValue

    Price: TypeAlias = "Mapping[str, Any]"
    Probe: TypeAlias = "Callable[[MediaValue], float | None]"

UNITS = ("task", "output", "second", "input_second", "input_frame", "character")


@lru_cache(maxsize=1024)
def exact(value: float) -> Fraction:
    """Return a JSON number as the decimal that it was written as: 0.7 is 7/10."""
    return Fraction(str(value))


@dataclass(frozen=True, slots=True)
class Meter:
    """What a price is worked out from: a body, its media, and what is known about those.

    ``seconds``, ``fps`` and ``pixels`` return None for what nobody knows.
    """

    fields: Fields
    media: Sequence[MediaValue]
    seconds: Probe
    fps: Probe
    pixels: Probe

    def credits(self, price: Price, *, outputs: int) -> Fraction:
        """Return the whole credits that a body costs by a price."""
        pixels = self._pixels(price)
        total = self._amount(price, price) * self._rate(price, pixels)
        once = Fraction(0)
        for extra in price.get("extras", ()):
            if self.fields.hold(extra.get("when", {}), pixels=pixels):
                more = self._amount(extra, price) * exact(extra["credits"])
                total, once = (total, once + more) if extra.get("once") else (total + more, once)
        if "minimum" in price:
            total = max(total, exact(price["minimum"]))
        if outputs > 1 and price["unit"] != "task":
            total *= outputs
        return Fraction(math.ceil(total + once if once else total))

    def _rate(self, price: Price, pixels: float | None) -> Fraction:
        """Return the first rate that applies; the last one stands for what no rate names."""
        rates = price["rates"]
        named = (rate for rate in rates if self.fields.hold(rate.get("when", {}), pixels=pixels))
        return exact(next(named, rates[-1])["credits"])

    def _amount(self, of: Price, price: Price) -> Fraction:
        """Return how many units there are, whole ones unless ``fraction`` lets them be parts."""
        counted = self._counted(of, price)
        if "every" in of:
            counted /= exact(of["every"])
        return counted if of.get("fraction") else Fraction(math.ceil(counted))

    def _counted(self, of: Price, price: Price) -> Fraction:
        if "each" in of:
            return Fraction(self.fields.count(of["each"], of.get("where", {})))
        unit = of["unit"]
        if unit == "second":
            return self._output_seconds(price)
        if unit == "character":
            text = self.fields.value(of["of"])
            return Fraction(utf16_units(text) if isinstance(text, str) else 0)
        if unit in ("task", "output"):
            return Fraction(1)
        assumed = price.get("assume", {})
        total = Fraction(0)
        for medium in self._under(of["of"]):
            longest = medium.limits.get("seconds", (0, 0))[1] or 0
            seconds = _known(self.seconds(medium), assumed.get("seconds", longest))
            fps = _known(self.fps(medium), assumed["fps"]) if unit == "input_frame" else 1
            total += seconds * fps
        return total

    def _output_seconds(self, price: Price) -> Fraction:
        asked = self.fields.value("duration")
        usual = price.get("default_seconds", 0)
        stated = quantity(asked)
        if stated is None:
            stated = usual if asked is None else price.get("auto_seconds", usual)
        return exact(stated)

    def _pixels(self, price: Price) -> float | None:
        size = dimensions(self.fields.value("ratio"))
        if size:
            return size[0] * size[1]
        found = (self.pixels(medium) for medium in self._under(price.get("of", ())))
        known = next((pixels for pixels in found if pixels is not None), None)
        return price.get("assume", {}).get("pixels") if known is None else known

    def _under(self, of: str | Sequence[str]) -> Iterator[MediaValue]:
        wanted = [path.replace("[]", "") for path in ([of] if isinstance(of, str) else of)]
        for medium in self.media:
            name = ".".join(part for part in medium.path if isinstance(part, str))
            if any(name == path or name.startswith(f"{path}.") for path in wanted):
                yield medium


def _known(value: float | None, otherwise: float) -> Fraction:
    return exact(otherwise if value is None else value)
