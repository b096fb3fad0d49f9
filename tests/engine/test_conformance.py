"""Conformance mode: the world in which the SDKs' own test suites live."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_runway.engine.behaviours import BEHAVIOURS
from pytest_runway.engine.resources.family import WELL_KNOWN_ID as KNOWN
from tests.engine.bodies import AVATAR, MADE, ROUTER
from tests.engine.conftest import Caller, new_caller
from tests.engine.test_collections import UNKNOWN

COLLECTIONS = (
    *("avatars", "avatar_conversations", "documents", "realtime_sessions", "routers", "tasks"),
    *("voices", "workflows", "workflow_invocations", "organization/webapp/audit_logs"),
)
DELETED = (
    *("avatars", "avatar_conversations", "documents", "realtime_sessions", "routers", "tasks"),
    "voices",
)


@pytest.fixture
def conforming() -> Caller:
    return new_caller(conformance=True, any_key=True)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_the_well_known_id_exists(conforming: Caller, collection: str) -> None:
    path = f"/v1/{collection}/{KNOWN}"
    for _ in range(2):
        reply = conforming.reply("GET", path)
        assert reply.status == 200
        body = reply.json()
        assert body.get("id", body.get("eventId")) == KNOWN
    assert conforming.reply("GET", f"/v1/{collection}/{UNKNOWN}").status == 404


@pytest.mark.parametrize("collection", DELETED)
def test_the_well_known_id_exists_again_after_a_delete(conforming: Caller, collection: str) -> None:
    path = f"/v1/{collection}/{KNOWN}"
    seen = [conforming.reply(method, path).status for method in ("DELETE", "DELETE", "GET")]
    assert seen == [204, 204, 200]


@pytest.mark.parametrize("collection", ["avatars", "documents", "routers", "voices"])
def test_it_can_be_changed_at_any_time(conforming: Caller, collection: str) -> None:
    path = f"/v1/{collection}/{KNOWN}"
    change = {"referenceImage": AVATAR["referenceImage"]} if collection == "avatars" else {}
    for _ in range(2):
        assert conforming.reply("PATCH", path, {"name": "x", **change}).status in (200, 204)


def test_outside_of_that_mode_it_is_an_id_like_any_other(call: Caller) -> None:
    for collection in COLLECTIONS:
        assert call.reply("GET", f"/v1/{collection}/{KNOWN}").status == 404
    body = {"configId": "production-video", "input": {}}
    assert call.reply("POST", "/v1/generate/video", body).status == 404


def test_any_bearer_any_cursor_any_slug_any_model_id(conforming: Caller) -> None:
    any_bearer = {"authorization": "Bearer My API Key"}
    query = "limit=1&cursor=x"
    assert conforming.reply("GET", "/v1/avatars", query=query, headers=any_bearer).status == 200
    models = {"models": {"mode": "allow_new_except", "ids": ["string"]}}
    for _ in range(2):
        made = conforming.reply("POST", "/v1/routers", {**ROUTER, "settings": models})
        assert made.status == 200


@pytest.mark.parametrize(
    ("modality", "said"),
    [
        ("video", {}),
        ("image", {"promptText": "x"}),
        ("audio", {"promptText": "x", "type": "speech"}),
    ],
)
def test_a_request_that_no_model_can_take_is_routed_all_the_same(
    conforming: Caller, modality: str, said: dict[str, Any]
) -> None:
    reply = conforming.reply("POST", f"/v1/generate/{modality}", {"configId": "n6_", "input": said})
    assert reply.status == 200
    hopeless = {"promptText": "x", "resolution": "4k", "aspectRatio": "4:3"}
    body = {"configId": "n6_", "input": hopeless}
    assert conforming.reply("POST", "/v1/generate/video", body).status == 200


def test_rules_across_fields_are_left_out_and_schemas_are_not(conforming: Caller) -> None:
    body = {
        "model": "gen4.5",
        "promptText": "x",
        "ratio": "1280:720",
        "duration": 2,
        "outputFormat": "mp4",
        "proresProfile": "422",
    }
    assert conforming.reply("POST", "/v1/text_to_video", body).status == 200
    assert conforming.reply("POST", "/v1/text_to_video", {**body, "duration": 99}).status == 400
    assert new_caller().reply("POST", "/v1/text_to_video", body).status == 400


def test_a_retired_model_passes_for_one_that_takes_the_same_body(conforming: Caller) -> None:
    body = {"model": "veo3", "promptText": "x", "ratio": "1280:720", "duration": 8}
    assert conforming.reply("POST", "/v1/text_to_video", body).status == 200
    for wrong in ({"promptText": 5}, {"model": "veo5"}):
        assert conforming.reply("POST", "/v1/text_to_video", {**body, **wrong}).status == 400
    assert new_caller().reply("POST", "/v1/text_to_video", body).status == 400


def test_an_empty_object_in_a_list_stands_for_anything(conforming: Caller) -> None:
    body = {"model": "kling_4", "promptText": "x", "ratio": "1280:720", "referenceVideos": [{}]}
    assert conforming.reply("POST", "/v1/text_to_video", body).status == 200
    assert new_caller().reply("POST", "/v1/text_to_video", body).status == 400


def test_nothing_takes_time(conforming: Caller) -> None:
    for collection in ("avatars", "voices", "realtime_sessions"):
        id_ = conforming.reply("POST", f"/v1/{collection}", MADE[collection]).json()["id"]
        assert conforming.reply("GET", f"/v1/{collection}/{id_}").json()["status"] == "READY"


def test_every_behaviour_of_the_contract_is_there(call: Caller) -> None:
    operations = call.engine.contract.operations
    assert len(operations) == 66
    assert {operation.behaviour for operation in operations} == set(BEHAVIOURS)
