"""All that changes, in one object."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_runway.engine.account import PLENTY, Account
from pytest_runway.engine.faults import FaultPlan
from pytest_runway.engine.journal import Journal
from pytest_runway.engine.ledger import Ledger

if TYPE_CHECKING:
    from pytest_runway.engine.task import Task
    from pytest_runway.engine.timeline import Scripted


@dataclass(slots=True)
class State:
    """What one fake knows. ``started_ms`` and ``now_ms`` are Unix milliseconds."""

    started_ms: int
    now_ms: int
    dice: random.Random
    ledger: Ledger
    account: Account = field(default_factory=Account)
    tasks: list[Task] = field(default_factory=list)
    by_id: dict[str, Task] = field(default_factory=dict)
    scripts: deque[Scripted] = field(default_factory=deque)
    faults: FaultPlan = field(default_factory=FaultPlan)
    journal: Journal = field(default_factory=Journal)
    # A heap of (due, order, epoch, task): order keeps ties as they were scheduled.
    schedule: list[tuple[int, int, int, Task]] = field(default_factory=list)
    scheduled: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def elapsed(self) -> float:
        """Virtual seconds since the fake started."""
        return (self.now_ms - self.started_ms) / 1000


def new_state(
    *,
    now_ms: int,
    seed: int | str = 0,
    tier: int | None = None,
    credits_: int | None = None,
    any_key: bool = False,
) -> State:
    """Return the state of a fresh fake. All chance comes from ``seed``."""
    return State(
        started_ms=now_ms,
        now_ms=now_ms,
        dice=random.Random(seed),  # noqa: S311 - repeatable on purpose
        ledger=Ledger(PLENTY if credits_ is None else credits_),
        account=Account(tier=tier, any_key=any_key),
    )
