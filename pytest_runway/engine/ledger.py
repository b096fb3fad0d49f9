"""Credits: what was reserved, settled, refunded and bought, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

EntryKind = Literal["reserve", "refund", "purchase"]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One movement. ``credits`` is positive.

    ``reserve`` takes them, ``refund`` gives back, ``purchase`` adds. ``key`` names the API key of
    the request that made the task.
    """

    at_ms: int
    kind: EntryKind
    credits: int
    task: int | None = None
    model: str | None = None
    key: str | None = None


@dataclass(slots=True)
class Ledger:
    """An account's credits. ``opening`` is what it started with."""

    opening: int
    entries: list[LedgerEntry] = field(default_factory=list)
    charged: int = 0
    bought: int = 0

    @property
    def balance(self) -> int:
        """What is left: opening and purchases, less all that was taken and not given back."""
        return self.opening + self.bought - self.charged

    def reserve(
        self, credits_: int, *, at_ms: int, task: int | None, model: str | None, key: str | None
    ) -> None:
        """Take credits for something that was accepted."""
        self.charged += credits_
        self.entries.append(LedgerEntry(at_ms, "reserve", credits_, task, model, key))

    def refund(
        self, credits_: int, *, at_ms: int, task: int | None, model: str | None, key: str | None
    ) -> None:
        """Give credits back; nothing is written for zero."""
        if credits_:
            self.charged -= credits_
            self.entries.append(LedgerEntry(at_ms, "refund", credits_, task, model, key))

    def buy(self, credits_: int, *, at_ms: int) -> None:
        """Add credits that were paid for."""
        self.bought += credits_
        self.entries.append(LedgerEntry(at_ms, "purchase", credits_))
