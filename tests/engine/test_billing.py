"""Buying, autobilling, tiers that rise, and the mails about all of it."""

from __future__ import annotations

import pytest

from tests.engine.conftest import START_MS, Caller, new_caller

HOUR, DAY = 3_600, 86_400


def spend(call: Caller, amount: int) -> None:
    """Leave so many credits fewer, without a task."""
    call.engine.state.ledger.opening -= amount


def kinds(call: Caller) -> list[str]:
    return [mail.kind for mail in call.engine.state.outbox.mails]


def look(call: Caller, seconds: float) -> int:
    call.at(seconds)
    call.engine.advance(call.now_ms)
    return call.engine.state.ledger.balance


def test_autobilling_looks_once_an_hour() -> None:
    call = new_caller(credits_=100)
    call.engine.cashier.switch_on(500, 1_000, START_MS)
    assert [look(call, second) for second in (0, HOUR - 0.001, HOUR, HOUR + 1)] == [
        100,
        100,
        1_100,
        1_100,
    ]
    assert kinds(call) == ["charge"]
    spend(call, 1_000)
    assert [look(call, second) for second in (2 * HOUR - 1, 2 * HOUR)] == [100, 1_100]


def test_a_balance_at_the_threshold_is_not_below_it() -> None:
    call = new_caller(credits_=500)
    call.engine.cashier.switch_on(500, 1_000, START_MS)
    assert look(call, HOUR) == 500
    spend(call, 1)
    assert look(call, 2 * HOUR) == 1_499


def test_a_card_that_fails_is_tried_three_times_a_day_apart_then_autobilling_is_off() -> None:
    call = new_caller(credits_=0)
    call.engine.cashier.switch_on(500, 1_000, START_MS)
    call.engine.state.billing.declines = None
    counts = []
    for at in (HOUR, HOUR + DAY - 1, HOUR + DAY, HOUR + 2 * DAY, HOUR + 30 * DAY):
        look(call, at)
        counts.append(kinds(call).count("charge_failed"))
    assert counts == [1, 1, 2, 3, 3]
    assert kinds(call) == ["charge_failed"] * 3 + ["autobilling_off"]
    assert call.engine.state.billing.next_look_ms is None


def test_a_purchase_by_hand_switches_autobilling_on_again() -> None:
    call = new_caller(credits_=0)
    call.engine.cashier.switch_on(500, 1_000, START_MS)
    call.engine.state.billing.declines = 3
    look(call, 10 * DAY)
    assert call.engine.state.billing.next_look_ms is None
    assert call.engine.cashier.buy(1_000, call.now_ms) is None
    spend(call, 1_000)
    assert look(call, 10 * DAY + HOUR) == 1_000


def test_a_card_that_works_again_ends_the_attempts() -> None:
    call = new_caller(credits_=0)
    call.engine.cashier.switch_on(500, 1_000, START_MS)
    call.engine.state.billing.declines = 2
    look(call, 5 * DAY)
    assert kinds(call) == ["charge_failed", "charge_failed", "charge"]
    assert call.engine.state.billing.failed_attempts == 0


@pytest.mark.parametrize(
    ("amount", "refused"),
    [(999, True), (1_000, False), (10_000, False), (10_001, True)],
)
def test_a_purchase_is_at_least_ten_dollars_and_at_most_what_the_tier_allows(
    amount: int, refused: bool
) -> None:
    call = new_caller(tier=1, credits_=0)
    reason = call.engine.cashier.buy(amount, START_MS)
    assert (reason is not None) == refused
    assert call.engine.state.ledger.balance == (0 if refused else amount)


def test_a_recharge_is_cut_to_what_is_left_of_the_month_and_fails_below_ten_dollars() -> None:
    call = new_caller(credits_=0)
    call.engine.state.account.tier = 5
    call.engine.cashier.switch_on(20_000_000, 6_000_000, START_MS)
    # 10,000,000 in 30 days on tier 5: 6 million, then what is left of it, then nothing.
    assert [look(call, hour * HOUR) for hour in (1, 2, 3)] == [6_000_000, 10_000_000, 10_000_000]
    assert kinds(call) == ["charge", "charge", "charge_failed"]
    # The window rolls: what was bought in hour 1 no longer counts 30 days later.
    call.engine.state.billing.declines = 0
    assert call.engine.cashier.left_this_month(START_MS + (30 * 24 + 1) * HOUR * 1000) == 6_000_000


@pytest.mark.parametrize(
    ("bought", "tier"),
    [(4_999, 1), (5_000, 2), (9_999, 2), (10_000, 3)],
)
def test_what_was_bought_lifts_the_tier_at_once(bought: int, tier: int) -> None:
    call = new_caller(tier=1, credits_=0)
    assert call.engine.cashier.buy(bought, START_MS) is None
    assert call.engine.state.account.tier == tier


def test_a_purchase_never_lowers_the_tier_and_gives_none_where_there_was_none() -> None:
    high, none = new_caller(tier=4, credits_=0), new_caller(credits_=0)
    for call in (high, none):
        assert call.engine.cashier.buy(5_000, START_MS) is None
    assert high.engine.state.account.tier == 4
    assert none.engine.state.account.tier is None


def test_a_tier_that_rises_starts_what_waits() -> None:
    call = new_caller(tier=1, credits_=1_000)
    tasks = [call.create() for _ in range(4)]
    assert [call.task(task)["status"] for task in tasks] == ["PENDING", *["THROTTLED"] * 3]
    assert call.engine.cashier.buy(5_000, call.now_ms) is None
    assert [call.task(task)["status"] for task in tasks] == [*["PENDING"] * 3, "THROTTLED"]


def test_low_credits_are_mailed_once_each_time_they_fall() -> None:
    call = new_caller(credits_=100)
    call.engine.state.billing.low_credits = 60
    for _ in range(3):
        call.create()
    assert kinds(call) == ["low_credits"]
    assert call.engine.cashier.buy(1_000, call.now_ms) is None
    spend(call, 1_000)
    call.create()
    assert kinds(call) == ["low_credits", "charge", "low_credits"]


def test_not_enough_credits_is_a_400_until_some_are_bought() -> None:
    call = new_caller(credits_=24)
    body = {"model": "gen4_turbo", "promptImage": "https://example.com/a.jpg", "ratio": "1280:720"}
    asked = {**body, "duration": 5}
    reply = call.reply("POST", "/v1/image_to_video", asked)
    assert (reply.status, reply.json()["error"]) == (
        400,
        "You do not have enough credits to run this task.",
    )
    assert call.engine.cashier.buy(1_000, call.now_ms) is None
    assert call.reply("POST", "/v1/image_to_video", asked).status == 200
    assert call.reply("GET", "/v1/organization").json()["creditBalance"] == 999


def test_a_mail_that_nobody_reads_is_known_as_such(call: Caller) -> None:
    outbox = call.engine.state.outbox
    for mailbox in ("read", "unread", "bouncing"):
        outbox.mailbox = mailbox
        call.engine.cashier.buy(1_000, call.now_ms)
    assert [mail.received for mail in outbox.mails] == [True, False, False]
