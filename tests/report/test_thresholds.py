"""Where each rule begins: one step before it finds nothing."""

from __future__ import annotations

import pytest

from tests.report.story import Story
from tests.report.tells import (
    UNEVEN,
    Tell,
    both,
    create_at,
    delete_at,
    lost,
    moderated,
    polls,
    reads,
    tries,
    waited_for,
)

# rule, what is just enough, what is just not enough
EDGES: list[tuple[str, Tell, Tell]] = [
    ("poll_after_terminal", polls("FAILED", UNEVEN[:3]), polls("FAILED", UNEVEN[:2])),
    ("poll_after_terminal", polls("CANCELLED", UNEVEN[:3]), polls("CANCELLED", UNEVEN[:2])),
    ("poll_after_terminal", polls("SUCCEEDED", UNEVEN[:4]), polls("SUCCEEDED", UNEVEN[:3])),
    (
        "poll_after_terminal",
        polls("FAILED", [6, 3599.9, 3599.9]),
        polls("FAILED", [6, 3600, 3600]),
    ),
    ("poll_after_terminal", polls("FAILED", [6.1, 6.2, 6.3]), polls("FAILED", [6.1, 6.2, 0])),
    ("terminal_not_recognised", polls("FAILED", UNEVEN[:4]), polls("FAILED", UNEVEN[:3])),
    ("terminal_not_recognised", polls("CANCELLED", UNEVEN[:4]), polls("CANCELLED", UNEVEN[:3])),
    (
        "terminal_not_recognised",
        polls("SUCCEEDED", [*UNEVEN, 5.6]),
        polls("SUCCEEDED", UNEVEN),
    ),
    ("unlimited_wait", polls("RUNNING", [9600.0] * 9), polls("RUNNING", [9599.9] * 9)),
    ("unlimited_wait", polls("RUNNING", [9600.0] * 9), polls("RUNNING", [10_800.0] * 8)),
    (
        "unlimited_wait",
        polls("RUNNING", [*[1.0] * 8, 86_399.9]),
        polls("RUNNING", [*[1.0] * 8, 86_400.0]),
    ),
    ("poll_too_fast", polls("RUNNING", [4.49] * 3), polls("RUNNING", [4.5] * 3)),
    ("poll_too_fast", polls("RUNNING", [4.49] * 3), polls("RUNNING", [4.49] * 2)),
    ("poll_too_fast", polls("RUNNING", [4.49, 9, 4.49, 4.49]), polls("RUNNING", [4.49, 9, 4.49])),
    ("poll_too_fast", polls("RUNNING", [4.99] * 5), polls("RUNNING", [4.99] * 4)),
    ("poll_too_fast", polls("RUNNING", [4.99] * 5), polls("RUNNING", [5.0] * 5)),
    ("poll_too_fast", polls("RUNNING", [1.0] * 3), polls("SUCCEEDED", [1.0] * 3)),
    ("poll_too_fast", polls("RUNNING", [1.0] * 3), polls(None, [1.0] * 3)),
    ("retry_storm", tries(1.2, 1.2, 1.3, 1.29), tries(1.2, 1.2, 1.3, 1.3)),
    ("retry_storm", tries(0.1, 0.2, 0.3, 0.4), tries(0.1, 0.2, 0.3)),
    ("retry_storm", tries(9, *[0.1] * 4), tries(9, *[0.1] * 3)),
    ("retry_storm", tries(*[3.99] * 12), tries(*[3.99] * 11)),
    ("retry_storm", tries(*[3.99] * 12), tries(*[4.0] * 12)),
    (
        "retry_storm",
        tries(*[0.5] * 4, retry_after_ms=600, flow=1),
        tries(*[0.5] * 4, retry_after_ms=500, flow=1),
    ),
    ("retry_after_ignored", tries(2.94, retry_after_ms=3000), tries(2.95, retry_after_ms=3000)),
    (
        "retry_after_ignored",
        tries(2.9, retry_after_ms=86_400_000),
        tries(2.9, retry_after_ms=86_400_001),
    ),
    ("retried_non_retryable", tries(1.3, status=400), tries(1.3, status=399, fault="a")),
    ("retried_non_retryable", tries(1.3, status=499), tries(1.3, status=500)),
    *(
        ("retried_non_retryable", tries(1.3, status=404), tries(1.3, status=passing))
        for passing in (408, 409, 425, 429, None)
    ),
    ("retried_non_retryable", tries(1.3, status=400), tries(status=400)),
    ("retried_non_retryable", reads(404, 1, 2, 3), reads(404, 1, 2)),
    ("constant_interval", tries(2, 2.9, 3), tries(2, 2.9, 3.01)),
    ("constant_interval", tries(2, 2.9, 3), tries(2, 2.9)),
    ("constant_interval", tries(2, 2.9, 3), tries(2, 2.9, 3, retry_after_ms=100)),
    ("no_jitter", tries(1.251, 2.501), tries(1.252, 2.501)),
    ("no_jitter", tries(1.249, 2.5), tries(1.248, 2.5)),
    ("no_jitter", tries(1.333, 1.334), tries(1.333, 1.335)),
    ("no_jitter", tries(1.25, 2.5), tries(1.25)),
    ("no_jitter", tries(1.25, 2.5), tries(1.25, 2.5, retry_after_ms=100)),
    ("no_jitter", polls("RUNNING", [6, 6, 6]), polls("RUNNING", [6, 6])),
    ("no_jitter", polls("RUNNING", [6, 6, 6]), polls("RUNNING", [6, 6, 6, 0])),
    ("double_charge", lost(again=0), lost(again=0, flow=2)),
    ("double_charge", lost(again=0.001, flow=2), lost(again=0, flow=2)),
    ("double_charge", lost(again=0.1, first=0, flow=0), lost(again=0, first=0, flow=0)),
    ("double_charge", lost(again=9), both(create_at(0), create_at(9))),
    (
        "double_charge",
        lost(again=9),
        both(
            lambda story: story.create(0, status=None, fault="drip"),
            lambda story: story.poll("SUCCEEDED", 20),
            create_at(21),
        ),
    ),
    (
        "double_charge",
        lost(again=9),
        both(lambda story: story.create(0, status=None, fault="drip"), delete_at(3), create_at(9)),
    ),
    (
        "double_charge",
        lost(again=0, flow=2, headers={"x-stainless-retry-count": "1"}),
        lost(again=0, flow=2, headers={"x-stainless-retry-count": "0"}),
    ),
    (
        "double_charge",
        waited_for("RUNNING", "RUNNING", then=create_at(20)),
        waited_for("RUNNING", then=create_at(20)),
    ),
    (
        "double_charge",
        waited_for(None, then=create_at(20)),
        waited_for("SUCCEEDED", then=create_at(20)),
    ),
    (
        "double_charge",
        waited_for("RUNNING", "RUNNING", then=create_at(20)),
        waited_for("RUNNING", "RUNNING", then=both(delete_at(15), create_at(20))),
    ),
    (
        "double_charge",
        waited_for("RUNNING", "RUNNING", then=create_at(20)),
        waited_for("RUNNING", "FAILED", then=create_at(20)),
    ),
    (
        "double_charge",
        waited_for("RUNNING", "RUNNING", then=create_at(20)),
        both(create_at(0), create_at(3), lambda story: story.poll("RUNNING", 6, 12)),
    ),
    ("poll_abandoned", polls(None, [59.9], first=None), polls(None, [60.0], first=None)),
    (
        "poll_abandoned",
        polls(None, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], first=None),
        polls(None, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], first=None),
    ),
    ("poll_abandoned", polls(None, [6.1]), polls(None, [6.1], first="FAILED")),
    ("poll_abandoned", polls(None, [6.1]), both(polls(None, [6.1]), delete_at(30))),
    ("poll_abandoned", polls(None, [6.1], status=429), polls(None, [6.1], status=404)),
    *(
        ("poll_abandoned", polls(None, [6.1], status=passing), polls(None, [6.1], status=400))
        for passing in (408, 409, 425, 500, None)
    ),
    (
        "poll_abandoned",
        polls(None, [6.1]),
        both(polls(None, [6.1]), lambda story: story.poll("RUNNING", 40)),
    ),
    ("no_cancel_on_timeout", polls("RUNNING", [6.1]), polls("RUNNING", [0])),
    ("no_cancel_on_timeout", polls("RUNNING", [6.1]), polls("SUCCEEDED", [6.1])),
    ("no_cancel_on_timeout", polls("RUNNING", [6.1]), polls(None, [6.1])),
    (
        "no_cancel_on_timeout",
        both(polls("RUNNING", [6.1]), lambda story: story.delete(30, status=503)),
        both(polls("RUNNING", [6.1]), delete_at(30)),
    ),
    ("retried_moderation", moderated(again=6), moderated(again=6, flow=2)),
    ("retried_moderation", moderated(again=6.001, flow=2), moderated(again=6, flow=2)),
    ("retried_moderation", moderated(again=6), moderated(again=6, told="RUNNING")),
    ("retried_moderation", moderated(again=6), moderated(again=6, clip={"duration": 10})),
]


