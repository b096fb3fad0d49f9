"""The account under test: its keys, its tier, what it may use."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_runway.engine.keys import KeyRing
    from pytest_runway.engine.task import Task

PLENTY = 1_000_000_000
"""The credits of an account that a test does not limit."""

DAY_MS = 86_400_000


@dataclass(slots=True)
class Account:
    """One account. Without a ``tier`` nothing is throttled and no daily count stops it."""

    keys: KeyRing
    tier: int | None = None
    suspended: bool = False
    withheld_models: set[str] = field(default_factory=set)
    unlimited_models: set[str] = field(default_factory=set)
    # The order of models where a router prefers latency or quality; nothing is known of either.
    ranking: list[str] = field(default_factory=list)
    running: Counter[str] = field(default_factory=Counter)
    # By model, in order of submission, by number: one that is cancelled leaves from the middle.
    waiting: dict[str, OrderedDict[int, Task]] = field(default_factory=dict)
    created_ms: dict[str | None, deque[int]] = field(default_factory=dict)

    def created_in_the_last_day(self, model: str | None, now_ms: int) -> int:
        """Return how many tasks of a model were accepted in the past rolling 24 h (facts §5.1)."""
        created = self.created_ms.get(model)
        if not created:
            return 0
        while created and created[0] <= now_ms - DAY_MS:
            created.popleft()
        return len(created)

    def count(self, model: str | None, now_ms: int) -> None:
        """Count one accepted task. Every create counts, also one that fails later (Assumed)."""
        self.created_ms.setdefault(model, deque()).append(now_ms)
