"""Clients that create tasks, as they should and as they should not."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.report.clients import (
    FINAL,
    UNEVEN,
    VERSION,
    client,
    create,
    created,
    poll,
    wait,
    wait_and_store,
)

if TYPE_CHECKING:
    from pytest_runway import FakeRunway


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
    http = client(runway, headers={"Authorization": "Bearer nonsense", **VERSION})
    for pause in (0.613, 1.377):
        http.get("organization")
        time.sleep(pause)
    http.get("organization")


def takes_another_key(runway: FakeRunway) -> None:
    assert client(runway, headers=VERSION).get("organization").status_code == 401
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
