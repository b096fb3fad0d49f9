"""What a test arms and nothing ever meets fails it, with what came nearest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from runwayml import InternalServerError, NotFoundError, RunwayML

from tests.fake.conftest import CLIP
from tests.fake.noticing import create, noticed, wait

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway import FakeRunway


def armed_too_late(runway: FakeRunway) -> None:
    create()
    runway.on("image_to_video").reply(503)


def another_model(runway: FakeRunway) -> None:
    runway.on("image_to_video", model="gen4.5").reply(503)
    create()


def polls_of_other_models(runway: FakeRunway) -> None:
    runway.on("poll", model="gen4.5").reply(503)
    client = RunwayML()
    client.tasks.retrieve(client.image_to_video.create(**CLIP).id)
    client.tasks.retrieve(
        client.image_to_video.create(**{**CLIP, "model": "veo3.1_fast", "duration": 4}).id
    )


def another_method(runway: FakeRunway) -> None:
    runway.on("tasks", method="DELETE").reply(503)
    wait()


def not_often_enough(runway: FakeRunway) -> None:
    runway.on("image_to_video", nth=3).reply(503)
    create()
    create()


def outside_of_its_time(runway: FakeRunway) -> None:
    runway.on("image_to_video").reply(503, starts="10m", lasts="2m")
    create()
    runway.clock.advance("12m")
    create()


def behind_another(runway: FakeRunway) -> None:
    runway.on("image_to_video").reply(503)
    runway.on("image_to_video").breaks("reset")
    with pytest.raises(InternalServerError):
        create()


def nothing_to_garble(runway: FakeRunway) -> None:
    runway.on("tasks").garbles("no_output")
    runway.next_task.fails("INTERNAL")
    task = RunwayML().image_to_video.create(**CLIP)
    runway.clock.advance("1m")
    RunwayML().tasks.retrieve(task.id)


def refused_before(runway: FakeRunway) -> None:
    runway.on("organization").reply(503)
    httpx.get(f"{runway.base_url}/v1/organization")


def committed_nothing(runway: FakeRunway) -> None:
    runway.on("image_to_video").loses_reply()
    httpx.post(
        f"{runway.base_url}/v1/image_to_video",
        json={},
        headers={
            "Authorization": f"Bearer {runway.api_key}",
            "X-Runway-Version": "2024-11-06",
        },
    )


def only_let_through(runway: FakeRunway) -> None:
    runway.on("image_to_video").replies(200, 503)
    create()


def not_downloaded(runway: FakeRunway) -> None:
    runway.on("downloads").reply(503)
    wait()


def garbled_no_poll(runway: FakeRunway) -> None:
    runway.on("downloads").garbles("percent")
    done: Any = RunwayML().image_to_video.create(**CLIP).wait_for_task_output()
    httpx.get(done.output[0])


def uploaded_and_not_downloaded(runway: FakeRunway) -> None:
    runway.on("downloads").reply(503)
    RunwayML().uploads.create_ephemeral(file=("a.png", bytes(600)))


def hung_after_no_commit(runway: FakeRunway) -> None:
    runway.on("tasks").breaks("hang", after_commit=True)
    with pytest.raises(NotFoundError):
        RunwayML().tasks.retrieve("0d1f2e3c-4b5a-4678-8796-a5b4c3d2e1f0")


ALMOST = "Remove it, or change when it strikes."
ELSEWHERE = "Remove it, or correct the operation, the method or the model it waits for."
POST = "POST image_to_video"


@pytest.mark.parametrize(
    ("does", "said"),
    [
        (armed_too_late, f"reply(503). The fake saw 1 x {POST} (before it was armed). {ALMOST}"),
        (
            another_model,
            (
                f"model='gen4.5') reply(503). The fake saw 1 x {POST} of gen4_turbo "
                f"(another model). "
                f"{ELSEWHERE}"
            ),
        ),
        (
            polls_of_other_models,
            (
                "The fake saw 1 x GET tasks of gen4_turbo (another model), 1 x GET tasks of "
                "veo3.1_fast (another model), "
            ),
        ),
        (
            another_method,
            (
                "reply(503). The fake saw 3 x GET tasks (another method), "
                f"1 x {POST} (another operation). {ELSEWHERE}"
            ),
        ),
        (
            not_often_enough,
            f"The fake saw 2 x {POST} (only 2 of the 3 that it counts to). {ALMOST}",
        ),
        (
            outside_of_its_time,
            (
                f"The fake saw 1 x {POST} (at 0 s, outside of its time), "
                f"1 x {POST} (at 720 s, outside of its time). {ALMOST}"
            ),
        ),
        (behind_another, f"breaks('reset'). The fake saw 1 x {POST} (struck by reply(503))."),
        (
            nothing_to_garble,
            (
                "garbles('no_output'). The fake saw 1 x GET tasks (not what it needs, which is "
                f"a poll of a SUCCEEDED task), 1 x {POST} (another operation). {ALMOST}"
            ),
        ),
        (refused_before, "GET organization (refused before any fault: missing_version)"),
        (committed_nothing, "not what it needs, which is an answer that says yes"),
        (only_let_through, f"replies(200, 503). The fake saw 1 x {POST} (let through). {ALMOST}"),
        (garbled_no_poll, "GET downloads (not what it needs, which is a poll of a RUNNING task)"),
        (uploaded_and_not_downloaded, f"saw 1 x POST storage (another operation). {ELSEWHERE}"),
        (hung_after_no_commit, "saw 1 x GET tasks (not what it needs, which is an answer that"),
        (not_downloaded, "reply(503). Nobody asked for a file of an output."),
        (lambda r: r.on("poll").reply(503), "The fake saw no request at all. Remove it, or let"),
        (lambda r: r.arm("503 on create: 2"), "never fired: '503 on create: 2'. The fake saw no"),
    ],
)
def test_a_fault_that_never_struck_is_named_with_what_came_nearest(
    does: Callable[[FakeRunway], object], said: str
) -> None:
    (problem,) = noticed(does)
    assert problem.startswith("a fault was armed and never fired: ")
    assert said in problem


@pytest.mark.parametrize("plan", ["503 on text_to_video", "429: 100%", "503 for 2m"])
def test_faults_in_the_background_need_not_strike(plan: str) -> None:
    assert noticed(lambda _: None, background_faults=plan) == []
    assert noticed(lambda r: r.arm(plan, must_strike=False)) == []


def test_chance_need_not_strike() -> None:
    assert noticed(lambda r: r.on("*").reply(503, chance=0.5), faults="429: 5%") == []


def test_faults_of_the_settings_must_strike() -> None:
    (problem,) = noticed(lambda _: create(), faults="503 on text_to_video: 2")
    assert "never fired: '503 on text_to_video: 2'" in problem


def exhausted(runway: FakeRunway) -> None:
    runway.on("image_to_video").replies(200, 503, strict=True)
    create()
    with pytest.raises(InternalServerError):
        create()
    create()
    create()


def not_played_out(runway: FakeRunway) -> None:
    runway.on("image_to_video").replies(503, 503, 200, strict=True)
    with pytest.raises(InternalServerError):
        create()


@pytest.mark.parametrize(
    ("does", "said"),
    [
        (
            exhausted,
            (
                "a script of exactly 2 answers was exhausted: on('image_to_video') "
                "replies(200, 503, strict=True). 2 requests more came, request 3 first"
            ),
        ),
        (
            not_played_out,
            (
                "a script of exactly 3 answers was not played to its end: on('image_to_video') "
                "replies(503, 503, 200, strict=True). 1 request came"
            ),
        ),
    ],
)
def test_a_strict_script_is_played_exactly(does: Callable[[FakeRunway], object], said: str) -> None:
    (problem,) = noticed(does)
    assert said in problem


def test_a_script_that_is_not_strict_may_be_left_and_outlived() -> None:
    def outlive(runway: FakeRunway) -> None:
        runway.on("image_to_video").replies(503, 200)
        runway.on("organization").replies(503, 503)
        with pytest.raises(InternalServerError):
            create()
        create()
        create()
        with pytest.raises(InternalServerError):
            RunwayML(max_retries=0).organization.retrieve()

    assert noticed(outlive) == []
