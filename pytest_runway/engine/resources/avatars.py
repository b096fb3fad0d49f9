"""Avatars: a name, a personality, a voice, and an image that takes a while to be processed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, cast

from pytest_runway.engine.artifacts import signed_url
from pytest_runway.engine.encoding import iso_timestamp
from pytest_runway.engine.resources.family import WELL_KNOWN_ID, Family
from pytest_runway.engine.resources.store import Processing, Resource

if TYPE_CHECKING:
    from pytest_runway.engine.context import Context
    from pytest_runway.engine.resources.voices import Voice
    from pytest_runway.engine.state import State
    from pytest_runway.wire import Reply

SAMPLE: dict[str, Any] = {
    "name": "Mina",
    "personality": "Helpful and brief.",
    "referenceImage": "https://example.com/reference.jpg",
    "voice": {"type": "runway-live-preset", "presetId": "adrian"},
}


@dataclass(slots=True, eq=False)
class Avatar(Resource):
    """A custom avatar. ``voice`` is as the request said it; ``image_ms`` is when the image came."""

    name: str
    personality: str
    voice: dict[str, Any]
    start_script: str | None
    document_ids: list[str]
    image_ms: int
    image: Processing = field(default_factory=Processing)

    def status(self, now_ms: int) -> str:
        """Return PROCESSING, READY or FAILED: what has become of the image by now."""
        return self.image.status(self.image_ms, now_ms)

    def image_url(self, now_ms: int) -> str | None:
        """Return the link of the processed image, None before it is there."""
        if self.status(now_ms) != "READY":
            return None
        return signed_url(f"avatars/{self.id}/processed.png", now_ms)


class Avatars(Family[Avatar]):
    """``/v1/avatars``: cannot be changed while the image is processed (facts §1.2: 409)."""

    collection: ClassVar[str] = "avatars"

    def make(self, context: Context, body: dict[str, Any]) -> Avatar:
        """Make an avatar; its image is processed from now on."""
        return self._new(context.state, context.state.new_id(), body, _processing(context, body))

    def sample(self, state: State) -> Avatar:
        """Make the well-known avatar, which is ready."""
        return self._new(state, WELL_KNOWN_ID, SAMPLE, Processing(0))

    def _new(self, state: State, id_: str, body: dict[str, Any], image: Processing) -> Avatar:
        now_ms = state.now_ms
        made = Avatar(
            id=id_,
            number=self.shelf(state).next_number(),
            created_ms=now_ms,
            updated_ms=now_ms,
            name=body["name"],
            personality=body["personality"],
            voice=body["voice"],
            start_script=body.get("startScript"),
            document_ids=list(body.get("documentIds", ())),
            image_ms=now_ms,
            image=image,
        )
        return self.keep(state, made)

    def change(self, context: Context, resource: Avatar, body: dict[str, Any]) -> Reply | None:
        """Change what is given; a new image is processed anew."""
        state = context.state
        if resource.status(state.now_ms) == "PROCESSING":
            return context.error("avatar_processing")
        resource.name = body.get("name", resource.name)
        resource.personality = body.get("personality", resource.personality)
        resource.voice = body.get("voice", resource.voice)
        resource.start_script = body.get("startScript", resource.start_script)
        resource.document_ids = list(body.get("documentIds", resource.document_ids))
        if body:
            resource.updated_ms = state.now_ms
        if "referenceImage" in body:
            resource.image_ms = state.now_ms
            resource.image = _processing(context, body)
        return None

    def body(self, state: State, resource: Avatar) -> dict[str, Any]:
        """Return an avatar as the API writes it."""
        status = resource.status(state.now_ms)
        body: dict[str, Any] = {
            "id": resource.id,
            "name": resource.name,
            "personality": resource.personality,
            "startScript": resource.start_script,
            "voice": _voice(state, resource.voice),
            "referenceImageUri": signed_url(f"avatars/{resource.id}/reference.png", state.now_ms),
            "processedImageUri": resource.image_url(state.now_ms),
            "documentIds": list(resource.document_ids),
            "createdAt": iso_timestamp(resource.created_ms),
            "updatedAt": iso_timestamp(resource.updated_ms),
            "status": status,
        }
        if status == "FAILED":
            body["failureReason"] = resource.image.failure
        return body


def _processing(context: Context, body: dict[str, Any]) -> Processing:
    store = context.state.store
    # An image that is used as it is needs no time (Assumed), unless the test says otherwise.
    at_once = body.get("imageProcessing") == "none" and not store.scripted.get("avatars")
    made = Processing(0) if at_once else store.processing("avatars")
    return made.spoilt(context.late_failure)


def _voice(state: State, voice: dict[str, Any]) -> dict[str, Any]:
    if voice["type"] != "custom":
        name = voice["presetId"].capitalize()
        return {
            "type": voice["type"],
            "presetId": voice["presetId"],
            "name": name,
            "description": f"The preset voice {name}.",
        }
    found = cast("Voice | None", state.store.shelf("voices").get(voice["id"].lower()))
    told: dict[str, Any] = {"type": "custom", "id": voice["id"], "deleted": found is None}
    if found is not None:
        told["name"] = found.name
        if found.description is not None:
            told["description"] = found.description
    return told
