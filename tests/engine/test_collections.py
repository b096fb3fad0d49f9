"""Avatars, documents, voices, routers: made, read, changed, deleted."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from pytest_runway.engine.resources.store import Processing
from tests.engine.bodies import AVATAR, DOCUMENT, MADE, ROUTER, VOICE

if TYPE_CHECKING:
    from tests.engine.conftest import Caller

UNKNOWN = "11111111-2222-4333-8444-555555555555"
READ = ("avatars", "documents", "voices", "routers", "realtime_sessions")


def make(call: Caller, collection: str, **changes: object) -> str:
    reply = call.reply("POST", f"/v1/{collection}", {**MADE[collection], **changes})
    assert reply.status == 200, reply.body
    return str(reply.json()["id"])


@pytest.mark.parametrize("collection", READ)
def test_what_was_made_can_be_read(call: Caller, collection: str) -> None:
    id_ = make(call, collection)
    assert uuid.UUID(id_).version == 4
    body = call.reply("GET", f"/v1/{collection}/{id_}").json()
    assert body["id"] == id_
    assert body["createdAt"] == "2027-01-15T08:00:00.000Z"


@pytest.mark.parametrize("collection", [*READ, "avatar_conversations", "workflows"])
def test_an_unknown_id_is_not_found_and_a_malformed_one_is_refused(
    call: Caller, collection: str
) -> None:
    reply = call.reply("GET", f"/v1/{collection}/{UNKNOWN}")
    assert reply.status == 404
    assert reply.json()["error"].startswith("Could not find ")
    for wrong in ("7", UNKNOWN.replace("4333", "1333"), UNKNOWN[:-1], f"{UNKNOWN}0"):
        assert call.reply("GET", f"/v1/{collection}/{wrong}").status == 400


def test_an_id_is_the_same_in_capital_letters(call: Caller) -> None:
    id_ = make(call, "documents")
    assert call.reply("GET", f"/v1/documents/{id_.upper()}").json()["id"] == id_


@pytest.mark.parametrize("collection", ["avatars", "documents", "voices", "routers"])
def test_what_was_deleted_is_gone_and_deleting_again_says_so(call: Caller, collection: str) -> None:
    id_ = make(call, collection)
    path = f"/v1/{collection}/{id_}"
    assert [call.reply("DELETE", path).status for _ in range(2)] == [204, 404]
    assert call.reply("GET", path).status == 404
    assert (
        call.reply("GET", f"/v1/{collection}", query="limit=10&sort=createdAt&order=asc").json()[
            "data"
        ]
        == []
    )


@pytest.mark.parametrize("collection", ["avatars", "documents", "voices", "routers"])
def test_a_change_of_nothing_changes_nothing(call: Caller, collection: str) -> None:
    id_ = make(call, collection)
    path = f"/v1/{collection}/{id_}"
    call.at(60)
    before = call.reply("GET", path).json()
    assert call.reply("PATCH", path, {}).status == (204 if collection == "documents" else 200)
    assert call.reply("GET", path).json() == before
    assert call.reply("PATCH", f"/v1/{collection}/{UNKNOWN}", {}).status == 404


def test_a_change_keeps_what_it_does_not_name(call: Caller) -> None:
    id_ = make(call, "documents")
    assert call.at(5).reply("PATCH", f"/v1/documents/{id_}", {"name": "Terms"}).status == 204
    body = call.reply("GET", f"/v1/documents/{id_}").json()
    assert (body["name"], body["content"]) == ("Terms", DOCUMENT["content"])
    assert body["updatedAt"] == "2027-01-15T08:00:05.000Z"


def test_an_avatar_is_processed_and_cannot_be_changed_meanwhile(call: Caller) -> None:
    path = f"/v1/avatars/{make(call, 'avatars')}"
    first = call.at(9.999).reply("GET", path).json()
    assert (first["status"], first["processedImageUri"]) == ("PROCESSING", None)
    refused = call.reply("PATCH", path, {"name": "Nina"})
    assert refused.status == 409
    assert list(refused.json()) == ["error"]
    ready = call.at(10).reply("GET", path).json()
    assert ready["status"] == "READY"
    assert ready["processedImageUri"].startswith("https://dnznrvs05pmza.cloudfront.net/")
    assert ready["name"] == "Mina"
    assert call.reply("PATCH", path, {"name": "Nina"}).json()["name"] == "Nina"


def test_a_new_image_is_processed_anew_and_one_used_as_it_is_is_not(call: Caller) -> None:
    path = f"/v1/avatars/{make(call, 'avatars', imageProcessing='none')}"
    assert call.reply("GET", path).json()["status"] == "READY"
    change = {"referenceImage": "https://example.com/other.jpg"}
    assert call.reply("PATCH", path, change).json()["status"] == "PROCESSING"


def test_an_avatar_that_was_scripted_to_fail_says_why(call: Caller) -> None:
    call.engine.state.store.script("avatars", Processing(2_000, "No face was found."))
    path = f"/v1/avatars/{make(call, 'avatars')}"
    assert call.at(1).reply("GET", path).json()["status"] == "PROCESSING"
    failed = call.at(2).reply("GET", path).json()
    assert (failed["status"], failed["failureReason"]) == ("FAILED", "No face was found.")


def test_ids_in_a_body_must_name_something(call: Caller) -> None:
    document = make(call, "documents")
    body = {
        **AVATAR,
        "documentIds": [document, UNKNOWN],
        "voice": {"type": "custom", "id": UNKNOWN},
    }
    reply = call.reply("POST", "/v1/avatars", body)
    assert reply.status == 400
    assert [(issue["path"], issue["message"]) for issue in reply.json()["issues"]] == [
        (["documentIds", 1], "Could not find Document"),
        (["voice", "id"], "Could not find Voice"),
    ]
    video = {
        "model": "gwm1_avatars",
        "avatar": {"type": "custom", "avatarId": UNKNOWN},
        "speech": {"type": "text", "text": "Hello."},
    }
    refused = call.reply("POST", "/v1/avatar_videos", video)
    assert [issue["path"] for issue in refused.json()["issues"]] == [["avatar", "avatarId"]]


def test_a_custom_voice_shows_in_its_avatar_also_when_it_was_deleted(call: Caller) -> None:
    voice = make(call, "voices", description="Warm")
    avatar = make(call, "avatars", voice={"type": "custom", "id": voice})
    shown = call.reply("GET", f"/v1/avatars/{avatar}").json()["voice"]
    told = {"type": "custom", "id": voice, "deleted": False}
    assert shown == {**told, "name": "Narrator", "description": "Warm"}
    call.reply("DELETE", f"/v1/voices/{voice}")
    assert call.reply("GET", f"/v1/avatars/{avatar}").json()["voice"] == {**told, "deleted": True}


def test_a_document_says_which_avatars_use_it_and_leaves_them_when_deleted(call: Caller) -> None:
    document = make(call, "documents")
    avatar = make(call, "avatars", documentIds=[document])
    listed = (
        call.at(10)
        .reply("GET", "/v1/documents", query="limit=1&sort=createdAt&order=asc")
        .json()["data"]
    )
    assert "content" not in listed[0]
    (used,) = listed[0]["usedBy"]
    assert (used["id"], used["name"]) == (avatar, "Mina")
    call.reply("DELETE", f"/v1/documents/{document}")
    assert call.reply("GET", f"/v1/avatars/{avatar}").json()["documentIds"] == []


def test_a_voice_is_answered_by_its_id_and_is_ready_after_a_while(call: Caller) -> None:
    reply = call.reply("POST", "/v1/voices", VOICE)
    assert list(reply.json()) == ["id"]
    path = f"/v1/voices/{reply.json()['id']}"
    assert call.reply("GET", path).json()["status"] == "PROCESSING"
    ready = call.at(10).reply("GET", path).json()
    assert ready["previewUrl"].startswith("https://d2jqrm6oza8nb6.cloudfront.net/")
    changed = call.reply("PATCH", path, {"description": None, "name": "Teller"}).json()
    assert (changed["name"], changed["description"]) == ("Teller", None)


def test_a_voice_can_be_heard_before_it_is_made(call: Caller) -> None:
    body = {"model": "eleven_ttv_v3", "prompt": "A warm, slow voice for bedtime stories"}
    reply = call.reply("POST", "/v1/voices/preview", body)
    assert sorted(reply.json()) == ["durationSecs", "url"]


def test_a_routers_version_counts_changes_of_its_settings_alone(call: Caller) -> None:
    path = f"/v1/routers/{make(call, 'routers')}"
    assert call.reply("GET", path).json()["name"] == ROUTER["slug"]
    versions = [
        call.reply("PATCH", path, change).json()["version"]
        for change in (
            {"name": "Films"},
            {"description": "For films"},
            {"settings": {"optimizeFor": "quality"}},
            {"settings": {"optimizeFor": "quality"}},
            {"settings": {"maxCreditsPerGeneration": {"video": 50, "image": 5}}},
            {"settings": {"maxCreditsPerGeneration": {"video": None}}},
        )
    ]
    assert versions == [1, 1, 2, 2, 3, 4]
    settings = call.reply("GET", path).json()["settings"]
    assert settings == {
        "schemaVersion": 1,
        "optimizeFor": "quality",
        "maxCreditsPerGeneration": {"image": 5},
    }


def test_a_router_refuses_a_slug_that_is_taken_and_models_that_nobody_knows(call: Caller) -> None:
    make(call, "routers")
    assert call.reply("POST", "/v1/routers", ROUTER).status == 400
    settings = {"models": {"mode": "allowlist_only", "ids": ["gen4.5", "gen5"]}}
    reply = call.reply("POST", "/v1/routers", {"slug": "other", "settings": settings})
    assert reply.status == 400
    assert [issue["path"] for issue in reply.json()["issues"]] == [["settings", "models", "ids", 1]]


def test_an_upload_gets_a_place_and_a_name(call: Caller) -> None:
    body = {"filename": "portrait.jpg", "type": "ephemeral"}
    told = call.reply("POST", "/v1/uploads", body).json()
    assert list(told) == ["uploadUrl", "fields", "runwayUri"]
    assert told["runwayUri"].startswith("runway://")
    (upload,) = call.engine.state.store.uploads.values()
    assert (upload.filename, upload.uri) == ("portrait.jpg", told["runwayUri"])
    assert upload.expires_ms - call.now_ms == 24 * 3_600_000


def test_a_refused_create_makes_nothing(call: Caller) -> None:
    for collection in MADE:
        assert call.reply("POST", f"/v1/{collection}", {}).status == 400
        assert not call.engine.state.store.shelf(collection)
