"""Numbers with their nouns, as every message and summary writes them."""

from __future__ import annotations


def counted(number: float, noun: str) -> str:
    """Return a number and its noun, such as ``1 task`` or ``2,000 tasks``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
