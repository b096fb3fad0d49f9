"""What a fake knows that no record of requests says."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from runwayml import BadRequestError, RunwayML

from pytest_runway import FakeRunway
from pytest_runway.media import sample
from pytest_runway.media.forge import flawed
from pytest_runway.media_fields import limits_of
from pytest_runway.report.golive import evidence_of

URL = "https://example.com/a.jpg"
CLIP: dict[str, Any] = {
    "model": "gen4_turbo",
    "prompt_image": URL,
    "prompt_text": "a kite",
    "ratio": "1280:720",
    "duration": 2,
}


def create(**changes: Any) -> Any:
    return RunwayML().image_to_video.create(**{**CLIP, **changes})


def evidence(runway: FakeRunway) -> dict[str, Any]:
    found = evidence_of(runway.engine.state)
    assert json.loads(json.dumps(found)) == found
    return found


def test_requests_that_mean_the_same_are_one_intent_whatever_the_seed() -> None:
    with FakeRunway() as runway:
        for changes in ({"seed": 1}, {"seed": 2}, {"prompt_text": "another"}, {}):
            create(**changes)
        runway.clock.advance(600)
        assert evidence(runway)["intents"] == {"1": 0, "2": 0, "3": 1, "4": 0}


WIDE = flawed("image.too_wide", limits=limits_of("image_to_video", model="gen4_turbo"))
HEAVY = flawed("image.too_many_bytes", limits=limits_of("image_to_video", model="gen4_turbo"))
GIF = sample("still.gif")


@pytest.mark.parametrize(
    ("page", "url", "means"),
    [
        ({"status": 404}, URL, ["url"]),
        ({"redirect": "https://example.com/b.jpg"}, URL, ["url"]),
        ({"slow": "11s"}, URL, ["url"]),
        ({}, "http://example.com/a.jpg", ["url"]),
        ({}, "https://127.0.0.1/a.jpg", ["url"]),
        ({"data": WIDE.data, "content_type": WIDE.content_type}, URL, ["oversized"]),
        ({"data": HEAVY.data, "content_type": HEAVY.content_type}, URL, ["oversized"]),
        ({"data": GIF.data, "content_type": "image/gif"}, URL, ["unsupported"]),
    ],
)
def test_what_was_wrong_with_a_refused_file_is_known(
    page: dict[str, Any], url: str, means: list[str]
) -> None:
    with FakeRunway() as runway:
        if page:
            runway.web.put(URL, **page)
        with pytest.raises(BadRequestError):
            create(prompt_image=url)
        assert evidence(runway)["refusals"] == {"1": means}


def test_a_prompt_that_is_too_long_is_no_file_that_is_too_large() -> None:
    with FakeRunway() as runway:
        with pytest.raises(BadRequestError):
            create(prompt_text="x" * 2000)
        assert evidence(runway)["refusals"] == {}


def test_a_task_that_the_tier_held_back_is_told_from_one_that_a_script_did() -> None:
    with FakeRunway(tier=1) as runway:
        create()
        create()
        runway.clock.advance(600)
        assert (evidence(runway)["tier"], evidence(runway)["queued"]) == (1, [2])
    with FakeRunway() as runway:
        runway.next_task.throttled("30s").running("1m").succeeds()
        create()
        runway.clock.advance(600)
        assert (evidence(runway)["tier"], evidence(runway)["queued"]) == (None, [])


def test_downloads_keys_mails_and_what_was_read_are_known() -> None:
    with FakeRunway() as runway:
        staging = runway.account.keys.add("staging")
        client = RunwayML(api_key=staging.secret)
        made: Any = client.image_to_video.create(**CLIP).wait_for_task_output()
        assert evidence(runway)["downloads"] == []
        httpx.get(made.output[0])
        httpx.head(made.output[0])
        runway.account.tolerates(warn_at=1)
        runway.moderate(prompt="blood")
        create(prompt_text="blood")
        runway.clock.advance(600)
        assert evidence(runway)["looked_at"] == []
        assert runway.metrics.tasks == 2
        found = evidence(runway)
    assert found["downloads"] == [[1, 1]]
    assert found["keys"] == ["default", "staging"]
    assert found["mails"] == [["moderation_warning", True]]
    assert found["looked_at"] == ["metrics"]
    assert found["real_keys"] == 0
