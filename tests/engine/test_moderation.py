"""Rules, verdicts at their stage, what they cost, and where too many of them lead."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_runway.engine.moderation import Looked, Rule
from tests.engine.conftest import CLIP, Caller, new_caller


def flag(call: Caller, looks_at: Looked, code: str, word: str = "blood", **said: Any) -> Rule:
    rule = Rule(looks_at, lambda part: word in str(part), code, **said)
    call.engine.state.rules.append(rule)
    return rule


def life(call: Caller, task: str) -> list[str]:
    """The statuses of a task, as one sees them who looks every second."""
    seen: list[str] = []
    now = call.engine.state.elapsed
    for second in range(20):
        status = call.at(now + second).task(task)["status"]
        if not seen or seen[-1] != status:
            seen.append(status)
    return seen


@pytest.mark.parametrize(
    ("looks_at", "code", "statuses", "cost"),
    [
        ("prompt", "SAFETY.INPUT.TEXT", ["PENDING", "FAILED"], 25),
        ("prompt", "INPUT_PREPROCESSING.SAFETY.TEXT", ["PENDING", "FAILED"], 0),
        (
            "prompt",
            "INPUT_PREPROCESSING.SAFETY.THIRD_PARTY",
            ["PENDING", "RUNNING", "FAILED"],
            0,
        ),
        ("output", "SAFETY.OUTPUT.VIDEO", ["PENDING", "RUNNING", "FAILED"], 0),
    ],
)
def test_the_verdict_comes_at_its_stage_and_costs_what_the_table_says(
    looks_at: Looked, code: str, statuses: list[str], cost: int
) -> None:
    call = new_caller(credits_=100)
    flag(call, looks_at, code)
    task = call.create(promptText="blood everywhere")
    assert life(call, task) == statuses
    body = call.task(task)
    assert (body["failureCode"], body["cost"]) == (code, {"credits": cost})
    assert call.engine.state.ledger.balance == 100 - cost


def test_what_is_not_flagged_succeeds(call: Caller) -> None:
    flag(call, "prompt", "SAFETY.INPUT.TEXT")
    assert life(call, call.create(promptText="a meadow"))[-1] == "SUCCEEDED"


def test_images_are_looked_at_wherever_they_stand_in_the_body(call: Caller) -> None:
    flag(call, "image", "SAFETY.INPUT.IMAGE")
    bad = "https://example.com/blood.jpg"
    plain = call.create(promptImage=bad)
    listed = call.create(promptImage=[{"uri": bad, "position": "first"}])
    assert [life(call, task)[-1] for task in (plain, listed)] == ["FAILED", "FAILED"]
    body = {
        "model": "gen4_image",
        "promptText": "a portrait",
        "ratio": "1920:1080",
        "referenceImages": [{"uri": bad}],
    }
    made = call.reply("POST", "/v1/text_to_image", body).json()["id"]
    assert life(call, made)[-1] == "FAILED"


def test_a_video_rule_does_not_look_at_images(call: Caller) -> None:
    flag(call, "video", "SAFETY.INPUT.VIDEO")
    assert life(call, call.create(promptImage="https://example.com/blood.jpg"))[-1] == "SUCCEEDED"


def test_every_text_that_somebody_writes_is_a_prompt(call: Caller) -> None:
    flag(call, "prompt", "SAFETY.INPUT.TEXT")
    video = {
        "model": "veo3.1",
        "promptText": "a meadow",
        "negativePrompt": "blood",
        "ratio": "1280:720",
    }
    speech = {
        "model": "gwm1_avatars",
        "avatar": {"type": "runway-preset", "presetId": "cat-character"},
        "speech": {"type": "text", "text": "blood"},
    }
    for path, body in (("text_to_video", video), ("avatar_videos", speech)):
        task = call.reply("POST", f"/v1/{path}", body).json()["id"]
        assert life(call, task)[-1] == "FAILED", path


def test_a_low_threshold_lets_public_figures_pass(call: Caller) -> None:
    flag(call, "prompt", "SAFETY.INPUT.TEXT", "president", lenient=True)
    said = {"promptText": "the president waves"}
    strict = call.create(**said)
    auto = call.create(**said, contentModeration={"publicFigureThreshold": "auto"})
    low = call.create(**said, contentModeration={"publicFigureThreshold": "low"})
    assert [life(call, task)[-1] for task in (strict, auto, low)] == [
        "FAILED",
        "FAILED",
        "SUCCEEDED",
    ]


def test_a_rule_strikes_as_often_as_it_was_told(call: Caller) -> None:
    rule = flag(call, "prompt", "SAFETY.INPUT.TEXT", times=2)
    tasks = [call.create(promptText="blood") for _ in range(3)]
    assert [life(call, task)[-1] for task in tasks] == ["FAILED", "FAILED", "SUCCEEDED"]
    assert rule.struck == 2


def test_a_refused_request_is_not_moderated() -> None:
    call = new_caller(credits_=0)
    rule = flag(call, "prompt", "SAFETY.INPUT.TEXT")
    assert call.reply("POST", "/v1/image_to_video", {**CLIP, "promptText": "blood"}).status == 400
    assert rule.struck == 0


def mails(call: Caller) -> list[str]:
    return [mail.kind for mail in call.engine.state.outbox.mails]


def test_too_many_moderated_requests_are_warned_of_then_suspend_the_account(call: Caller) -> None:
    flag(call, "prompt", "SAFETY.INPUT.TEXT")
    conduct = call.engine.state.conduct
    conduct.warn_at, conduct.suspend_at = 2, 4
    seen = []
    for turn in range(4):
        call.at(turn * 10).create(promptText="blood")
        call.at(turn * 10 + 9).engine.advance(call.now_ms)
        seen.append((mails(call), call.engine.state.account.suspended))
    assert seen == [
        ([], False),
        (["moderation_warning"], False),
        (["moderation_warning"], False),
        (["moderation_warning", "suspended"], True),
    ]
    for method, path in (("GET", "/v1/organization"), ("POST", "/v1/image_to_video")):
        assert call.reply(method, path, CLIP if method == "POST" else None).status == 401
    conduct.forgive(call.engine.state, call.now_ms)
    assert call.reply("GET", "/v1/organization").status == 200
    assert mails(call)[-1] == "appeal_granted"
    assert not conduct.flagged_ms


def test_only_what_happened_within_the_window_counts(call: Caller) -> None:
    flag(call, "prompt", "SAFETY.INPUT.TEXT")
    conduct = call.engine.state.conduct
    conduct.warn_at, conduct.suspend_at = 2, 2
    for day in range(4):
        call.at(day * 86_400).create(promptText="blood")
        call.at(day * 86_400 + 60).engine.advance(call.now_ms)
    assert not call.engine.state.account.suspended
    call.create(promptText="blood")
    call.at(3 * 86_400 + 120).engine.advance(call.now_ms)
    assert call.engine.state.account.suspended


def test_a_failure_that_is_no_moderation_does_not_count(call: Caller) -> None:
    from pytest_runway.engine.timeline import failed

    call.engine.state.conduct.suspend_at = 1
    call.create()
    ending = failed(call.engine.contract, "INTERNAL.BAD_OUTPUT.CODE01", None)
    call.engine.lifecycle.end(call.engine.state.tasks[0], ending)
    assert not call.engine.state.account.suspended
