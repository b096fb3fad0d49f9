"""The account under test: its keys, its tier, what it may use."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_runway.engine.task import Task

FAKE_KEY = "key_" + "fa4e" * 32
"""The fake's own key: valid in shape (facts §7), and readable as "fake" at a glance."""

PLENTY = 1_000_000_000
"""The credits of an account that a test does not limit."""

DAY_MS = 86_400_000


@dataclass(slots=True)
class Account:
    """One account. Without a ``tier`` nothing is throttled and no daily count stops it."""

    key: str = FAKE_KEY
    tier: int | None = None
    any_key: bool = False
    suspended: bool = False
    revoked_keys: set[str] = field(default_factory=set)
    withheld_models: set[str] = field(default_factory=set)
    running: Counter[str] = field(default_factory=Counter)
    waiting: dict[str, deque[Task]] = field(default_factory=dict)
    created_ms: dict[str, deque[int]] = field(default_factory=dict)

    def created_in_the_last_day(self, model: str, now_ms: int) -> int:
        """Return how many tasks of a model were accepted in the past rolling 24 h (facts §5.1)."""
        created = self.created_ms.get(model)
        if not created:
            return 0
        while created and created[0] <= now_ms - DAY_MS:
            created.popleft()
        return len(created)

    def count(self, model: str, now_ms: int) -> None:
        """Count one accepted task. Every create counts, also one that fails later (Assumed)."""
        self.created_ms.setdefault(model, deque()).append(now_ms)
