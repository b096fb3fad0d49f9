"""The end of an error's sentence about a name that there is not: the nearest, or all there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def nearest(name: str, known: Sequence[str]) -> str:
    """Return ``did you mean 'x'?``, or where nothing is near, what there is."""
    return guess(name, known) or f"there are {', '.join(known)}"


def guess(name: str, known: Sequence[str]) -> str:
    """Return ``did you mean 'x'?``, empty where nothing is near."""
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=3)
    return f"did you mean {' or '.join(map(repr, near))}?" if near else ""
