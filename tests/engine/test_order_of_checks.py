"""Two things wrong in one request: which one is reported (facts §9.2)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.conftest import CLIP, Caller, new_caller

BAD_VERSION = {"x-runway-version": "2024-11-20"}
NO_VERSION: dict[str, str | None] = {"x-runway-version": None}
NO_KEY: dict[str, str | None] = {"authorization": None}
BAD_KEY = {"authorization": "Bearer sk-123"}

HOST = "Incorrect hostname for API key"
VERSION = "The API version that was provided in the X-Runway-Version header is not valid."
MISSING_VERSION = "The X-Runway-Version header was not provided in the request"
BODY = "Validation of body failed"
CREDITS = "You do not have enough credits to run this task."
DAILY = "Your daily task limit has been reached."


def send(call: Caller, *, path: str = "/v1/image_to_video", **said: Any) -> tuple[int, str]:
    reply = call.reply("POST", path, said.pop("body", CLIP), **said)
    try:
        return reply.status, str(reply.json()["error"])
    except ValueError:
        return reply.status, reply.body.decode()


@pytest.mark.parametrize(
    ("said", "status", "error"),
    [
        ({"host": "api.runwayml.com", "headers": BAD_VERSION}, 401, HOST),
        ({"headers": BAD_VERSION, "path": "/v1/no_such_thing"}, 400, VERSION),
        ({"headers": BAD_VERSION | NO_KEY}, 400, VERSION),
        ({"headers": NO_VERSION, "path": "/v1/no_such_thing"}, 404, "Cannot POST"),
        ({"headers": NO_KEY, "path": "/v1/no_such_thing"}, 404, "Cannot POST"),
        ({"headers": NO_VERSION | NO_KEY}, 400, MISSING_VERSION),
        ({"headers": NO_KEY, "raw": b"{"}, 401, "No API key was provided."),
        ({"headers": BAD_KEY, "raw": b"{"}, 401, "key_"),
        ({"headers": NO_KEY, "body": {}}, 401, "No API key was provided."),
    ],
)
def test_the_earlier_check_answers(
    call: Caller, said: dict[str, Any], status: int, error: str
) -> None:
    got_status, got_error = send(call, **said)
    assert (got_status, error in got_error) == (status, True), got_error


def test_a_bad_body_is_reported_before_missing_credits() -> None:
    call = new_caller(credits_=0)
    assert send(call, body={**CLIP, "duration": 99}) == (400, BODY)
    assert send(call) == (400, CREDITS)


def test_a_withheld_model_is_reported_before_missing_credits() -> None:
    call = new_caller(credits_=0)
    call.engine.state.account.withheld_models.add("gen4_turbo")
    assert send(call) == (403, "Model variant gen4_turbo is not available")


def test_missing_credits_are_reported_before_the_daily_count() -> None:
    # Tier 1 has 50 generations a day (facts §5.1); 50 clips of 25 credits leave nothing.
    call = new_caller(tier=1, credits_=50 * 25)
    for _ in range(50):
        call.create()
    assert send(call) == (400, CREDITS)
    rich = new_caller(tier=1)
    for _ in range(50):
        rich.create()
    assert send(rich) == (429, DAILY)


def test_all_issues_of_a_body_are_reported_together(call: Caller) -> None:
    reply = call.reply("POST", "/v1/image_to_video", {**CLIP, "duration": 11, "ratio": "1:1"})
    assert reply.status == 400
    paths = [issue["path"] for issue in reply.json()["issues"]]
    assert sorted(paths) == [["duration"], ["ratio"]]
    assert list(reply.json()) == ["error", "issues", "docUrl"]


def test_a_refused_request_changes_nothing(call: Caller) -> None:
    call.reply("POST", "/v1/image_to_video", {**CLIP, "duration": 99})
    call.reply("POST", "/v1/image_to_video", CLIP, headers=NO_KEY)
    state = call.engine.state
    assert (state.tasks, state.ledger.charged, state.ledger.entries) == ([], 0, [])
