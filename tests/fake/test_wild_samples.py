"""Bodies that people captured from the real API (facts: wild samples), reproduced key for key.

The values that a run decides (ids, times, links) are compared by form, the rest as it stands.
"""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from pytest_runway import FakeRunway

VIDEO = "https://example.com/clip.mp4"
UPSCALE = {
    "model": "magnific_video_upscaler_creative",
    "videoUri": VIDEO,
    "resolution": "1k",
}
SPEECH = {"model": "seed_audio", "promptText": "Hello."}
DOC_URL = "https://docs.dev.runwayml.com/api"
ID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


class Wire:
    """The API without an SDK: what was captured is what is compared."""

    def __init__(self, runway: FakeRunway) -> None:
        headers = {
            "authorization": f"Bearer {runway.api_key}",
            "x-runway-version": "2024-11-06",
        }
        self.http = httpx.Client(base_url=f"{runway.base_url}/v1", headers=headers)

    def post(self, path: str, body: Any) -> httpx.Response:
        return self.http.post(path, json=body)


def test_the_life_of_an_upscale_as_it_was_captured() -> None:
    # Captured on 2026-08-26: 3 s at 30 frames a second cost 63 credits.
    with FakeRunway() as runway:
        wire = Wire(runway)
        runway.next_task.pending("1s").running("10s").succeeds()
        created = wire.post("/video_upscale", UPSCALE).json()
        assert re.fullmatch(ID, created["id"])
        assert created == {"id": created["id"], "estimatedCost": {"credits": 63}}

        pending = wire.http.get(f"/tasks/{created['id']}").json()
        assert re.fullmatch(TIME, pending["createdAt"])
        start = {"id": created["id"], "createdAt": pending["createdAt"]}
        assert items(pending) == items(
            {**start, "status": "PENDING", "estimatedCost": {"credits": 63}}
        )

        runway.clock.advance(1)
        running = wire.http.get(f"/tasks/{created['id']}").json()
        cost = {"estimatedCost": {"credits": 63}}
        assert items(running) == items({**start, "status": "RUNNING", "progress": 0.02, **cost})

        runway.clock.advance(10)
        done = wire.http.get(f"/tasks/{created['id']}").json()
        (link,) = done["output"]
        assert re.fullmatch(
            rf"https://dnznrvs05pmza\.cloudfront\.net/\S+/{ID}/\S+\.mp4\?_jwt=\S+", link
        )
        assert items(done) == items(
            {**start, "status": "SUCCEEDED", "output": [link], "cost": {"credits": 63}}
        )


def items(body: dict[str, Any]) -> list[tuple[str, Any]]:
    """Keys and values in their order: the order was captured, too."""
    return list(body.items())


def test_speech_costs_at_least_five_credits() -> None:
    with FakeRunway() as runway:
        created = Wire(runway).post("/text_to_speech", SPEECH).json()
        assert created == {"id": created["id"], "estimatedCost": {"credits": 5}}


def test_a_task_after_its_delete() -> None:
    with FakeRunway() as runway:
        wire = Wire(runway)
        task = wire.post("/text_to_speech", SPEECH).json()["id"]
        deleted = wire.http.delete(f"/tasks/{task}")
        assert (deleted.status_code, deleted.content) == (204, b"")
        gone = wire.http.get(f"/tasks/{task}")
        assert (gone.status_code, gone.json()) == (404, {"error": "Could not find Task"})


def test_an_empty_body_has_both_issues_of_the_model() -> None:
    with FakeRunway() as runway:
        reply = Wire(runway).post("/text_to_speech", {})
        assert reply.status_code == 400
        assert items(reply.json()) == [
            ("error", "Validation of body failed"),
            (
                "issues",
                [
                    {
                        "expected": "string",
                        "code": "invalid_type",
                        "path": ["model"],
                        "message": "Invalid input: expected string, received undefined",
                    },
                    {
                        "code": "invalid_union",
                        "errors": [],
                        "note": "No matching discriminator",
                        "discriminator": "model",
                        "path": ["model"],
                        "message": "Invalid input",
                    },
                ],
            ),
            ("docUrl", DOC_URL),
        ]


