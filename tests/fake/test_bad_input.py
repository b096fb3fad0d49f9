"""Bad input gets Runway's status and body where they are known, and never a traceback or a hang."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from pytest_runway import FakeRunway

BODY = {
    "model": "gen4_turbo",
    "promptImage": "https://example.com/a.jpg",
    "promptText": "a slow dolly-in",
    "ratio": "1280:720",
    "duration": 5,
}
VALIDATION = "Validation of body failed"


def post(
    runway: FakeRunway, content: bytes, path: str = "/v1/image_to_video", **headers: str
) -> Any:
    said = {
        "authorization": f"Bearer {runway.api_key}",
        "x-runway-version": "2024-11-06",
        "content-type": "application/json",
    }
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    said = {name: value for name, value in said.items() if value}
    return httpx.post(runway.base_url + path, content=content, headers=said)


def changed(**changes: Any) -> bytes:
    return json.dumps({**BODY, **changes}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"nonsense",
        b'{"model": NaN}',
        b'{"duration": Infinity}',
        b"\xff\xfe\x00",
        b'"a string"',
        b"17",
        b"null",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    ],
    ids=["cut", "text", "nan", "infinity", "binary", "string", "number", "null", "deep", "deeper"],
)
def test_what_is_not_json_is_a_400(content: bytes) -> None:
    with FakeRunway() as runway:
        reply = post(runway, content)
        assert reply.status_code == 400
        assert "JSON" in reply.json()["error"]
        assert runway.tasks[:] == []


def test_a_list_is_json_but_no_body() -> None:
    with FakeRunway() as runway:
        reply = post(runway, b"[]")
        assert reply.status_code == 400
        assert reply.json()["issues"][0] == {
            "code": "invalid_type",
            "expected": "object",
            "path": [],
            "message": "Invalid input: expected object, received array",
        }


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"duration": "5"}, ["duration"], "invalid_type"),
        ({"duration": 5.5}, ["duration"], "invalid_type"),
        ({"duration": True}, ["duration"], "invalid_type"),
        ({"duration": None}, ["duration"], "invalid_type"),
        ({"duration": 1e400}, ["duration"], "invalid_type"),
        ({"seed": -1}, ["seed"], "too_small"),
        ({"seed": 4294967296}, ["seed"], "too_big"),
        ({"ratio": ["1280:720"]}, ["ratio"], "invalid_value"),
        ({"promptText": ""}, ["promptText"], "too_small"),
        ({"promptText": "x" * 1001}, ["promptText"], "too_big"),
        ({"promptText": "\U0001f600" * 501}, ["promptText"], "too_big"),
        ({"promptImage": {}}, ["promptImage"], "invalid_union"),
        ({"contentModeration": {"publicFigureThreshold": "none"}}, None, "invalid_value"),
        ({"contentModeration": {"strict": True}}, ["contentModeration"], "unrecognized_keys"),
        ({"model": "gen5"}, ["model"], "invalid_value"),
        ({"model": 5}, ["model"], "invalid_type"),
    ],
)
def test_a_wrong_value_is_named_with_its_path(
    changes: dict[str, Any], path: list[str] | None, code: str
) -> None:
    content = changed(**changes).replace(b"Infinity", b"1e400")
    with FakeRunway() as runway:
        reply = post(runway, content)
        assert (reply.status_code, reply.json()["error"]) == (400, VALIDATION)
        issue = reply.json()["issues"][0]
        assert issue["code"] == code
        assert path is None or issue["path"] == path


@pytest.mark.parametrize("length", [1000, 500])
def test_lengths_are_counted_in_utf_16_units(length: int) -> None:
    text = "é" * 1000 if length == 1000 else "\U0001f600" * 500
    with FakeRunway() as runway:
        assert post(runway, changed(promptText=text)).status_code == 200


def test_a_lone_surrogate_is_a_character_like_any_other() -> None:
    with FakeRunway() as runway:
        assert post(runway, changed(promptText="\ud800")).status_code == 200
        refused = post(runway, changed(contentModeration={"\ud800": 1}))
        assert refused.status_code == 400
        assert refused.json()["issues"][0]["keys"] == ["\ud800"]


def test_of_a_key_that_comes_twice_the_last_counts() -> None:
    with FakeRunway() as runway:
        twice = changed()[:-1] + b', "duration": 10}'
        assert post(runway, twice).json()["estimatedCost"] == {"credits": 50}


def test_unknown_keys_are_ignored_where_runway_ignores_them_and_refused_on_request() -> None:
    with FakeRunway() as runway:
        assert post(runway, changed(pormptText="typo")).status_code == 200
    with FakeRunway(closed=True) as runway:
        issue = post(runway, changed(pormptText="typo")).json()["issues"][0]
        assert (issue["code"], issue["keys"]) == ("unrecognized_keys", ["pormptText"])


def test_a_body_of_100_mb_is_too_large() -> None:
    with FakeRunway() as runway:
        assert post(runway, b" " * 100_000_000).status_code == 413


@pytest.mark.parametrize(
    ("headers", "status", "error"),
    [
        ({"authorization": ""}, 401, "No API key was provided"),
        ({"authorization": "Basic abc"}, 401, "No API key was provided"),
        ({"authorization": "Bearer sk-nonsense"}, 401, "key_"),
        ({"authorization": "Bearer key_short"}, 401, ""),
        ({"x_runway_version": ""}, 400, "was not provided in the request"),
        ({"x_runway_version": "v1"}, 400, "is not valid"),
        ({"content_type": "text/plain"}, 400, "application/json"),
    ],
)
def test_a_wrong_header_is_refused(headers: dict[str, str], status: int, error: str) -> None:
    with FakeRunway() as runway:
        reply = post(runway, changed(), **headers)
        assert (reply.status_code, error in reply.json()["error"]) == (status, True)


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/tasks", "/v2/image_to_video", "/v1/%00", "/v1/a/b/c/d"]
)
def test_an_unknown_path_is_the_404_of_express(path: str) -> None:
    with FakeRunway() as runway:
        reply = post(runway, b"{}", path)
        assert reply.status_code == 404
        assert "Cannot POST" in reply.text
        assert reply.headers["content-type"].startswith("text/html")


def test_a_known_path_with_another_method_is_a_405() -> None:
    with FakeRunway() as runway:
        headers = {"authorization": f"Bearer {runway.api_key}", "x-runway-version": "2024-11-06"}
        assert httpx.put(f"{runway.base_url}/v1/image_to_video", headers=headers).status_code == 405


def test_the_web_applications_host_refuses_public_keys() -> None:
    with FakeRunway() as runway:
        headers = {"authorization": f"Bearer {runway.api_key}", "x-runway-version": "2024-11-06"}
        reply = httpx.get("https://api.runwayml.com/v1/organization", headers=headers)
        assert reply.status_code == 401
        assert reply.json() == {
            "error": "Incorrect hostname for API key",
            "details": (
                "You passed an API key to api.runwayml.com, which is not correct. "
                "The Runway public API is available at api.dev.runwayml.com instead."
            ),
            "docUrl": "https://docs.dev.runwayml.com/api",
        }


def test_any_key_opens_the_account_where_that_is_asked_for() -> None:
    with FakeRunway(keys="any") as runway:
        assert post(runway, changed(), authorization="Bearer test").status_code == 200
