"""What JavaScript makes of JSON values, where that differs from Python and shows on the wire."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_SAFE_INTEGER: Final = 2**53 - 1
_MAX_NUMBER: Final = 1.7976931348623157e308
_DECIMAL = re.compile(r"[+-]?(?:Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)", re.ASCII)
_BASED = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")
_WHITESPACE = "\t\n\v\f\r \xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)


class Undefined:
    """The type of ``UNDEFINED``."""

    def __repr__(self) -> str:
        return "UNDEFINED"


UNDEFINED: Final = Undefined()
"""Stands for a key that is absent, which JSON cannot say and JavaScript calls undefined."""


def type_name(value: Any) -> str:
    """Return the name of a value's type as it stands after "received" in a message."""
    if isinstance(value, str):
        return "string"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "NaN" if value != value else "number"
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "array"
    return "undefined" if value is UNDEFINED else "null"


def is_number(value: Any) -> bool:
    """Tell whether a value is a JSON number; in Python a boolean is an int, here it is not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_finite(value: float) -> bool:
    """Tell whether JavaScript can hold a number: an int of 400 digits is Infinity there."""
    return -_MAX_NUMBER <= value <= _MAX_NUMBER


def units(text: str) -> int:
    """Return a string's length in UTF-16 code units: a character beyond the BMP counts twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def number(value: Any) -> float:
    """Return what ``Number(value)`` makes of a JSON value, NaN where it makes nothing of it."""
    while isinstance(value, list) and len(value) == 1 and not isinstance(value[0], bool):
        value = value[0]
    if value is None or value == [] or isinstance(value, (bool, int, float)):
        return value or 0
    if not isinstance(value, str):
        return math.nan
    text = value.strip(_WHITESPACE)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return math.nan if text else 0


def printed(value: Any) -> str:
    """Return a JSON primitive as a template literal prints it, strings in double quotes."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(int(value)) if value == int(value) else repr(value)


def key_order(keys: Iterable[str]) -> Sequence[str]:
    """Return an object's keys in JavaScript's order: array indices first, by size."""
    every = list(keys)
    indices = sorted((key for key in every if _is_index(key)), key=int)
    return [*indices, *(key for key in every if not _is_index(key))] if indices else every


def _is_index(key: str) -> bool:
    return (
        key.isascii()
        and key.isdigit()
        and len(key) <= 10
        and (key == "0" or key[0] != "0")
        and int(key) < 2**32 - 1
    )
