"""For each rule a client that is guilty, which is found, and its correct twin, which is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pytest_runway.report.catalogue import RULES
from tests.report import creating, watching
from tests.report.clients import verdict_on

if TYPE_CHECKING:
    from tests.report.clients import Play


@dataclass(frozen=True)
class Pair:
    rule: str
    name: str
    guilty: Play
    correct: Play
    settings: dict[str, Any] = field(default_factory=dict)


PAIRS = [
    Pair(
        "double_charge",
        "timeout",
        creating.sends_a_create_again_after_a_timeout,
        creating.gives_up_after_a_timeout,
    ),
    Pair(
        "double_charge",
        "502",
        creating.sends_a_create_again_at_once_after_a_502,
        creating.sends_a_create_again_after_a_503,
    ),
    Pair(
        "double_charge",
        "abandoned",
        creating.creates_anew_when_a_wait_is_over,
        creating.cancels_and_creates_anew_when_a_wait_is_over,
    ),
    Pair(
        "orphan_running",
        "create only",
        creating.leaves_a_task_alone,
        creating.cancels_what_it_does_not_wait_for,
    ),
    Pair(
        "poll_abandoned",
        "503",
        creating.stops_polling_at_the_first_503,
        creating.polls_on_after_an_error,
    ),
    Pair(
        "poll_abandoned",
        "reset",
        creating.stops_polling_at_the_first_broken_connection,
        creating.polls_on_after_an_error,
    ),
    Pair(
        "poll_abandoned",
        "html",
        creating.stops_polling_at_the_first_page_of_html,
        creating.polls_on_after_an_error,
    ),
    Pair(
        "poll_abandoned",
        "outage",
        creating.stops_polling_at_the_first_503,
        creating.gives_up_after_two_minutes_of_errors,
        {"rules": {"orphan_running": "off"}},
    ),
    Pair(
        "no_cancel_on_timeout",
        "wait",
        creating.walks_away_when_a_wait_is_over,
        creating.cancels_when_a_wait_is_over,
    ),
    Pair(
        "retried_non_retryable",
        "400",
        creating.retries_whatever_the_status,
        creating.corrects_a_body_that_is_refused,
    ),
    Pair(
        "retried_non_retryable",
        "401",
        creating.retries_with_a_key_that_is_refused,
        creating.takes_another_key,
    ),
    Pair(
        "retried_non_retryable",
        "404",
        creating.polls_a_task_that_is_gone,
        creating.deletes_again_and_again,
    ),
    Pair(
        "retried_non_retryable",
        "credits",
        creating.retries_whatever_the_status,
        creating.buys_credits_and_asks_again,
        {"credits": 1},
    ),
    Pair(
        "retried_moderation",
        "prompt",
        creating.sends_a_moderated_prompt_again,
        creating.sends_another_prompt_after_moderation,
    ),
    Pair(
        "retried_moderation",
        "failure",
        creating.sends_a_moderated_prompt_again,
        creating.sends_a_failed_prompt_again,
    ),
    Pair(
        "retry_after_ignored",
        "seconds",
        creating.comes_back_after_two_seconds,
        creating.comes_back_after_three_seconds,
    ),
    Pair(
        "retry_after_ignored",
        "other forms",
        creating.comes_back_before_the_date,
        creating.takes_no_heed_of_nonsense,
    ),
    Pair("retry_storm", "no pause", creating.hammers, creating.backs_off),
    Pair(
        "retry_storm",
        "nested",
        creating.retries_within_retries,
        creating.does_as_it_is_told_eight_times,
    ),
    Pair(
        "poll_after_terminal",
        "succeeded",
        creating.polls_ten_times_whatever_it_is_told,
        creating.fetches_fresh_links_a_day_later,
    ),
    Pair(
        "poll_after_terminal",
        "failed",
        watching.polls_a_failed_task_on,
        watching.stops_at_a_failed_task,
    ),
    Pair(
        "terminal_not_recognised",
        "failed",
        watching.polls_a_failed_task_on,
        watching.stops_at_a_failed_task,
    ),
    Pair(
        "terminal_not_recognised",
        "cancelled",
        watching.polls_a_cancelled_task_on,
        watching.stops_at_a_cancelled_task,
    ),
    Pair(
        "terminal_not_recognised",
        "succeeded",
        creating.polls_ten_times_whatever_it_is_told,
        watching.asks_for_a_model,
    ),
    Pair("unlimited_wait", "days", watching.waits_for_ever, watching.waits_for_twenty_hours),
    Pair("poll_too_fast", "fast", watching.polls_every_second, watching.polls_every_five_seconds),
    Pair(
        "poll_too_fast",
        "always",
        watching.polls_a_little_too_fast_all_the_time,
        watching.polls_every_five_seconds,
    ),
    Pair(
        "no_jitter",
        "same",
        watching.polls_every_six_seconds_exactly,
        watching.polls_every_six_seconds_or_so,
    ),
    Pair(
        "no_jitter",
        "round",
        watching.polls_every_round_number_of_seconds,
        watching.polls_every_six_seconds_or_so,
    ),
    Pair("no_jitter", "retries", watching.backs_off_exactly, watching.retries_at_growing_pauses),
    Pair(
        "constant_interval",
        "retries",
        watching.retries_at_the_same_pause,
        watching.retries_at_growing_pauses,
    ),
    Pair(
        "constant_interval",
        "polls",
        watching.polls_an_outage_at_the_same_pause,
        watching.polls_an_outage_at_growing_pauses,
    ),
    Pair("wrong_host", "host", watching.calls_the_other_host, watching.calls_the_host),
    Pair("missing_version_header", "header", watching.says_no_version, watching.calls_the_host),
    Pair("deprecated_model", "veo3", watching.asks_for_a_retired_model, watching.asks_for_a_model),
    Pair(
        "data_uri_near_limit",
        "image",
        watching.sends_a_large_data_uri,
        watching.sends_a_smaller_data_uri,
    ),
    Pair("output_not_downloaded", "link", watching.hands_the_link_on, watching.asks_for_a_model),
    Pair(
        "output_not_downloaded",
        "sent on",
        watching.hands_the_link_on,
        watching.makes_a_clip_of_a_clip,
    ),
    Pair(
        "output_expired_before_use",
        "late",
        watching.downloads_three_days_later,
        watching.downloads_three_days_later_by_a_fresh_link,
    ),
]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.rule}-{pair.name}")
def test_the_guilty_client_is_found(pair: Pair) -> None:
    verdict = verdict_on(pair.guilty, **pair.settings)
    assert pair.rule in [finding.rule for finding in verdict], verdict


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.rule}-{pair.name}")
def test_its_correct_twin_is_not(pair: Pair) -> None:
    verdict = verdict_on(pair.correct, **pair.settings)
    assert pair.rule not in [finding.rule for finding in verdict], verdict
    assert not verdict.errors, verdict


def test_every_rule_has_a_pair() -> None:
    # The one that looks at what a test printed needs a test that prints: tests/plugin.
    assert {pair.rule for pair in PAIRS} == RULES.keys() - {"failure_text_exposed"}
