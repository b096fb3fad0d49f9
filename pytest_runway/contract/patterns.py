"""Patterns as JavaScript reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\(\?.?|.", re.DOTALL)
_NEW_LINES = r"\n\r\u2028\u2029"
_UNLIKE = re.compile(r"\\[sSbBpPukxc0-9]|\(\?[^:=!]?\Z|\(\?<")


def literal(pattern: str) -> str:
    """Return a pattern as ``RegExp.prototype.toString`` shows it, between slashes."""
    shown = (r"\/" if part == "/" else part for part in _TOKEN.findall(pattern))
    return f"/{''.join(shown)}/"


def searcher(pattern: str) -> Callable[[str], object]:
    """Return a function that is truthy for the strings in which a JavaScript pattern is found.

    Raises:
        ValueError: for what is no pattern, and for one that the two languages read differently
            beyond ``.`` and ``$``.
    """
    parts = _TOKEN.findall(pattern)
    if parts[-2:] == [".", "*"]:
        del parts[-2:]  # changes nothing but the time: a data URI has megabytes to run through
    try:
        return re.compile("".join(map(_translated, parts)), re.ASCII).search
    except re.error as error:
        raise ValueError(f"{pattern!r} is no pattern: {error}") from None


def _translated(part: str) -> str:
    if _UNLIKE.match(part):
        raise ValueError(f"{part!r} means something else in Python")
    if part == "$":
        return r"\Z"
    return f"[^{_NEW_LINES}]" if part == "." else part
