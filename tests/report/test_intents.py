"""When two requests mean the same."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pytest_runway import FakeRunway, RunwayServer
from tests.report.clients import (
    CLIP,
    VERSION,
    client,
    create,
    created,
    verdict_on,
    wait_and_store,
)

if TYPE_CHECKING:
    from pytest_runway.fake.verdict import Verdict

LONG = "a meadow in the rain, " * 40


def lost_then(first: dict[str, Any], second: dict[str, Any]) -> Verdict:
    """A create whose answer is lost, and a second one a little later."""

    def play(runway: FakeRunway) -> None:
        runway.on("image_to_video").loses_reply(by="reset")
        http = client(runway)
        with pytest.raises(httpx.ReadError):
            http.post("image_to_video", json={**CLIP, **first})
        time.sleep(1.3)
        wait_and_store(http, created(http, **second))

    return verdict_on(play)


SAME = [
    ({}, {}),
    ({"seed": 1}, {"seed": 2}),
    ({}, {"seed": 2}),
    ({"promptText": LONG}, {"promptText": LONG}),
    ({"ratio": "720:1280", "seed": 4}, {"seed": 4, "ratio": "720:1280"}),
    ({"contentModeration": {"publicFigureThreshold": "low"}},) * 2,
]
OTHER = [
    ({"promptText": "a"}, {"promptText": "b"}),
    ({"duration": 5}, {"duration": 10}),
    ({"promptText": f"{LONG}x"}, {"promptText": f"{LONG}y"}),
    ({"promptText": "a"}, {"promptText": "A"}),
    ({"model": "gen4_turbo"}, {"model": "gen4.5"}),
    (
        {"contentModeration": {"publicFigureThreshold": "low"}},
        {"contentModeration": {"publicFigureThreshold": "auto"}},
    ),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_these_are_one_intent(first: dict[str, Any], second: dict[str, Any]) -> None:
    verdict = lost_then(first, second)
    assert [finding.rule for finding in verdict.errors] == ["double_charge"]


@pytest.mark.parametrize(("first", "second"), OTHER)
def test_these_are_two(first: dict[str, Any], second: dict[str, Any]) -> None:
    verdict = lost_then(first, second)
    assert not verdict.errors, verdict


def test_another_form_of_the_same_json_is_the_same_intent() -> None:
    def play(runway: FakeRunway) -> None:
        runway.on("image_to_video").loses_reply(by="reset")
        http = client(runway)
        with pytest.raises(httpx.ReadError):
            http.post("image_to_video", json=CLIP)
        form = '{ "duration": 5.0, "ratio": "1280:720", "model": "gen4_turbo", "promptImage": '
        form += '"https:\\/\\/example.com/a.jpg", "promptText": "a slow dolly\\u002din" }'
        json = {"Content-Type": "application/json"}
        time.sleep(1.3)
        http.post("image_to_video", content=form, headers=json).raise_for_status()

    assert "double_charge" in [finding.rule for finding in verdict_on(play)]


def test_a_large_data_uri_is_told_from_another_of_the_same_length() -> None:
    from base64 import b64encode

    from pytest_runway.media import forge

    picture = forge.image("png", 1280, 720).data
    start = f"data:image/png;base64,{b64encode(picture + bytes(3_000_000)).decode()}"
    middle = len(start) // 2
    other = f"{start[:middle]}{'B' * 4_000}{start[middle + 4_000 :]}"
    assert [f.rule for f in lost_then({"promptImage": start}, {"promptImage": start}).errors]
    assert not lost_then({"promptImage": start}, {"promptImage": other}).errors


def test_equal_prompts_side_by_side_are_no_retries() -> None:
    """All refused, all rate limited, all failed: each of them once."""

    async def ask(runway: FakeRunway, **changes: Any) -> None:
        headers = {
            "Authorization": f"Bearer {runway.api_key}",
            "X-Runway-Version": "2024-11-06",
        }
        async with httpx.AsyncClient(base_url=runway.base_url, headers=headers) as http:
            await http.post("/v1/image_to_video", json={**CLIP, **changes})

    def play(runway: FakeRunway) -> None:
        runway.on("image_to_video").reply(503, retry_after="3s", times=20)

        async def main() -> None:
            await asyncio.gather(*(ask(runway) for _ in range(20)))
            await asyncio.gather(*(ask(runway, duration=11) for _ in range(20)))

        asyncio.run(main())

    assert not verdict_on(play)


def test_equal_prompts_in_threads_are_no_retries() -> None:
    def play(runway: FakeRunway) -> None:
        runway.on("image_to_video").loses_reply(by="502", times=1)

        def ask() -> None:
            client(runway).post("image_to_video", json=CLIP)

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert {finding.rule for finding in verdict_on(play)} == {"orphan_running"}


def test_one_watcher_each_for_five_equal_tasks_is_not_polling_too_fast() -> None:
    def play(runway: FakeRunway) -> None:
        http = client(runway)
        id_ = created(http)
        threads = [threading.Thread(target=wait_and_store, args=(http, id_)) for _ in range(5)]
        for thread in threads:
            thread.start()
            time.sleep(1.7)
        for thread in threads:
            thread.join()

    assert not verdict_on(play)


def _one_of_three_is_lost(fake: FakeRunway, *, again: bool) -> list[str]:
    """Three threads ask for the same, three seconds apart; the first is never answered."""

    def ask(number: int) -> None:
        time.sleep(3 * number)
        reply = None
        with client(fake, timeout=30) as http:
            try:
                reply = create(http)
            except httpx.ReadTimeout:
                if again:
                    reply = create(http)
            if reply is not None:
                http.delete(f"tasks/{reply.json()['id']}")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
    fake.on("image_to_video").loses_reply()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [finding.rule for finding in fake.verdict()]


@pytest.mark.parametrize("kind", [FakeRunway, RunwayServer], ids=["in process", "over loopback"])
@pytest.mark.parametrize(("again", "found"), [(False, []), (True, ["double_charge"])])
def test_who_asks_while_another_still_waits_for_an_answer_does_not_ask_again(
    kind: type[FakeRunway], again: bool, found: list[str]
) -> None:
    with kind() as fake:
        assert _one_of_three_is_lost(fake, again=again) == found


def test_a_client_that_is_cancelled_has_left() -> None:
    async def play(fake: FakeRunway) -> None:
        fake.on("image_to_video").loses_reply()
        key = {"Authorization": f"Bearer {fake.api_key}", **VERSION}
        async with httpx.AsyncClient(base_url=f"{fake.base_url}/v1/", headers=key) as http:
            asking = asyncio.create_task(http.post("image_to_video", json=CLIP, timeout=60))
            await asyncio.sleep(20)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            reply = await http.post("image_to_video", json=CLIP)
            await http.delete(f"tasks/{reply.json()['id']}")

    verdict = verdict_on(lambda fake: asyncio.run(play(fake)))
    assert [finding.rule for finding in verdict] == ["double_charge"]
