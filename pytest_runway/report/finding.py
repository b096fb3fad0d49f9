"""A finding: what a rule holds against a test, with the requests that prove it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Level = Literal["error", "warning", "off"]
LEVELS: tuple[str, ...] = get_args(Level)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found.

    ``exchanges`` and ``tasks`` are numbers: of requests in the journal, and of tasks in order of
    creation. ``start`` and ``end`` are virtual seconds since the fake started, ``credits`` what
    the mistake cost. Why it matters and what to do stand with the rule, once.
    """

    rule: str
    level: Level
    message: str
    exchanges: tuple[int, ...] = ()
    tasks: tuple[int, ...] = ()
    start: float = 0.0
    end: float = 0.0
    credits: int = 0
