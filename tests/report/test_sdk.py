"""The official SDK: used as its documentation says, and where it is known to be weak."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import runwayml
from runwayml import AsyncRunwayML, RunwayML

from tests.report.clients import verdict_on

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from pytest_runway import FakeRunway
    from tests.report.clients import Play

CLIP: dict[str, Any] = {
    "model": "gen4_turbo",
    "prompt_image": "https://example.com/a.jpg",
    "prompt_text": "a slow dolly-in",
    "ratio": "1280:720",
    "duration": 5,
}


def make(client: RunwayML, **changes: Any) -> None:
    task = client.image_to_video.create(**{**CLIP, **changes}).wait_for_task_output()
    assert task.status == "SUCCEEDED"
    for url in task.output:
        httpx.get(url).raise_for_status()


async def make_async(client: AsyncRunwayML, **changes: Any) -> None:
    created = await client.image_to_video.create(**{**CLIP, **changes})
    task = await created.wait_for_task_output()
    assert task.status == "SUCCEEDED"
    async with httpx.AsyncClient() as http:
        for url in task.output:
            (await http.get(url)).raise_for_status()


def run(work: Coroutine[Any, Any, object]) -> None:
    asyncio.run(work)


# As its documentation says.


def one(runway: FakeRunway) -> None:
    make(RunwayML())


def one_asynchronously(runway: FakeRunway) -> None:
    run(make_async(AsyncRunwayML()))


def a_long_one(runway: FakeRunway) -> None:
    runway.next_task.throttled("2m").pending("30s").running("6m").succeeds()
    make(RunwayML())


def three_after_each_other(runway: FakeRunway) -> None:
    for _ in range(3):
        make(RunwayML())


def five_at_once(runway: FakeRunway) -> None:
    async def main() -> None:
        client = AsyncRunwayML()
        await asyncio.gather(*(make_async(client) for _ in range(5)))

    run(main())


def five_created_then_waited_for(runway: FakeRunway) -> None:
    client = RunwayML()
    tasks = [client.image_to_video.create(**CLIP) for _ in range(5)]
    for task in tasks:
        done = task.wait_for_task_output()
        assert done.status == "SUCCEEDED"
        httpx.get(done.output[0]).raise_for_status()


def five_at_once_in_an_outage(runway: FakeRunway) -> None:
    runway.on("image_to_video").reply(503, times=6)
    five_at_once(runway)


def a_rate_limit_that_says_how_long(runway: FakeRunway) -> None:
    runway.on("image_to_video").reply(429, retry_after="3s", times=2)
    runway.on("tasks", method="GET").reply(429, retry_after="59s")
    make(RunwayML())


def a_rate_limit_in_other_words(runway: FakeRunway) -> None:
    runway.on("image_to_video").reply(429, headers={"retry-after-ms": "2750"})
    runway.on("image_to_video").reply(503)
    run(make_async(AsyncRunwayML()))


def an_outage_while_it_waits(runway: FakeRunway) -> None:
    runway.on("tasks", method="GET", nth=2).reply(503, times=2)
    make(RunwayML())


def many_retries(runway: FakeRunway) -> None:
    runway.on("image_to_video").reply(503, times=8)
    make(RunwayML(max_retries=10))


def an_outage_of_two_minutes(runway: FakeRunway) -> None:
    runway.on("image_to_video").reply(503, lasts="2m")
    make(RunwayML(max_retries=30))


def a_connection_that_breaks(runway: FakeRunway) -> None:
    runway.on("tasks", method="GET").breaks("reset", times=2)
    make(RunwayML())


def a_refused_connection(runway: FakeRunway) -> None:
    runway.on("image_to_video").breaks("refuse", times=2)
    make(RunwayML())


def an_answer_that_drips(runway: FakeRunway) -> None:
    runway.on("image_to_video").breaks("drip")
    runway.on("tasks", method="GET").breaks("drip")
    make(RunwayML())


def an_upload(runway: FakeRunway) -> None:
    from pytest_runway.media import forge

    client = RunwayML()
    picture = forge.image("png", 1280, 720)
    uploaded = client.uploads.create_ephemeral(file=("a.png", picture.data, "image/png"))
    make(client, prompt_image=uploaded.uri)


def a_task_that_fails(runway: FakeRunway) -> None:
    runway.next_task.fails("SAFETY.INPUT.TEXT")
    with pytest.raises(runwayml.TaskFailedError):
        make(RunwayML())


def a_task_that_is_cancelled_elsewhere(runway: FakeRunway) -> None:
    runway.next_task.cancelled()
    with pytest.raises(runwayml.TaskFailedError):
        run(make_async(AsyncRunwayML()))


def a_wait_that_is_given_up_with_its_task(runway: FakeRunway) -> None:
    runway.next_task.running("30m")
    client = RunwayML()
    task = client.image_to_video.create(**CLIP)
    with pytest.raises(runwayml.TaskTimeoutError):
        task.wait_for_task_output(timeout=60)
    client.tasks.delete(task.id)


def deletion(runway: FakeRunway) -> None:
    client = RunwayML()
    task = client.image_to_video.create(**CLIP)
    task.wait_for_task_output()
    task_now = client.tasks.retrieve(task.id)
    assert task_now.status == "SUCCEEDED"
    httpx.get(task_now.output[0]).raise_for_status()
    client.tasks.delete(task.id)
    for _ in range(2):
        with pytest.raises(runwayml.NotFoundError):
            client.tasks.delete(task.id)
    with pytest.raises(runwayml.NotFoundError):
        client.tasks.retrieve(task.id)


def what_is_not_a_task(runway: FakeRunway) -> None:
    client = RunwayML()
    client.organization.retrieve()
    made = client.documents.create(name="a", content="b")
    client.documents.retrieve(made.id)
    client.documents.delete(made.id)
    list(client.voices.list(limit=5))


def a_body_that_is_refused(runway: FakeRunway) -> None:
    with pytest.raises(runwayml.BadRequestError):
        make(RunwayML(), ratio="1:1")


DOCUMENTED: list[Play] = [
    one,
    one_asynchronously,
    a_long_one,
    three_after_each_other,
    five_at_once,
    five_created_then_waited_for,
    five_at_once_in_an_outage,
    a_rate_limit_that_says_how_long,
    a_rate_limit_in_other_words,
    an_outage_while_it_waits,
    many_retries,
    an_outage_of_two_minutes,
    a_connection_that_breaks,
    a_refused_connection,
    an_answer_that_drips,
    an_upload,
    a_task_that_fails,
    a_task_that_is_cancelled_elsewhere,
    a_wait_that_is_given_up_with_its_task,
    deletion,
    what_is_not_a_task,
    a_body_that_is_refused,
]


@pytest.mark.parametrize("play", DOCUMENTED, ids=lambda play: play.__name__)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_as_documented_it_is_found_guilty_of_nothing(play: Play, seed: int) -> None:
    random.seed(seed)  # its jitter
    verdict = verdict_on(play)
    assert not verdict, verdict


# Its weaknesses, with nothing asserted by the test.


def loses_an_answer(runway: FakeRunway) -> None:
    runway.on("image_to_video").loses_reply(times=2)
    make(RunwayML())


def loses_an_answer_asynchronously(runway: FakeRunway) -> None:
    runway.on("image_to_video").loses_reply(by="504", times=2)
    run(make_async(AsyncRunwayML()))


def loses_one_answer_of_five(runway: FakeRunway) -> None:
    runway.on("image_to_video", nth=2).loses_reply(by="reset")
    five_at_once(runway)


def times_out_from_outside(runway: FakeRunway) -> None:
    runway.on("image_to_video").loses_reply()

    async def main() -> None:
        client = AsyncRunwayML(max_retries=0)
        try:
            await asyncio.wait_for(client.image_to_video.create(**CLIP), timeout=20)
        except asyncio.TimeoutError:
            await asyncio.wait_for(make_async(client), timeout=90)

    run(main())


def polls_a_cancelled_task_to_its_limit(runway: FakeRunway) -> None:
    runway.next_task.cancelled()
    with pytest.raises(runwayml.TaskTimeoutError):
        make(RunwayML())


def leaves_the_task_at_its_limit(runway: FakeRunway) -> None:
    runway.next_task.running("30m")
    with pytest.raises(runwayml.TaskTimeoutError):
        make(RunwayML())


def leaves_the_task_at_its_limit_asynchronously(runway: FakeRunway) -> None:
    runway.next_task.running("30m")
    with pytest.raises(runwayml.TaskTimeoutError):
        run(make_async(AsyncRunwayML()))


def gives_up_a_wait_after_three_errors(runway: FakeRunway) -> None:
    runway.next_task.running("60s")
    runway.on("tasks", method="GET", nth=2).reply(503, times=3)
    with pytest.raises(runwayml.InternalServerError):
        make(RunwayML())


def comes_back_too_early_where_it_is_asked_to_wait_long(runway: FakeRunway) -> None:
    runway.on("image_to_video").reply(429, retry_after="2m")
    make(RunwayML())


WEAK: list[tuple[Play, set[str]]] = [
    (loses_an_answer, {"double_charge"}),
    (loses_an_answer_asynchronously, {"double_charge"}),
    (loses_one_answer_of_five, {"double_charge"}),
    (times_out_from_outside, {"double_charge"}),
    (polls_a_cancelled_task_to_its_limit, {"poll_after_terminal", "terminal_not_recognised"}),
    (leaves_the_task_at_its_limit, {"orphan_running"}),
    (leaves_the_task_at_its_limit_asynchronously, {"orphan_running"}),
    (gives_up_a_wait_after_three_errors, {"poll_abandoned", "orphan_running"}),
    (comes_back_too_early_where_it_is_asked_to_wait_long, {"retry_after_ignored"}),
]


@pytest.mark.parametrize(("play", "rules"), WEAK, ids=lambda each: getattr(each, "__name__", ""))
def test_its_known_weaknesses_are_found(play: Play, rules: set[str]) -> None:
    verdict = verdict_on(play)
    assert {finding.rule for finding in verdict.errors} == rules, verdict


def test_a_lost_answer_names_the_three_posts_and_what_they_cost() -> None:
    (finding,) = verdict_on(loses_an_answer).errors
    assert finding.exchanges == (1, 2, 3)
    assert finding.tasks == (1, 2, 3)
    assert finding.credits == 50
    assert finding.start == 0
    assert 120 <= finding.end <= 123


def test_one_lost_answer_of_five_is_two_posts_and_not_six() -> None:
    (finding,) = verdict_on(loses_one_answer_of_five).errors
    assert finding.exchanges == (2, 6)
    assert finding.credits == 25


def test_the_wait_that_is_left_at_its_limit_is_no_cancel_on_timeout_too() -> None:
    verdict = verdict_on(leaves_the_task_at_its_limit)
    assert [finding.rule for finding in verdict.warnings] == ["no_cancel_on_timeout"]
