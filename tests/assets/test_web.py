"""What Runway finds at a URL, and what it says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from runwayml import BadRequestError, RunwayML

from pytest_runway import FakeRunway
from pytest_runway.errors import UsageError
from pytest_runway.media import forge

if TYPE_CHECKING:
    from collections.abc import Mapping

URL = "https://assets.example/portrait"
GOOD = forge.image("png", 64, 64)
NOT_THERE = (
    "Failed to fetch asset. The URL may be incorrect or the server hosting the asset may be down."
)


def said(url: str = URL) -> str | None:
    """The message of the one issue, None where the task was created."""
    try:
        RunwayML(max_retries=0).image_to_video.create(
            model="gen4_turbo", prompt_image=url, prompt_text="a dolly-in", ratio="1280:720"
        )
    except BadRequestError as refused:
        answer: Any = refused.body
        (issue,) = answer["issues"]
        assert list(issue) == ["code", "message", "path"]
        assert (issue["code"], issue["path"]) == ("custom", ["promptImage"])
        return str(issue["message"])
    return None


@pytest.mark.parametrize(
    ("served", "message"),
    [
        ({}, None),
        ({"slow": "10s"}, None),
        ({"slow": "10.001s"}, "Timeout while fetching asset."),
        ({"status": 404}, 'Failed to fetch asset. Received HTTP response code "404".'),
        ({"status": 503}, 'Failed to fetch asset. Received HTTP response code "503".'),
        ({"redirect": URL}, 'Failed to fetch asset. Received HTTP response code "302".'),
        ({"no_head": True}, 'Failed to fetch asset. Received HTTP response code "405".'),
        ({"no_length": True}, NOT_THERE),
    ],
    ids=str,
)
def test_a_page_is_fetched_as_runway_fetches(
    served: Mapping[str, Any], message: str | None
) -> None:
    with FakeRunway() as runway:
        runway.web.put(URL, GOOD.data, content_type=GOOD.content_type, **served)
        assert said() == message


def test_a_server_that_states_no_type_is_refused() -> None:
    with FakeRunway() as runway:
        runway.web.put(URL, GOOD.data)
        told = said()
    assert told is not None
    assert told.startswith("Unsupported asset type.")


def test_a_host_with_a_page_has_no_others() -> None:
    with FakeRunway(assets="strict") as runway:
        runway.web.put(URL, GOOD.data, content_type=GOOD.content_type)
        assert said(f"{URL}#part") is None
        assert said(f"{URL}/2") == 'Failed to fetch asset. Received HTTP response code "404".'


def test_hosts_that_nobody_spoke_of_have_good_assets_or_cannot_be_reached() -> None:
    with FakeRunway() as runway:
        assert runway.web.rule == "lenient"
        assert said("https://example.com/a.jpg") is None
        runway.web.rule = "strict"
        assert said("https://example.com/a.jpg") == NOT_THERE
    with FakeRunway(assets="strict") as runway:
        assert said("https://example.com/a.jpg") == NOT_THERE
        assert said("runway://00000000-0000-4000-8000-000000000000") == NOT_THERE


def test_an_output_of_the_fake_is_an_asset_until_its_link_expires() -> None:
    with FakeRunway(assets="strict") as runway:
        made: Any = RunwayML().text_to_image.create(
            model="gen4_image", prompt_text="a lighthouse", ratio="1280:720"
        )
        (link,) = made.wait_for_task_output().output
        assert said(link) is None
        runway.clock.advance(48 * 3600)
        assert said(link) == 'Failed to fetch asset. Received HTTP response code "401".'


@pytest.mark.parametrize(
    ("misuse", "message"),
    [
        (lambda web: web.put("portrait.jpg"), "no URL: 'portrait.jpg'"),
        (lambda web: web.put("https://[/a"), "no URL"),
        (lambda web: web.put(URL, status=700), "not an HTTP status: 700"),
        (lambda web: setattr(web, "rule", "mild"), "expected one of lenient, strict"),
        (lambda _: FakeRunway(assets="mild"), "expected 'lenient', 'strict'"),  # type: ignore[arg-type]
    ],
)
def test_misuse_is_told(misuse: Any, message: str) -> None:
    with FakeRunway() as runway, pytest.raises(UsageError, match=message.replace("[", r"\[")):
        misuse(runway.web)


def test_media_that_are_too_long_together_are_refused() -> None:
    clip = forge.video("mp4", 1280, 720, 8000)
    body = {
        "model": "seedance2",
        "promptText": "two clips become one",
        "referenceVideos": [{"type": "video", "uri": clip.data_uri}] * 2,
    }
    with FakeRunway(), pytest.raises(BadRequestError) as refused:
        RunwayML().post("/v1/text_to_video", body=body, cast_to=object)
    answer: Any = refused.value.body
    (issue,) = answer["issues"]
    assert issue["message"] == "Asset duration must be at most 15 seconds"
    assert issue["path"] == ["referenceVideos"]


def test_what_is_known_of_a_clip_is_what_it_costs() -> None:
    costs = []
    for ms in (4_000, 8_000):
        clip = forge.video("mp4", 1280, 720, ms)
        with FakeRunway() as runway:
            runway.web.put("https://assets.example/c", clip.data, content_type=clip.content_type)
            RunwayML().video_upscale.create(
                model="magnific_video_upscaler_creative", video_uri="https://assets.example/c"
            )
            costs.append(runway.credits.charged)
    assert costs == [87, 173]  # 96 and 192 frames at 0.9 credits
