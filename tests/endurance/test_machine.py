"""The engine against a naive model of tasks, tiers, credits and refunds, step by step."""

from __future__ import annotations

from typing import Any, ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pytest_runway.engine.timeline import Ending, Phase, Timeline
from tests.endurance.naive import NaiveAccount, NaiveTask
from tests.engine.conftest import CLIP, START_MS, Caller, new_caller

# Hypothesis ends some examples early: 46 steps each, on average.
STEPS, EXAMPLES = 50, 130
USUAL = [("PENDING", 5_000), ("RUNNING", 10_000)]
CODES = (
    *("SAFETY.INPUT.TEXT", "SAFETY.INPUT.IMAGE", "SAFETY.OUTPUT.VIDEO", "INTERNAL"),
    *("INPUT_PREPROCESSING.SAFETY.TEXT", "INPUT_PREPROCESSING.SAFETY.THIRD_PARTY"),
    *("INTERNAL.BAD_OUTPUT.CODE01", "ASSET.INVALID", "THIRD_PARTY.UNAVAILABLE"),
)
ENDINGS = st.one_of(
    st.sampled_from([("SUCCEEDED", None), ("CANCELLED", None), ("FAILED", None)]),
    st.sampled_from(CODES).map(lambda code: ("FAILED", code)),
)
# In order of the API: THROTTLED and PENDING in any order, then RUNNING.
LIVES = st.tuples(
    st.lists(
        st.tuples(st.sampled_from(["THROTTLED", "PENDING"]), st.integers(1, 20_000)), max_size=2
    ),
    st.lists(st.tuples(st.just("RUNNING"), st.integers(1, 60_000)), max_size=1),
).map(lambda parts: [*parts[0], *parts[1]])
# Body, what is reserved, what it will have cost: prices of facts §5.3. "auto" reserves 15 s.
IMAGE = {"model": "gen4_image", "promptText": "a meadow", "ratio": "1920:1080"}
AUTO = {
    "model": "seedance2_fast",
    "promptImage": "https://example.com/a.jpg",
    "duration": "auto",
    "ratio": "1280:720",
}
ASKED = st.one_of(
    st.integers(2, 10).map(
        lambda seconds: ("image_to_video", {**CLIP, "duration": seconds}, 5 * seconds, 5 * seconds)
    ),
    st.just(("text_to_image", IMAGE, 8, 8)),
    st.just(("image_to_video", AUTO, 15 * 29, 5 * 29)),
)
WRONG = st.sampled_from(
    [
        ("image_to_video", {**CLIP, "duration": 11}),
        ("image_to_video", {**CLIP, "model": "gen5"}),
        ("image_to_video", {}),
        ("text_to_image", {"model": "gen4_image", "promptText": "", "ratio": "1920:1080"}),
        ("documents", {"name": "x"}),
        ("avatars", {}),
        ("generate/video", {"configId": "nothing", "input": {}}),
    ]
)


class Script:
    def __init__(self, phases: list[tuple[Any, int]], ending: tuple[Any, str | None]) -> None:
        self.timeline = Timeline(
            tuple(Phase(status, ms=ms) for status, ms in phases), Ending(ending[0], ending[1], "!")
        )


