"""Clients that watch tasks and take what comes of them, as they should and as they should not."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx

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


def calls_the_other_host(runway: FakeRunway) -> None:
    headers = {"Authorization": f"Bearer {runway.api_key}", **VERSION}
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
