"""What a body costs, by the price of its variant."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pytest_runway.contract.fields import quantity
from pytest_runway.contract.javascript import units as utf16_units

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_runway.contract.fields import Fields

    Price = Mapping[str, Any]
    InputSeconds = Callable[[str], Fraction]

UNITS = ("task", "output", "second", "input_second", "character")


def exact(value: float) -> Fraction:
    """Return a JSON number as the decimal that it was written as: 0.7 is 7/10."""
    return Fraction(str(value))


def credits_for(
    price: Price, fields: Fields, *, outputs: int, longest: Fraction, input_seconds: InputSeconds
) -> Fraction:
    """Return the credits for a body.

    ``longest`` is the length in seconds to bill where the body's ``duration`` is no number;
    ``input_seconds`` gives the length of the media under a field, by the field's path.
    """

    def amount(of: Price) -> Fraction:
        counted = _units(of, fields, longest, input_seconds)
        every = exact(of.get("every", 1))
        if every != 1 and not of.get("fraction", False):
            return Fraction(math.ceil(counted / every))
        return counted / every

    total = amount(price) * _rate(price, fields)
    for extra in price.get("extras", ()):
        if fields.hold(extra.get("when", {})):
            total += amount(extra) * exact(extra["credits"])
    each = max(total, exact(price.get("minimum", 0)))
    return each if price["unit"] == "task" else each * outputs


def _rate(price: Price, fields: Fields) -> Fraction:
    """Return the first rate that applies; the last one stands for what no rate names."""
    rates = price["rates"]
    found = next((rate for rate in rates if fields.hold(rate.get("when", {}))), rates[-1])
    return exact(found["credits"])


def _units(of: Price, fields: Fields, longest: Fraction, input_seconds: InputSeconds) -> Fraction:
    if "each" in of:
        return Fraction(len(fields.items(of["each"])))
    unit = of["unit"]
    if unit == "second":
        seconds = quantity(fields.value(of.get("of", "duration")))
        return longest if seconds is None else exact(seconds)
    if unit == "input_second":
        return input_seconds(of["of"])
    if unit == "character":
        text = fields.value(of["of"])
        return Fraction(utf16_units(text) if isinstance(text, str) else 0)
    return Fraction(1)
