"""All that changes, in one object."""

from __future__ import annotations

import random
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_runway.engine.account import PLENTY, Account
from pytest_runway.engine.billing import Billing
from pytest_runway.engine.faults import ArmedFaults
from pytest_runway.engine.journal import Journal
from pytest_runway.engine.keys import FAKE_KEY, ApiKey, KeyRing
from pytest_runway.engine.ledger import Ledger
from pytest_runway.engine.mail import Outbox
from pytest_runway.engine.moderation import Conduct, Rule
from pytest_runway.engine.resources.store import Store
from pytest_runway.engine.web import AssetRule, Web

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
    account: Account
    billing: Billing = field(default_factory=Billing)
    outbox: Outbox = field(default_factory=Outbox)
    rules: list[Rule] = field(default_factory=list)
    conduct: Conduct = field(default_factory=Conduct)
    store: Store = field(default_factory=Store)
    web: Web = field(default_factory=Web)
    tasks: list[Task] = field(default_factory=list)
    by_id: dict[str, Task] = field(default_factory=dict)
    scripts: deque[Scripted] = field(default_factory=deque)
    faults: ArmedFaults = field(default_factory=ArmedFaults)
    journal: Journal = field(default_factory=Journal)
    # A heap of (due, order, epoch, task): order keeps ties as they were scheduled.
    schedule: list[tuple[int, int, int, Task]] = field(default_factory=list)
    scheduled: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def elapsed(self) -> float:
        """Virtual seconds since the fake started."""
        return (self.now_ms - self.started_ms) / 1000

    def new_id(self) -> str:
        """Return a fresh UUID, version 4, by this fake's own dice."""
        return _uuid(self.dice)


def new_state(
    *,
    now_ms: int,
    seed: int | str = 0,
    tier: int | None = None,
    credits_: int | None = None,
    any_key: bool = False,
    known_keys_only: bool = False,
    assets: AssetRule = "lenient",
) -> State:
    """Return the state of a fresh fake. All chance comes from ``seed``."""
    dice = random.Random(seed)  # noqa: S311 - repeatable on purpose
    first = ApiKey(_uuid(dice), "default", FAKE_KEY)
    keys = KeyRing([first], any_shape=any_key, known_only=known_keys_only)
    return State(
        started_ms=now_ms,
        now_ms=now_ms,
        dice=dice,
        ledger=Ledger(PLENTY if credits_ is None else credits_),
        account=Account(keys, tier=tier),
        web=Web(assets),
        faults=ArmedFaults(str(seed)),
    )


def _uuid(dice: random.Random) -> str:
    return str(uuid.UUID(int=dice.getrandbits(128), version=4))
