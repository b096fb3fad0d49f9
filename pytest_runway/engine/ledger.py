"""Credits: what was reserved, settled and refunded, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

EntryKind = Literal["reserve", "refund"]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One movement. ``credits`` is positive; ``reserve`` takes them, ``refund`` gives back."""

    at_ms: int
    kind: EntryKind
    credits: int
    task: int
    model: str | None


@dataclass(slots=True)
class Ledger:
    """An account's credits. ``opening`` is what it started with."""

    opening: int
    entries: list[LedgerEntry] = field(default_factory=list)
    charged: int = 0

    @property
    def balance(self) -> int:
        """What is left: the opening balance less all that was taken and not given back."""
        return self.opening - self.charged

    def reserve(self, credits_: int, *, at_ms: int, task: int, model: str | None) -> None:
        """Take credits for a task that was accepted."""
        self.charged += credits_
        self.entries.append(LedgerEntry(at_ms, "reserve", credits_, task, model))

    def refund(self, credits_: int, *, at_ms: int, task: int, model: str | None) -> None:
        """Give credits back; nothing is written for zero."""
        if credits_:
            self.charged -= credits_
            self.entries.append(LedgerEntry(at_ms, "refund", credits_, task, model))
