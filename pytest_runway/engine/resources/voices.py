"""Custom voices, designed from a text or cloned from a sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pytest_runway.engine.artifacts import signed_url
from pytest_runway.engine.encoding import iso_timestamp
from pytest_runway.engine.resources.family import WELL_KNOWN_ID, Family
from pytest_runway.engine.resources.store import Processing, Resource

if TYPE_CHECKING:
    from pytest_runway.engine.context import Context
    from pytest_runway.engine.state import State


@dataclass(slots=True, eq=False)
class Voice(Resource):
    """A custom voice."""

    name: str
    description: str | None
    making: Processing

    def status(self, now_ms: int) -> str:
        """Return PROCESSING, READY or FAILED."""
        return self.making.status(self.created_ms, now_ms)


class Voices(Family[Voice]):
    """``/v1/voices``."""

    collection: ClassVar[str] = "voices"

    def make(self, context: Context, body: dict[str, Any]) -> Voice:
        """Make a voice, which takes a while to be ready."""
        state = context.state
        making = state.store.processing("voices").spoilt(context.late_failure)
        return self._new(state, state.new_id(), body, making)

    def sample(self, state: State) -> Voice:
        """Make the well-known voice, which is ready."""
        return self._new(state, WELL_KNOWN_ID, {"name": "Warm narrator"}, Processing(0))

    def _new(self, state: State, id_: str, body: dict[str, Any], making: Processing) -> Voice:
        number, now_ms = self.shelf(state).next_number(), state.now_ms
        made = Voice(id_, number, now_ms, now_ms, body["name"], body.get("description"), making)
        return self.keep(state, made)

    def change(self, context: Context, resource: Voice, body: dict[str, Any]) -> None:
        """Change name and description, those that are given."""
        resource.name = body.get("name", resource.name)
        resource.description = body.get("description", resource.description)
        if body:
            resource.updated_ms = context.state.now_ms

    def body(self, state: State, resource: Voice) -> dict[str, Any]:
        """Return a voice as the API writes it."""
        status = resource.status(state.now_ms)
        body: dict[str, Any] = {
            "id": resource.id,
            "name": resource.name,
            "description": resource.description,
            "createdAt": iso_timestamp(resource.created_ms),
            "status": status,
        }
        if status == "READY":
            body["previewUrl"] = preview_url(state, resource.id)
        elif status == "FAILED":
            body["failureReason"] = resource.making.failure
        return body


def preview_url(state: State, id_: str) -> str:
    """Return where a voice can be heard: a link on the host for previews (facts §4.5)."""
    return signed_url(
        f"voices/{id_}/preview.mp3", state.now_ms, host="d2jqrm6oza8nb6.cloudfront.net"
    )