def test_an_account_without_credits_answers_400_and_not_402() -> None:
    with FakeRunway(credits=4) as runway:
        reply = Wire(runway).post("/text_to_speech", SPEECH)
        assert reply.status_code == 400
        assert reply.json() == {
            "error": "You do not have enough credits to run this task.",
            "docUrl": DOC_URL,
        }


def test_the_daily_limit_has_its_96_bytes_and_no_retry_after() -> None:
    with FakeRunway() as runway:
        runway.on("text_to_speech").reply(429)
        reply = Wire(runway).post("/text_to_speech", SPEECH)
        assert reply.json() == {
            "error": "Your daily task limit has been reached.",
            "docUrl": DOC_URL,
        }
        assert reply.headers["content-length"] == "96"
        assert reply.headers["content-type"] == "application/json; charset=utf-8"
        assert "apigw-requestid" in reply.headers
        assert "retry-after" not in reply.headers


@pytest.mark.parametrize("version", ["v1", "1", "1.0", "2024-11-20"])
def test_a_bad_version_is_refused_even_on_a_path_that_does_not_exist(version: str) -> None:
    with FakeRunway() as runway:
        reply = Wire(runway).http.get("/no/such", headers={"x-runway-version": version})
        assert reply.status_code == 400
        assert reply.json() == {
            "error": (
                "The API version that was provided in the X-Runway-Version header is not valid."
            ),
            "docUrl": DOC_URL,
        }


@pytest.mark.parametrize(
    ("code", "failure", "cost"),
    [
        ("INTERNAL.BAD_OUTPUT.CODE01", "An unexpected error occurred.", 0),
        (
            "INPUT_PREPROCESSING.SAFETY.THIRD_PARTY",
            "Your request was blocked by this model provider's content moderation system.",
            0,
        ),
        ("THIRD_PARTY.INPUT_VALIDATION", "Invalid input", 0),
        (
            "SAFETY.INPUT.IMAGE",
            "The input image was flagged by our content moderation system.",
            5,
        ),
    ],
)
def test_a_failure_has_the_text_that_was_seen_with_its_code(
    code: str, failure: str, cost: int
) -> None:
    with FakeRunway() as runway:
        wire = Wire(runway)
        runway.next_task.running("1s").fails(code)
        task = wire.post("/text_to_speech", SPEECH).json()["id"]
        runway.clock.advance(1)
        body = wire.http.get(f"/tasks/{task}").json()
        assert items(body)[2:] == [
            ("status", "FAILED"),
            ("failure", failure),
            ("failureCode", code),
            ("cost", {"credits": cost}),
        ]


def test_a_ratio_that_is_none_is_answered_with_those_that_are() -> None:
    body = {
        "model": "gen4_turbo",
        "promptImage": "https://example.com/a.jpg",
        "ratio": "16:9",
    }
    with FakeRunway() as runway:
        (issue,) = Wire(runway).post("/image_to_video", body).json()["issues"]
        assert (issue["code"], issue["path"]) == ("invalid_value", ["ratio"])
        assert issue["message"].startswith('Invalid option: expected one of "1280:720"|"720:1280"|')


def test_a_number_out_of_range_has_zods_words() -> None:
    body = {
        "model": "gen4.5",
        "promptText": "x",
        "promptImage": "https://example.com/a.jpg",
        "ratio": "1280:720",
    }
    with FakeRunway() as runway:
        wire = Wire(runway)
        small = wire.post("/image_to_video", {**body, "duration": 1}).json()["issues"]
        large = wire.post("/image_to_video", {**body, "duration": 11}).json()["issues"]
        assert [issue["message"] for issue in (*small, *large)] == [
            "Too small: expected number to be >=2",
            "Too big: expected number to be <=10",
        ]


def test_an_unknown_route_is_express() -> None:
    with FakeRunway() as runway:
        reply = Wire(runway).post("/tasks/text_to_video", {})
        assert reply.status_code == 404
        assert "Cannot POST /v1/tasks/text_to_video" in reply.text
