"""For each rule a client that is guilty, which is found, and its correct twin, which is not."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pytest_runway.report.catalogue import RULES
from tests.report.clients import (
    FINAL,
    UNEVEN,
    client,
    create,
    created,
    poll,
    verdict_on,
    wait,
    wait_and_store,
)

if TYPE_CHECKING:
    from pytest_runway import FakeRunway
    from tests.report.clients import Play


@dataclass(frozen=True)
class Pair:
    rule: str
    name: str
    guilty: Play
    correct: Play
    settings: dict[str, Any] = field(default_factory=dict)


# What is paid.


def sends_a_create_again_after_a_timeout(runway: FakeRunway) -> None:
    runway.on("image_to_video").loses_reply()
    http = client(runway)
    with suppress(httpx.ReadTimeout):
        create(http)
    wait_and_store(http, created(http))


def gives_up_after_a_timeout(runway: FakeRunway) -> None:
    runway.on("image_to_video").loses_reply()
    with pytest.raises(httpx.ReadTimeout):
        create(client(runway))


def sends_a_create_again_at_once_after_a_502(runway: FakeRunway) -> None:
    runway.on("image_to_video").loses_reply(by="502", times=2)
    http = client(runway)
    while (reply := create(http, seed=int(runway.credits.charged))).status_code == 502:
        pass
    wait_and_store(http, reply.json()["id"])


def sends_a_create_again_after_a_503(runway: FakeRunway) -> None:
    runway.on("image_to_video").reply(503, times=2)
    http = client(runway)
    for pause in (0.613, 1.377, 2.219):
        reply = create(http)
        if reply.status_code == 200:
            break
        time.sleep(pause)
    wait_and_store(http, reply.json()["id"])


def creates_anew_when_a_wait_is_over(runway: FakeRunway) -> None:
    runway.next_task.running("20m")
    http = client(runway)
    first = created(http)
    for pause in UNEVEN:
        time.sleep(pause)
        poll(http, first)
    wait_and_store(http, created(http))


def cancels_and_creates_anew_when_a_wait_is_over(runway: FakeRunway) -> None:
    runway.next_task.running("20m")
    http = client(runway)
    with suppress(TimeoutError):
        wait(http, created(http), most=5)
    wait_and_store(http, created(http))


# What is left.


def leaves_a_task_alone(runway: FakeRunway) -> None:
    created(client(runway))


def cancels_what_it_does_not_wait_for(runway: FakeRunway) -> None:
    http = client(runway)
    http.delete(f"tasks/{created(http)}").raise_for_status()


def stops_polling_at_the_first_503(runway: FakeRunway) -> None:
    runway.on("tasks", method="GET", nth=2).reply(503)
    http = client(runway)
    with suppress(httpx.HTTPStatusError):
        wait_and_store(http, created(http))
    time.sleep(60)


def stops_polling_at_the_first_broken_connection(runway: FakeRunway) -> None:
    runway.on("tasks", method="GET", nth=2).breaks("reset")
    http = client(runway)
    with suppress(httpx.ReadError):
        wait_and_store(http, created(http))
    time.sleep(60)


def stops_polling_at_the_first_page_of_html(runway: FakeRunway) -> None:
    runway.on("tasks", method="GET", nth=2).reply(200, body="<html>back soon</html>")
    http = client(runway)
    with suppress(ValueError):
        wait_and_store(http, created(http))
    time.sleep(60)


def polls_on_after_an_error(runway: FakeRunway) -> None:
    runway.on("tasks", method="GET", nth=2).reply(503)
    runway.on("tasks", method="GET", nth=3).breaks("reset")
    http, task = client(runway), {"status": "PENDING"}
    id_ = created(http)
    for pause in UNEVEN:
        if task["status"] in FINAL:
            break
        time.sleep(pause)
        with suppress(httpx.HTTPStatusError, httpx.ReadError):
            task = poll(http, id_)
    httpx.get(task["output"][0]).raise_for_status()


def gives_up_after_two_minutes_of_errors(runway: FakeRunway) -> None:
    runway.on("tasks", method="GET", nth=2).reply(503, times=4)
    http = client(runway)
    id_ = created(http)
    for pause in (6.1, 7.3, 14.2, 31.9, 58.8):
        time.sleep(pause)
        with suppress(httpx.HTTPStatusError):
            poll(http, id_)


def walks_away_when_a_wait_is_over(runway: FakeRunway) -> None:
    runway.next_task.running("20m")
    http = client(runway)
    id_ = created(http)
    for pause in UNEVEN:
        time.sleep(pause)
        poll(http, id_)
    time.sleep(3600)


def cancels_when_a_wait_is_over(runway: FakeRunway) -> None:
    runway.next_task.running("20m")
    http = client(runway)
    with suppress(TimeoutError):
        wait(http, created(http), most=5)


# What is tried again.


def retries_whatever_the_status(runway: FakeRunway) -> None:
    http = client(runway)
    for pause in (0.613, 1.377, 2.219):
        if create(http, duration=11).status_code == 200:
            break
        time.sleep(pause)


def corrects_a_body_that_is_refused(runway: FakeRunway) -> None:
    http = client(runway)
    assert create(http, duration=11).status_code == 400
    wait_and_store(http, created(http, duration=10))


def retries_with_a_key_that_is_refused(runway: FakeRunway) -> None:
    http = client(runway, headers={"Authorization": "Bearer nonsense", **_VERSION})
    for pause in (0.613, 1.377):
        http.get("organization")
        time.sleep(pause)
    http.get("organization")


def takes_another_key(runway: FakeRunway) -> None:
    assert client(runway, headers=_VERSION).get("organization").status_code == 401
    client(runway).get("organization").raise_for_status()


def buys_credits_and_asks_again(runway: FakeRunway) -> None:
    http = client(runway)
    assert create(http).status_code == 400
    runway.account.buy(1_000)
    wait_and_store(http, created(http))


def polls_a_task_that_is_gone(runway: FakeRunway) -> None:
    http = client(runway)
    id_ = created(http)
    http.delete(f"tasks/{id_}").raise_for_status()
    for pause in UNEVEN:
        time.sleep(pause)
        http.get(f"tasks/{id_}")


def deletes_again_and_again(runway: FakeRunway) -> None:
    http = client(runway)
    id_ = created(http)
    for _ in range(4):
        http.delete(f"tasks/{id_}")


def sends_a_moderated_prompt_again(runway: FakeRunway) -> None:
    runway.moderate(prompt="dolly")
    http = client(runway)
    for seed in range(2):
        wait(http, created(http, seed=seed))


def sends_another_prompt_after_moderation(runway: FakeRunway) -> None:
    runway.moderate(prompt="dolly")
    http = client(runway)
    wait(http, created(http))
    wait_and_store(http, created(http, promptText="a meadow"))


def sends_a_failed_prompt_again(runway: FakeRunway) -> None:
    runway.next_task.fails("INTERNAL")
    http = client(runway)
    wait(http, created(http))
    wait_and_store(http, created(http))


def comes_back_after_two_seconds(runway: FakeRunway) -> None:
    runway.on("image_to_video").reply(429, retry_after="3s")
    http = client(runway)
    create(http)
    time.sleep(2.1)
    wait_and_store(http, created(http))


def comes_back_after_three_seconds(runway: FakeRunway) -> None:
    runway.on("image_to_video").reply(429, retry_after="3s")
    http = client(runway)
    time.sleep(float(create(http).headers["retry-after"]))
    wait_and_store(http, created(http))


def comes_back_before_the_date(runway: FakeRunway) -> None:
    late = {"Retry-After": "Fri, 31 Dec 2100 23:59:59 GMT"}
    runway.on("image_to_video").reply(503, headers=late)
    runway.on("image_to_video").reply(503, headers={"retry-after-ms": "2500"})
    http = client(runway)
    create(http)
    time.sleep(1.317)
    create(http)
    time.sleep(1.9)
    wait_and_store(http, created(http))


def takes_no_heed_of_nonsense(runway: FakeRunway) -> None:
    for said in ("soon", "-5", "nan", "inf", "1e12", "0"):
        runway.on("image_to_video").reply(503, headers={"Retry-After": said})
    http = client(runway)
    for pause in (0.613, 1.377, 2.719, 4.871, 9.313, 17.7):
        assert create(http).status_code == 503
        time.sleep(pause)
    wait_and_store(http, created(http))


def hammers(runway: FakeRunway) -> None:
    runway.on("image_to_video").reply(503, times=9)
    http = client(runway)
    while create(http).status_code == 503:
        time.sleep(0.1)


def retries_within_retries(runway: FakeRunway) -> None:
    runway.on("image_to_video").reply(503, times=15)
    http = client(runway)
    for outer in (1.3, 2.9, 5.7, 11.1, 21.3):
        for inner in (0.613, 1.377, 2.219):
            create(http)
            time.sleep(inner)
        time.sleep(outer)


def backs_off(runway: FakeRunway) -> None:
    runway.on("image_to_video").reply(503, times=5)
    http = client(runway)
    for pause in (0.613, 1.377, 2.719, 4.871, 9.313):
        create(http)
        time.sleep(pause)
    wait_and_store(http, created(http))


def does_as_it_is_told_eight_times(runway: FakeRunway) -> None:
    runway.on("image_to_video").reply(429, retry_after="500ms", times=8)
    http = client(runway)
    while (reply := create(http)).status_code == 429:
        time.sleep(0.5)
    wait_and_store(http, reply.json()["id"])


# How it is polled.


def polls_ten_times_whatever_it_is_told(runway: FakeRunway) -> None:
    http = client(runway)
    id_ = created(http)
    for pause in (*UNEVEN, *UNEVEN):
        time.sleep(pause)
        task = poll(http, id_)
    httpx.get(task["output"][0])


def fetches_fresh_links_a_day_later(runway: FakeRunway) -> None:
    http = client(runway)
    id_ = created(http)
    task = wait(http, id_)
    for _ in range(4):
        httpx.get(task["output"][0]).raise_for_status()
        time.sleep(86_400)
        task = poll(http, id_)
    assert poll(http, id_)["status"] == poll(http, id_)["status"] == "SUCCEEDED"


def polls_a_failed_task_on(runway: FakeRunway) -> None:
    runway.next_task.fails("INTERNAL")
    _knows_only(runway, "SUCCEEDED")


def polls_a_cancelled_task_on(runway: FakeRunway) -> None:
    runway.next_task.cancelled()
    _knows_only(runway, "SUCCEEDED", "FAILED")


def stops_at_a_failed_task(runway: FakeRunway) -> None:
    runway.next_task.fails("INTERNAL")
    _knows_only(runway, *FINAL)


def stops_at_a_cancelled_task(runway: FakeRunway) -> None:
    runway.next_task.cancelled()
    _knows_only(runway, *FINAL)


def _knows_only(runway: FakeRunway, *statuses: str) -> None:
    http = client(runway)
    id_ = created(http)
    for pause in (*UNEVEN, *UNEVEN):
        time.sleep(pause)
        if poll(http, id_)["status"] in statuses:
            break


def waits_for_ever(runway: FakeRunway) -> None:
    runway.next_task.by_hand()
    http = client(runway)
    id_ = created(http)
    for _ in range(150):
        time.sleep(907.3)
        poll(http, id_)
    http.delete(f"tasks/{id_}")


def waits_for_twenty_hours(runway: FakeRunway) -> None:
    runway.next_task.running("20h")
    http = client(runway)
    id_ = created(http)
    while (task := poll(http, id_))["status"] not in FINAL:
        time.sleep(907.3)
    httpx.get(task["output"][0]).raise_for_status()


def polls_every_second(runway: FakeRunway) -> None:
    _polls_with(runway, [0.913, 1.122, 1.071] * 9)


def polls_a_little_too_fast_all_the_time(runway: FakeRunway) -> None:
    runway.next_task.running("30s")
    _polls_with(runway, [4.713, 4.822, 4.671] * 3)


def polls_every_five_seconds(runway: FakeRunway) -> None:
    _polls_with(runway, [5.013, 5.122, 5.071] * 3)


def polls_every_six_seconds_exactly(runway: FakeRunway) -> None:
    runway.next_task.running("40s")
    _polls_with(runway, [6.0] * 9)


def polls_every_round_number_of_seconds(runway: FakeRunway) -> None:
    runway.next_task.running("70s")
    _polls_with(runway, [5.0, 7.5, 10.0, 12.5, 15.0, 20.0, 30.0])


def polls_every_six_seconds_or_so(runway: FakeRunway) -> None:
    runway.next_task.running("40s")
    _polls_with(runway, [6.117, 6.802, 5.611] * 5)


def _polls_with(runway: FakeRunway, pauses: list[float]) -> None:
    http = client(runway)
    id_ = created(http)
    for pause in pauses:
        time.sleep(pause)
        task = poll(http, id_)
        if task["status"] in FINAL:
            break
    httpx.get(task["output"][0]).raise_for_status()


def backs_off_exactly(runway: FakeRunway) -> None:
    _retries_with(runway, [0.5, 1.0, 2.0])


def retries_at_the_same_pause(runway: FakeRunway) -> None:
    _retries_with(runway, [2.113, 2.441, 2.275])


def retries_at_growing_pauses(runway: FakeRunway) -> None:
    _retries_with(runway, [0.613, 1.377, 2.719])


def _retries_with(runway: FakeRunway, pauses: list[float]) -> None:
    runway.on("image_to_video").reply(503, times=len(pauses))
    http = client(runway)
    for pause in pauses:
        create(http)
        time.sleep(pause)
    wait_and_store(http, created(http))


def polls_an_outage_at_the_same_pause(runway: FakeRunway) -> None:
    _polls_an_outage(runway, [5.4, 6.211, 5.633, 5.914, 5.312, 6.055])


def polls_an_outage_at_growing_pauses(runway: FakeRunway) -> None:
    _polls_an_outage(runway, [5.4, 6.211, 11.117, 20.371, 5.914, 6.055])


def _polls_an_outage(runway: FakeRunway, pauses: list[float]) -> None:
    runway.on("tasks", method="GET", nth=2).reply(503, times=3)
    http, task = client(runway), {"status": "PENDING"}
    id_ = created(http)
    for pause in pauses:
        time.sleep(pause)
        with suppress(httpx.HTTPStatusError):
            task = poll(http, id_)
        if task["status"] in FINAL:
            break
    httpx.get(task["output"][0]).raise_for_status()


# What is asked.

_VERSION = {"X-Runway-Version": "2024-11-06"}


def calls_the_other_host(runway: FakeRunway) -> None:
    headers = {"Authorization": f"Bearer {runway.api_key}", **_VERSION}
    httpx.get("https://api.runwayml.com/v1/organization", headers=headers)


def calls_the_host(runway: FakeRunway) -> None:
    client(runway).get("organization").raise_for_status()


def says_no_version(runway: FakeRunway) -> None:
    headers = {"Authorization": f"Bearer {runway.api_key}"}
    httpx.get(f"{runway.base_url}/v1/organization", headers=headers)


def asks_for_a_retired_model(runway: FakeRunway) -> None:
    assert create(client(runway), model="veo3").status_code == 400


def asks_for_a_model(runway: FakeRunway) -> None:
    http = client(runway)
    wait_and_store(http, created(http))


def sends_a_large_data_uri(runway: FakeRunway) -> None:
    http = client(runway)
    http.delete(f"tasks/{created(http, promptImage=_picture(4_800_000))}")


def sends_a_smaller_data_uri(runway: FakeRunway) -> None:
    http = client(runway)
    http.delete(f"tasks/{created(http, promptImage=_picture(4_600_000))}")


def _picture(characters: int) -> str:
    from base64 import b64encode

    from pytest_runway.media import forge

    picture = forge.image("png", 1280, 720)
    encoded = b64encode(picture.data + bytes(characters * 3 // 4 - len(picture.data)))
    return f"data:{picture.content_type};base64,{encoded.decode()}"


# What comes of it.


def hands_the_link_on(runway: FakeRunway) -> None:
    http = client(runway)
    wait(http, created(http))


def makes_a_clip_of_a_clip(runway: FakeRunway) -> None:
    http = client(runway)
    picture = {"model": "gen4_image", "promptText": "a meadow", "ratio": "1280:720"}
    id_ = http.post("text_to_image", json=picture).raise_for_status().json()["id"]
    (link,) = wait(http, id_)["output"]
    wait_and_store(http, created(http, promptImage=link))


def downloads_three_days_later(runway: FakeRunway) -> None:
    http = client(runway)
    task = wait(http, created(http))
    time.sleep(3 * 86_400)
    assert httpx.get(task["output"][0]).status_code == 401


def downloads_three_days_later_by_a_fresh_link(runway: FakeRunway) -> None:
    http = client(runway)
    id_ = created(http)
    task = wait(http, id_)
    time.sleep(3 * 86_400)
    assert httpx.get(task["output"][0]).status_code == 401
    httpx.get(poll(http, id_)["output"][0]).raise_for_status()


PAIRS = [
    Pair(
        "double_charge",
        "timeout",
        sends_a_create_again_after_a_timeout,
        gives_up_after_a_timeout,
    ),
    Pair(
        "double_charge",
        "502",
        sends_a_create_again_at_once_after_a_502,
        sends_a_create_again_after_a_503,
    ),
    Pair(
        "double_charge",
        "abandoned",
        creates_anew_when_a_wait_is_over,
        cancels_and_creates_anew_when_a_wait_is_over,
    ),
    Pair("orphan_running", "create only", leaves_a_task_alone, cancels_what_it_does_not_wait_for),
    Pair("poll_abandoned", "503", stops_polling_at_the_first_503, polls_on_after_an_error),
    Pair(
        "poll_abandoned",
        "reset",
        stops_polling_at_the_first_broken_connection,
        polls_on_after_an_error,
    ),
    Pair(
        "poll_abandoned",
        "html",
        stops_polling_at_the_first_page_of_html,
        polls_on_after_an_error,
    ),
    Pair(
        "poll_abandoned",
        "outage",
        stops_polling_at_the_first_503,
        gives_up_after_two_minutes_of_errors,
        {"rules": {"orphan_running": "off"}},
    ),
    Pair(
        "no_cancel_on_timeout",
        "wait",
        walks_away_when_a_wait_is_over,
        cancels_when_a_wait_is_over,
    ),
    Pair(
        "retried_non_retryable",
        "400",
        retries_whatever_the_status,
        corrects_a_body_that_is_refused,
    ),
    Pair("retried_non_retryable", "401", retries_with_a_key_that_is_refused, takes_another_key),
    Pair("retried_non_retryable", "404", polls_a_task_that_is_gone, deletes_again_and_again),
    Pair(
        "retried_non_retryable",
        "credits",
        retries_whatever_the_status,
        buys_credits_and_asks_again,
        {"credits": 1},
    ),
    Pair(
        "retried_moderation",
        "prompt",
        sends_a_moderated_prompt_again,
        sends_another_prompt_after_moderation,
    ),
    Pair(
        "retried_moderation",
        "failure",
        sends_a_moderated_prompt_again,
        sends_a_failed_prompt_again,
    ),
    Pair(
        "retry_after_ignored",
        "seconds",
        comes_back_after_two_seconds,
        comes_back_after_three_seconds,
    ),
    Pair(
        "retry_after_ignored",
        "other forms",
        comes_back_before_the_date,
        takes_no_heed_of_nonsense,
    ),
    Pair("retry_storm", "no pause", hammers, backs_off),
    Pair("retry_storm", "nested", retries_within_retries, does_as_it_is_told_eight_times),
    Pair(
        "poll_after_terminal",
        "succeeded",
        polls_ten_times_whatever_it_is_told,
        fetches_fresh_links_a_day_later,
    ),
    Pair("poll_after_terminal", "failed", polls_a_failed_task_on, stops_at_a_failed_task),
    Pair("terminal_not_recognised", "failed", polls_a_failed_task_on, stops_at_a_failed_task),
    Pair(
        "terminal_not_recognised",
        "cancelled",
        polls_a_cancelled_task_on,
        stops_at_a_cancelled_task,
    ),
    Pair(
        "terminal_not_recognised",
        "succeeded",
        polls_ten_times_whatever_it_is_told,
        asks_for_a_model,
    ),
    Pair("unlimited_wait", "days", waits_for_ever, waits_for_twenty_hours),
    Pair("poll_too_fast", "fast", polls_every_second, polls_every_five_seconds),
    Pair(
        "poll_too_fast",
        "always",
        polls_a_little_too_fast_all_the_time,
        polls_every_five_seconds,
    ),
    Pair("no_jitter", "same", polls_every_six_seconds_exactly, polls_every_six_seconds_or_so),
    Pair(
        "no_jitter",
        "round",
        polls_every_round_number_of_seconds,
        polls_every_six_seconds_or_so,
    ),
    Pair("no_jitter", "retries", backs_off_exactly, retries_at_growing_pauses),
    Pair("constant_interval", "retries", retries_at_the_same_pause, retries_at_growing_pauses),
    Pair(
        "constant_interval",
        "polls",
        polls_an_outage_at_the_same_pause,
        polls_an_outage_at_growing_pauses,
    ),
    Pair("wrong_host", "host", calls_the_other_host, calls_the_host),
    Pair("missing_version_header", "header", says_no_version, calls_the_host),
    Pair("deprecated_model", "veo3", asks_for_a_retired_model, asks_for_a_model),
    Pair("data_uri_near_limit", "image", sends_a_large_data_uri, sends_a_smaller_data_uri),
    Pair("output_not_downloaded", "link", hands_the_link_on, asks_for_a_model),
    Pair("output_not_downloaded", "sent on", hands_the_link_on, makes_a_clip_of_a_clip),
    Pair(
        "output_expired_before_use",
        "late",
        downloads_three_days_later,
        downloads_three_days_later_by_a_fresh_link,
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