class Machine(RuleBasedStateMachine):
    """One account, asked the same of both."""

    created = Bundle("created")
    steps: ClassVar[int] = 0

    @initialize(
        tier=st.sampled_from([1, 1, 1, 2, 5]), opening=st.sampled_from([0, 30, 500, 5_000, 5_000])
    )
    def begin(self, tier: int, opening: int) -> None:
        self.call: Caller = new_caller(tier=tier, credits_=opening)
        self.naive = NaiveAccount(opening, tier, START_MS)
        self.ids: list[str] = []

    def fingerprint(self) -> Any:
        state = self.call.engine.state
        return (
            *(state.ledger.balance, list(state.ledger.entries), len(state.tasks)),
            *([task.status for task in state.tasks], state.dice.getstate(), len(state.schedule)),
            *(dict(state.account.running), {k: list(v) for k, v in state.account.waiting.items()}),
            *(state.account.tier, list(state.outbox.mails), len(state.scripts)),
            *(repr(state.billing), repr(state.conduct), list(state.rules), state.scheduled),
            *(
                dict(state.by_id),
                state.ledger.charged,
                state.ledger.bought,
                state.account.suspended,
            ),
            {name: list(shelf) for name, shelf in state.store.shelves.items() if shelf},
        )

    @rule(target=created, asked=ASKED, count=st.integers(1, 4))
    def create_several(self, asked: Any, count: int) -> int:
        return max([self.create(asked, None) for _ in range(count)])

    @rule(target=created, asked=ASKED, life=st.tuples(LIVES, ENDINGS))
    def create_with_a_life(self, asked: Any, life: Any) -> int:
        return self.create(asked, life)

    def create(self, asked: Any, life: Any) -> int:
        operation, body, reserved, settled = asked
        scripts = self.call.engine.state.scripts
        if life is not None:
            scripts.append(Script(*life))
        refusal = self.naive.refusal(body["model"], reserved)
        before = self.fingerprint()
        reply = self.call.reply("POST", f"/v1/{operation}", body)
        if refusal is not None:
            assert reply.status == refusal, reply.body
            assert self.fingerprint() == before
            scripts.clear()
            return -1
        assert reply.status == 200, reply.body
        assert reply.json()["estimatedCost"] == {"credits": reserved}
        phases, ending = life or (USUAL, ("SUCCEEDED", None))
        now = self.naive.now
        task = NaiveTask(body["model"], now, reserved, settled, phases, ending)
        self.ids.append(reply.json()["id"])
        self.naive.create(task)
        self.naive.advance(now)
        return len(self.ids) - 1

    @rule(asked=WRONG)
    def create_something_wrong(self, asked: Any) -> None:
        operation, body = asked
        before = self.fingerprint()
        assert self.call.reply("POST", f"/v1/{operation}", body).status in (400, 404)
        assert self.fingerprint() == before

    @rule(seconds=st.sampled_from([1, 4.999, 5, 10, 15, 60]))
    def wait_a_little(self, seconds: float) -> None:
        self.wait(seconds)

    @rule(seconds=st.sampled_from([-100, 3_600, 86_399.999, 86_400, 200_000]) | st.floats(0, 30))
    def wait_an_odd_time(self, seconds: float) -> None:
        self.wait(seconds)

    def wait(self, seconds: float) -> None:
        now_ms = self.call.now_ms + round(seconds * 1000)
        self.call.now_ms = now_ms
        self.call.engine.advance(now_ms)
        self.naive.advance(max(self.naive.now, now_ms))

    @rule(place=created)
    def delete(self, place: int) -> None:
        if place < 0:
            return
        task = self.naive.tasks[place]
        reply = self.call.reply("DELETE", f"/v1/tasks/{self.ids[place]}")
        assert reply.status == (404 if task.deleted else 204)
        if not task.deleted:
            self.naive.delete(task)
            self.naive.advance(self.naive.now)

    @rule(amount=st.sampled_from([1_000, 5_000, 9_000]))
    @precondition(lambda self: sum(a for _, a in self.naive.bought) < 40_000)
    def buy(self, amount: int) -> None:
        refusal = self.call.engine.cashier.buy(amount, self.call.engine.state.now_ms)
        left = {1: 10_000, 2: 50_000, 3: 200_000, 4: 2_000_000, 5: 10_000_000}[self.naive.tier]
        month = 30 * 86_400_000
        left -= sum(a for at, a in self.naive.bought if at > self.naive.now - month)
        assert (refusal is not None) == (amount > left)
        if refusal is None:
            self.naive.buy(amount)
            self.naive.advance(self.naive.now)

    @rule(suspended=st.booleans())
    def suspend(self, suspended: bool) -> None:
        self.call.engine.state.account.suspended = True
        before = self.fingerprint()
        assert self.call.reply("POST", "/v1/image_to_video", CLIP).status == 401
        assert self.fingerprint() == before
        self.call.engine.state.account.suspended = False

    @invariant()
    def the_tasks_are_the_same(self) -> None:
        if not hasattr(self, "naive"):
            return
        Machine.steps += 1
        for id_, task in zip(self.ids, self.naive.tasks, strict=True):
            reply = self.call.reply("GET", f"/v1/tasks/{id_}")
            if task.deleted:
                assert reply.status == 404
                continue
            body = reply.json()
            assert body["status"] == task.status(self.naive.now), (body, task)
            if task.ending_now is not None:
                assert body["cost"] == {"credits": task.paid}
                assert body.get("failureCode") == task.ending_now[1]
            else:
                assert body["estimatedCost"] == {"credits": task.reserved}

    @invariant()
    def the_account_is_the_same(self) -> None:
        if not hasattr(self, "naive"):
            return
        body = self.call.reply("GET", "/v1/organization").json()
        assert body["creditBalance"] == self.naive.balance
        models = {task.model for task in self.naive.tasks}
        used = {model: count for model in models if (count := self.naive.today(model))}
        assert {k: v["dailyGenerations"] for k, v in body["usage"]["models"].items()} == used
        assert self.call.engine.state.account.tier == self.naive.tier

    @invariant()
    def the_ledger_balances(self) -> None:
        if not hasattr(self, "naive"):
            return
        ledger = self.call.engine.state.ledger
        moved = sum(
            entry.credits if entry.kind in ("refund", "purchase") else -entry.credits
            for entry in ledger.entries
        )
        assert ledger.opening + moved == ledger.balance >= 0
        by_task: dict[int | None, int] = {}
        for entry in ledger.entries:
            if entry.kind != "purchase":
                sign = 1 if entry.kind == "reserve" else -1
                by_task[entry.task] = by_task.get(entry.task, 0) + sign * entry.credits
        charged = {task.number: task.charged for task in self.call.engine.state.tasks}
        assert by_task == charged
        assert all(amount >= 0 for amount in charged.values())


def test_five_thousand_steps_make_no_difference() -> None:
    Machine.steps = 0
    run_state_machine_as_test(
        Machine, settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None)
    )
    assert Machine.steps >= 5_000
