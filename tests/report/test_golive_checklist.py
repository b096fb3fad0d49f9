"""Records in, answers out: what proves an item, what speaks against it, what says nothing."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_runway.report.catalogue import RULES
from pytest_runway.report.golive import ITEMS, Answer, KeyScan, checklist
from pytest_runway.report.golive.sightings import LOOKS
from tests.report.golive_records import CLIP, TEST, finding, record, request, task

if TYPE_CHECKING:
    from pytest_runway.report.record import TestRecord

SAME = {"1": "a", "2": "a"}
OTHER = {"1": "a", "2": "b"}
CREATED = request(1, task=1)
TASK_PATH = "/v1/tasks/x"

# the item, the part, and a test that goes through it well
WELL: dict[str, tuple[str, TestRecord]] = {
    "queued": (
        "tier",
        record(CREATED, tasks=(task(1, "THROTTLED", "RUNNING", "SUCCEEDED"),), tier=1, queued=[1]),
    ),
    "daily_limit": ("tier", record(request(1, 429, error="daily_limit"))),
    "autobilled": ("billing", record(CREATED, mails=[["charge", True]])),
    "card_failed": ("billing", record(CREATED, mails=[["charge_failed", True]])),
    "rate_limited": ("rate_limit", record(request(1, 429), request(2), intents=SAME)),
    "unavailable": ("unavailable", record(request(1, 503), request(2), intents=SAME)),
    "invalid": ("validation", record(request(1, 400, error="validation"))),
    "bad_url": ("urls", record(request(1, 400, error="validation"), refusals={"1": ["url"]})),
    "oversized": (
        "media",
        record(request(1, 400, error="validation"), refusals={"1": ["oversized"]}),
    ),
    "unsupported": (
        "media",
        record(request(1, 400, error="validation"), refusals={"1": ["unsupported"]}),
    ),
    "own_key": ("keys_stored", record(CREATED, keys=["default", "staging"])),
    "key_refused": ("keys_stored", record(request(1, 401, error="unknown_key"))),
    "watched": (
        "monitoring",
        record(
            request(1, 503),
            request(2, task=1),
            tasks=(task(1, "THROTTLED", "SUCCEEDED"),),
            looked_at=["metrics"],
        ),
    ),
    "moderated": (
        "moderation",
        record(CREATED, tasks=(task(1, "FAILED", code="SAFETY.INPUT.TEXT"),)),
    ),
    "suspended": ("suspension", record(request(1, 401, error="suspended"))),
    "suspension_mail": ("suspension", record(CREATED, mails=[["suspended", True]])),
    "downloaded": ("outputs", record(CREATED, downloads=[[1, 1]])),
    "deleted_again": (
        "deletion",
        record(
            request(1, 204, method="DELETE", operation="tasks", path=TASK_PATH),
            request(2, 404, method="DELETE", operation="tasks", path=TASK_PATH),
        ),
    ),
}

# the item, and a test in which it did not come out well, or did not happen
NOT_WELL = [
    ("tier", record(CREATED, tasks=(task(1, "THROTTLED", "CANCELLED"),), tier=1, queued=[1])),
    ("tier", record(CREATED, tasks=(task(1, "THROTTLED", "SUCCEEDED"),), tier=None, queued=[])),
    ("tier", record(request(1, 429))),  # a planned one is no daily limit
    ("billing", record(CREATED, mails=[["charge", False], ["charge_failed", False]])),
    ("billing", record(CREATED, mails=[["low_credits", True]])),
    ("rate_limit", record(request(1, 429), intents={"1": "a"})),
    ("rate_limit", record(request(1, 429), request(2), intents=OTHER)),
    ("rate_limit", record(request(1), request(2, 429), intents=SAME)),
    ("rate_limit", record(request(1, 429), request(2, 503), intents=SAME)),
    ("rate_limit", record(request(1, 503), request(2), intents=SAME)),
    ("rate_limit", record(request(1, 429, method="GET", operation="tasks"), request(2))),
    ("unavailable", record(request(1, 503), intents={"1": "a"})),
    ("unavailable", record(request(1, None), request(2), intents=SAME)),
    ("validation", record(request(1, 400, error="not_enough_credits"))),
    (
        "validation",
        record(
            request(1, 400, error="validation"),
            request(2, 400, error="validation"),
            request(3, 400, error="validation"),
            intents={"1": "a", "2": "a", "3": "a"},
        ),
    ),
    ("urls", record(request(1, 400, error="validation"), refusals={"1": ["oversized"]})),
    ("keys_stored", record(CREATED, keys=["default"])),
    ("keys_stored", record(request(1, 401, error="suspended"))),
    ("monitoring", record(CREATED, looked_at=["metrics"])),
    ("monitoring", record(request(1, 503), request(2), looked_at=[])),
    ("moderation", record(CREATED, tasks=(task(1, "FAILED", code="INTERNAL"),))),
    (
        "moderation",
        record(
            CREATED,
            request(2, task=2),
            tasks=(task(1, "FAILED", code="SAFETY.INPUT.TEXT"), task(2, "SUCCEEDED")),
            intents=SAME,
        ),
    ),
    ("suspension", record(request(1, 401, error="unknown_key"))),
    ("outputs", record(CREATED, tasks=(task(1, "SUCCEEDED"),), downloads=[])),
    (
        "deletion",
        record(request(1, 404, method="DELETE", operation="tasks", path=TASK_PATH)),
    ),
    (
        "deletion",
        record(
            request(1, 204, method="DELETE", operation="tasks", path=TASK_PATH),
            request(2, 404, method="DELETE", operation="tasks", path="/v1/tasks/y"),
        ),
    ),
]


def answer(item: str, *records: TestRecord, keys: KeyScan | None = None) -> Answer:
    (found,) = (each for each in checklist(records, keys=keys).answers if each.item.id == item)
    return found


def all_well(item: str) -> list[TestRecord]:
    """Return a test for each part of an item, each with a name of its own."""
    return [
        replace(seen, test=f"{TEST}_{look}") for look, (id_, seen) in WELL.items() if id_ == item
    ]


def test_there_is_a_test_here_for_every_part_of_every_item() -> None:
    parts = [(part.look, item.id) for item in ITEMS for part in item.parts]
    assert dict(parts) == {look: item for look, (item, _) in WELL.items()}
    assert set(LOOKS) == set(WELL)


def test_without_a_test_nothing_is_ready() -> None:
    made = checklist([])
    assert {each.status for each in made.answers} == {"NOT EXERCISED"}
    assert not made.ready
    assert all(each.next_steps for each in made.answers)
    assert made.summary() == "0 READY, 0 NOT READY, 14 NOT EXERCISED; 0 tests on the fake"


@pytest.mark.parametrize("item", sorted({item for item, _ in WELL.values()}))
def test_an_item_is_ready_once_a_test_passed_for_each_of_its_parts(item: str) -> None:
    seen = all_well(item)
    found = answer(item, *seen)
    assert found.status == "READY"
    assert {proof.test for proof in found.proofs} == {each.test for each in seen}
    assert (found.next_steps, found.missing, found.against) == ((), (), ())
    for left_out in seen:
        rest = [each for each in seen if each is not left_out]
        assert answer(item, *rest).status == "NOT EXERCISED"


@pytest.mark.parametrize(("item", "seen"), NOT_WELL)
def test_what_did_not_come_out_well_proves_nothing(item: str, seen: TestRecord) -> None:
    found = answer(item, seen)
    assert found.status == "NOT EXERCISED"
    assert found.proofs == ()
    assert found.missing
    assert found.next_steps[0].snippet.count("def test_") == 1


@pytest.mark.parametrize("look", WELL)
@pytest.mark.parametrize("outcome", ["failed", "error"])
def test_a_test_that_failed_speaks_against_what_happened_in_it(look: str, outcome: str) -> None:
    item, seen = WELL[look]
    failed = replace(seen, outcome=outcome, test=f"{TEST}_failed")
    found = answer(item, *all_well(item), failed)
    assert found.status == "NOT READY"
    assert found.against[0].test == f"{TEST}_failed"
    assert found.against[0].what.endswith("; the test failed")
    assert found.next_steps[0].snippet == f"pytest {TEST}_failed"


@pytest.mark.parametrize("look", WELL)
@pytest.mark.parametrize("outcome", ["skipped", "xfailed", "xpassed", "interrupted"])
def test_a_test_that_neither_passed_nor_failed_says_nothing(look: str, outcome: str) -> None:
    item, seen = WELL[look]
    found = answer(item, replace(seen, outcome=outcome))
    assert (found.status, found.proofs, found.against) == ("NOT EXERCISED", (), ())


@pytest.mark.parametrize(
    ("item", "rule"), [(item.id, rule) for item in ITEMS for rule in item.rules]
)
def test_an_error_of_a_rule_speaks_against_its_items(item: str, rule: str) -> None:
    guilty = record(CREATED, findings=(finding(rule),), test=f"{TEST}_guilty")
    found = answer(item, *all_well(item), guilty)
    assert found.status == "NOT READY"
    (proof,) = found.against
    assert str(proof) == f"{TEST}_guilty, request 2: {rule}: what it did"


@pytest.mark.parametrize(
    ("item", "rule"), [(item.id, rule) for item in ITEMS for rule in item.rules]
)
@pytest.mark.parametrize("level", ["warning", "off"])
def test_what_is_no_error_speaks_against_nothing(item: str, rule: str, level: str) -> None:
    noticed = record(CREATED, findings=(finding(rule, level),), test=f"{TEST}_noticed")
    assert answer(item, *all_well(item), noticed).status == "READY"


def test_a_rule_of_another_item_speaks_against_nothing_here() -> None:
    guilty = record(CREATED, findings=(finding("retried_moderation"),))
    assert answer("rate_limit", *all_well("rate_limit"), guilty).status == "READY"


def test_a_test_with_an_error_of_any_rule_proves_nothing() -> None:
    item, seen = WELL["rate_limited"]
    guilty = replace(seen, findings=(finding("orphan_running"),))
    found = answer(item, guilty)
    assert (found.status, found.proofs) == ("NOT EXERCISED", ())
    assert answer(item, guilty, replace(seen, test="t::other")).status == "READY"


def test_a_test_with_very_many_refusals_is_read_in_no_time() -> None:
    many = [request(number, 429) for number in range(1, 20_001)]
    seen = record(*many, intents={str(each.number): "a" for each in many})
    started = time.perf_counter()
    assert answer("rate_limit", seen).status == "NOT EXERCISED"
    assert time.perf_counter() - started < 5


def test_every_operation_in_use_must_have_met_its_400() -> None:
    clip = record(CREATED, request(2, 400, error="validation"), test="t::clip", intents=OTHER)
    image = record(request(1, task=1, operation="text_to_image"), test="t::image", intents=OTHER)
    found = answer("validation", clip, image)
    assert found.status == "NOT EXERCISED"
    assert found.missing == ("a body that is refused by text_to_image",)
    refused = request(2, 400, error="validation", operation="text_to_image")
    both = answer("validation", clip, replace(image, requests=(*image.requests, refused)))
    assert both.status == "READY"
    assert [proof.request for proof in both.proofs] == [2, 2]


def test_a_planned_400_counts_as_one() -> None:
    assert answer("validation", record(request(1, 400, fault="reply(400)"))).status == "READY"


def test_the_nearest_proofs_are_told_and_the_rest_counted() -> None:
    _, seen = WELL["rate_limited"]
    many = [replace(seen, test=f"t::{number:02}") for number in range(10)]
    found = answer("rate_limit", *reversed(many))
    assert [proof.test for proof in found.proofs] == ["t::00", "t::01", "t::02"]
    assert found.more == 7


def test_of_one_test_one_proof_is_told() -> None:
    seen = record(
        request(1, 429), request(2, 429), request(3), intents={"1": "a", "2": "a", "3": "a"}
    )
    (proof,) = answer("rate_limit", seen).proofs
    assert str(proof) == f"{TEST}, request 1: POST {CLIP} -> 429, then 200 at request 3"


class TestKeysInTheCode:
    """The one item that no test proves."""

    def test_it_is_ready_where_nothing_was_found_and_says_what_was_looked_at(self) -> None:
        scan = KeyScan(1234, skipped=2, notes=("no git",))
        found = answer("keys_in_code", keys=scan)
        assert found.status == "READY"
        (proof,) = found.proofs
        assert str(proof) == "no Runway key in 1,234 files; 2 not looked at; no git"

    def test_a_leak_is_not_ready(self) -> None:
        found = answer("keys_in_code", keys=KeyScan(1, ("app.py:2: a Runway key, key_1a2b…",)))
        assert found.status == "NOT READY"
        assert found.against[0].what == "app.py:2: a Runway key, key_1a2b…"

    def test_a_key_that_a_test_sent_is_not_ready(self) -> None:
        found = answer("keys_in_code", record(CREATED, real_keys=1), keys=KeyScan(10))
        assert found.status == "NOT READY"
        assert found.against[0].test == TEST

    def test_where_nobody_looked_it_is_not_exercised(self) -> None:
        found = answer("keys_in_code", keys=KeyScan(why_not="it needs detect-secrets"))
        assert found.status == "NOT EXERCISED"
        assert found.missing == ("it needs detect-secrets",)
        assert answer("keys_in_code").status == "NOT EXERCISED"


def test_all_of_it_can_be_ready() -> None:
    seen = [replace(each, test=f"{TEST}_{look}") for look, (_, each) in WELL.items()]
    used = {CLIP: request(9, 400, error="validation")}
    made = checklist([*seen, record(used[CLIP], test="t::z")], keys=KeyScan(10))
    assert [each.item.id for each in made.answers if each.status != "READY"] == []
    assert made.ready


@given(st.permutations(list(WELL)))
def test_the_order_of_the_tests_changes_nothing(order: list[str]) -> None:
    seen = [replace(WELL[look][1], test=f"t::{look}") for look in order]
    expected = checklist(sorted(seen, key=lambda each: each.test)).to_json()
    assert checklist(seen).to_json() == expected


def test_a_record_that_travelled_as_json_gives_the_same_answers() -> None:
    seen = [replace(each, test=look) for look, (_, each) in WELL.items()]
    travelled = [type(each).of_json(json.loads(json.dumps(each.to_json()))) for each in seen]
    assert checklist(travelled).to_json() == checklist(seen).to_json()


def test_every_item_says_what_runway_asks_where_and_how_sure_that_is() -> None:
    assert len({item.id for item in ITEMS}) == len(ITEMS)
    for item in ITEMS:
        assert item.source == "https://docs.dev.runwayml.com/go-live/"
        assert item.mark in ("D", "W", "I")
        assert item.asks.endswith(".")
        for part in item.parts:
            compile(part.next_step, item.id, "exec")


def test_the_rules_of_the_items_are_rules_of_the_verdict() -> None:
    assert {rule for item in ITEMS for rule in item.rules} <= set(RULES)


def test_records_without_evidence_are_read_as_far_as_they_go() -> None:
    seen = record(request(1, 429), request(2))
    assert answer("rate_limit", seen).status == "READY"  # by path and model
