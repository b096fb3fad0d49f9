"""Errors, failures, tiers and limits."""

from __future__ import annotations

import pytest

from pytest_runway.contract import ErrorFact, Failure, load
from pytest_runway.errors import UsageError

from .mini import contract

CONTRACT = contract()
JSON = "application/json; charset=utf-8"


def test_an_error_is_filled_in() -> None:
    assert CONTRACT.error("validation", part="body", issues=[{"code": "custom"}]) == ErrorFact(
        400, {"error": "Validation of body failed", "issues": [{"code": "custom"}]}, JSON
    )


def test_an_error_may_be_a_text_of_another_type() -> None:
    assert CONTRACT.error("route", method="PUT", path="/v1/{x}") == ErrorFact(
        404, "Cannot PUT /v1/{x}", "text/html; charset=utf-8", {"x-powered-by": "Express"}
    )


def test_a_placeholder_without_a_value_is_named() -> None:
    with pytest.raises(UsageError, match=r"the error 'route' needs values for method, path"):
        CONTRACT.error("route")


def test_an_unknown_error_is_answered_by_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"no error 'nope'; there are gone, route, validation"):
        CONTRACT.error("nope")


def test_a_status_has_a_default_error_or_none() -> None:
    assert CONTRACT.default_error(404) == ErrorFact(404, {"error": "Could not find Task"}, JSON)
    assert CONTRACT.default_error(418) is None
    found = CONTRACT.default_error(405, method="PUT", path="/v1/things")
    assert found is not None
    assert found.body == "Cannot PUT /v1/things"


def test_a_filled_error_leaves_the_document_as_it_is() -> None:
    CONTRACT.error("validation", part="body").body["issues"].append("changed")
    assert CONTRACT.error("validation", part="query").body["issues"] == []


@pytest.mark.parametrize(
    ("code", "failure", "refunded"),
    [
        ("SAFETY.INPUT.TEXT", "Text.", False),
        ("SAFETY.INPUT.TEXT.MORE", "Text.", False),
        ("SAFETY.INPUT.IMAGE", "Flagged.", False),
        ("INTERNAL.BAD_OUTPUT.CODE01", "Broken.", True),
    ],
)
def test_a_failure_is_known_by_its_longest_known_prefix(
    code: str, failure: str, refunded: bool
) -> None:
    found = CONTRACT.failure(code)
    assert (found.code, found.failure, found.refunded) == (code, failure, refunded)


@pytest.mark.parametrize("code", ["SAFETY", "SAFETY.INPUTS", "INTERNALS", "", "nonsense"])
def test_a_code_that_begins_like_no_other_is_answered_by_all(code: str) -> None:
    with pytest.raises(UsageError, match=r"known are SAFETY\.INPUT, SAFETY\.INPUT\.TEXT, INTERNAL"):
        CONTRACT.failure(code)


def test_tiers_and_limits_come_without_their_sources() -> None:
    assert CONTRACT.tiers["image"][0] == {"concurrent": 2, "daily": 200}
    assert CONTRACT.tiers["monthly_credits"] == [10000]
    assert CONTRACT.limits["body_bytes"] == 33554432
    assert CONTRACT.limits["media_bytes"] == {"image": {"url": 16777216}}


def test_runway_s_own_words_are_kept() -> None:
    contract = load()
    url = "https://docs.dev.runwayml.com/api"
    assert contract.error("daily_limit").body == {
        "error": "Your daily task limit has been reached.",
        "docUrl": url,
    }
    assert contract.error("task_not_found").body == {"error": "Could not find Task"}
    assert contract.error("validation", issues=[1]).body == {
        "error": "Validation of body failed",
        "issues": [1],
        "docUrl": url,
    }
    assert contract.failure("INPUT_PREPROCESSING.SAFETY.THIRD_PARTY") == Failure(
        code="INPUT_PREPROCESSING.SAFETY.THIRD_PARTY",
        failure="Your request was blocked by this model provider's content moderation system.",
        refunded=True,
        retry="never",
    )


def test_every_group_has_five_tiers() -> None:
    tiers = load().tiers
    assert {len(each) for each in tiers.values()} == {5}
    assert tiers["video"][0] == {"concurrent": 1, "daily": 50}
