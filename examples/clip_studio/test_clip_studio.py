"""The application's suite. Run it with ``pytest --runway-fake``: no network, no key, no credits."""

from __future__ import annotations

import pytest
from clip_studio import Rejected, TryLater, make_clip, make_clips
from runwayml import InternalServerError

PORTRAIT = "https://example.com/portrait.jpg"


def test_a_clip_is_made():
    # No fixture: under the flag, every test of a suite is on a fake of its own.
    clip = make_clip(PORTRAIT, "a slow dolly-in")
    assert clip.video[4:8] == b"ftyp"  # an MP4 that plays


def test_a_clip_survives_a_rate_limit(runway):
    runway.on("image_to_video").reply(429, retry_after="3s", times=2)
    make_clip(PORTRAIT, "a slow dolly-in")
    assert [request.status for request in runway.requests("image_to_video")] == [429, 429, 200]
    assert runway.clock.elapsed >= 6
    assert runway.credits.charged == 25


def test_an_outage_is_not_hidden(runway):
    runway.on("image_to_video").reply(503, times=3)
    with pytest.raises(InternalServerError):
        make_clip(PORTRAIT, "a slow dolly-in")
    assert len(runway.tasks) == 0


def test_a_throttled_task_is_waited_for(runway):
    runway.next_task.throttled("30s").pending("5s").running("2m").succeeds()
    make_clip(PORTRAIT, "a slow dolly-in")
    assert runway.clock.elapsed >= 155


def test_moderation_is_not_retried(runway):
    runway.next_task.fails("SAFETY.INPUT.TEXT")
    with pytest.raises(Rejected):
        make_clip(PORTRAIT, "something that is not allowed")
    assert len(runway.tasks) == 1


def test_a_task_that_never_ends_is_cancelled(runway):
    runway.next_task.sticks("RUNNING")
    with pytest.raises(TryLater):
        make_clip(PORTRAIT, "a slow dolly-in")
    assert runway.tasks[0].status == "CANCELLED"


def test_a_lost_answer_pays_twice(runway):
    # The SDK asks again, and the API has no idempotency key: this is how it is, and now you know.
    runway.on("image_to_video").loses_reply()
    make_clip(PORTRAIT, "a slow dolly-in")
    assert len(runway.tasks) == 2
    assert runway.credits.charged == 50


@pytest.mark.asyncio
async def test_clips_are_made_side_by_side(runway):
    clips = await make_clips(PORTRAIT, ["dawn", "noon", "dusk"])
    assert len(clips) == 3
    assert runway.clock.elapsed < 60


@pytest.mark.asyncio
@pytest.mark.runway(tier=1)
async def test_on_the_first_tier_clips_wait_for_each_other(runway):
    await make_clips(PORTRAIT, ["dawn", "noon", "dusk"])
    assert [task.history[0][1] for task in runway.tasks] == ["PENDING", "THROTTLED", "THROTTLED"]
    assert runway.clock.elapsed > 45