@pytest.mark.parametrize(
    ("rule", "enough", "too_little"), EDGES, ids=[f"{i}-{each[0]}" for i, each in enumerate(EDGES)]
)
def test_where_a_rule_begins(rule: str, enough: Tell, too_little: Tell) -> None:
    found = []
    for tell in (enough, too_little):
        story = Story()
        tell(story)
        found.append(rule in story.end())
    assert found == [True, False]


def orphans(story: Story, at: float) -> bool:
    return "orphan_running" in story.end(at)


def test_a_task_is_no_orphan_once_it_has_ended() -> None:
    story = Story()
    story.create()
    assert orphans(story, 14.999)
    assert not orphans(story, 15)


def test_a_task_that_nobody_heard_of_is_no_orphan_unless_its_id_was_used() -> None:
    story = Story()
    story.create(status=None, fault="lost")
    assert not orphans(story, 1)
    story.poll("PENDING", 2)
    assert orphans(story, 3)


def test_credits_that_were_bought_are_a_reason_only_if_bought_in_between() -> None:
    def story(bought: float) -> set[str]:
        told = Story()
        told.state.ledger.buy(100, at_ms=told.state.started_ms + round(bought * 1000))
        told.refused(400, 1, 2)
        return told.end()

    assert "retried_non_retryable" in story(0.999)
    assert "retried_non_retryable" not in story(1)
    assert "retried_non_retryable" not in story(2)
    assert "retried_non_retryable" in story(2.001)


def test_a_flow_that_asked_once_is_nobody_in_particular() -> None:
    """Some clients run each request in a task of its own: their retries are retries."""
    story = Story()
    for flow, at in enumerate((0, 1.3, 2.9), start=1):
        story.refused(400, at, flow=flow)
    assert "retried_non_retryable" in story.end()


def test_flows_that_are_known_are_kept_apart() -> None:
    story = Story()
    for at, flow in ((0, 1), (1, 2), (2, 3)):
        story.refused(400, at, flow=flow)
        story.ask("GET", "/v1/organization", at, flow=flow)
    assert "retried_non_retryable" not in story.end()


def test_a_chain_of_lost_creates_is_one_finding_that_counts_all_but_the_first() -> None:
    from pytest_runway.report.verdict import judge

    story = Story()
    for at in (0, 60, 120, 180):
        story.create(at, status=None, fault="lost")
    story.create(200, clip={"promptText": "another"})
    (finding,) = [each for each in judge(story.state) if each.rule == "double_charge"]
    assert finding.tasks == finding.exchanges == (1, 2, 3, 4)
    assert finding.credits == 75
