"""Durations as people write them, and as the engine counts them: integer milliseconds."""

from __future__ import annotations

import math
import re
from typing import TypeAlias

from pytest_runway.errors import UsageError

Duration: TypeAlias = "int | float | str"
"""Seconds as a number, or a string such as ``"90s"``, ``"10m"``, ``"24h"``."""

_UNIT_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_FORM = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)")
_VALID = 'a number of seconds of at least 0, or a string such as "500ms", "90s", "10m", "24h", "7d"'


def milliseconds(duration: Duration) -> int:
    """Return a duration in whole milliseconds.

    Raises:
        UsageError: for anything but a finite number of seconds of at least 0 or a number with
            one of the units ms, s, m, h, d.
    """
    if isinstance(duration, bool) or not isinstance(duration, (int, float, str)):
        raise UsageError(f"not a duration: {duration!r}; expected {_VALID}")
    if isinstance(duration, str):
        found = _FORM.fullmatch(duration.strip())
        if not found:
            raise UsageError(f"not a duration: {duration!r}; expected {_VALID}")
        return round(float(found[1]) * _UNIT_MS[found[2]])
    if not math.isfinite(duration) or duration < 0:
        raise UsageError(f"not a duration: {duration!r}; expected {_VALID}")
    return round(duration * 1_000)


def as_text(ms: int) -> str:
    """Return whole milliseconds as the shortest string that ``milliseconds`` reads back."""
    for unit in ("d", "h", "m", "s"):
        if ms and ms % _UNIT_MS[unit] == 0:
            return f"{ms // _UNIT_MS[unit]}{unit}"
    return f"{ms}ms" if ms else "0s"
