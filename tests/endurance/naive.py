"""A second opinion: tasks, tiers and credits, written down as plainly as possible.

It shares no code with the engine. It is slow on purpose: every question looks at everything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

DAY_MS = 86_400_000
# Facts §5.1: tasks at once and tasks a day, for video and image models, tiers 1 to 5.
CONCURRENT = {"video": (1, 3, 5, 10, 20), "image": (2, 3, 5, 10, 20)}
DAILY = {"video": (50, 500, 1000, 5000, 25000), "image": (200, 1000, 2000, 10000, 30000)}
GROUP = {"gen4_turbo": "video", "seedance2_fast": "video", "gen4_image": "image"}
# Facts §4.6: only the safety of inputs is not refunded.
KEPT = "SAFETY.INPUT."
# Facts §5.1: what has to have been bought for tiers 2 to 5, in credits.
LIFTS = (5_000, 10_000, 100_000, 500_000)


@dataclass
class NaiveTask:
    model: str
    created: int
    reserved: int
    settled: int
    phases: list[tuple[str, int]]
    ending: tuple[str, str | None]
    started: int | None = None
    ended: int | None = None
    ending_now: tuple[str, str | None] | None = None
    paid: int = 0
    deleted: bool = False

    def status(self, now: int) -> str:
        if self.ending_now is not None:
            return self.ending_now[0]
        if self.started is None:
            return "THROTTLED"
        at = self.started
        for status, lasts in self.phases:
            at += lasts
            if now < at:
                return status
        return self.ending[0]

    def due(self) -> int | None:
        if self.started is None or self.ending_now is not None:
            return None
        return self.started + sum(lasts for _, lasts in self.phases)

    def finish(self, at: int, ending: tuple[str, str | None], was: str) -> None:
        self.ended, self.ending_now = at, ending
        status, code = ending
        if status == "SUCCEEDED":
            self.paid = self.settled
        elif status == "FAILED":
            self.paid = self.reserved if code is not None and code.startswith(KEPT) else 0
        else:
            self.paid = self.reserved if was == "RUNNING" else 0


@dataclass
class NaiveAccount:
    opening: int
    tier: int
    now: int
    bought: list[tuple[int, int]] = field(default_factory=list)
    tasks: list[NaiveTask] = field(default_factory=list)

    @property
    def balance(self) -> int:
        spent = sum(t.reserved if t.ending_now is None else t.paid for t in self.tasks)
        return self.opening + sum(amount for _, amount in self.bought) - spent

    def today(self, model: str) -> int:
        return sum(t.model == model and t.created > self.now - DAY_MS for t in self.tasks)

    def busy(self, model: str) -> int:
        return sum(
            t.model == model and t.started is not None and t.ending_now is None for t in self.tasks
        )

    def refusal(self, model: str, reserved: int) -> int | None:
        if reserved > self.balance:
            return 400
        if self.today(model) >= DAILY[GROUP[model]][self.tier - 1]:
            return 429
        return None

    def create(self, task: NaiveTask) -> None:
        self.tasks.append(task)
        self.start_what_can(task.created)

    def start_what_can(self, at: int) -> None:
        for task in self.tasks:
            waits = task.started is None and task.ending_now is None
            room = CONCURRENT[GROUP[task.model]][self.tier - 1]
            if waits and self.busy(task.model) < room:
                task.started = at

    def advance(self, to: int) -> None:
        while True:
            due = [(at, task) for task in self.tasks if (at := task.due()) is not None]
            first = min((at for at, _ in due), default=math.inf)
            if first > to:
                break
            for at, task in due:
                if at == first:
                    last = task.phases[-1][0] if task.phases else "PENDING"
                    task.finish(at, task.ending, last)
            self.start_what_can(int(first))
        self.now = max(self.now, to)

    def delete(self, task: NaiveTask) -> None:
        if task.ending_now is None:
            task.finish(self.now, ("CANCELLED", None), task.status(self.now))
        task.deleted = True
        self.start_what_can(self.now)

    def buy(self, amount: int) -> None:
        self.bought.append((self.now, amount))
        total = sum(each for _, each in self.bought)
        self.tier = max(self.tier, 1 + sum(total >= lift for lift in LIFTS))
        self.start_what_can(self.now)
