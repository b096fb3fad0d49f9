"""Conversations with avatars: what a session leaves behind, or a test puts there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

from pytest_runway.engine.encoding import iso_timestamp, unix_ms
from pytest_runway.engine.resources.family import WELL_KNOWN_ID, Family
from pytest_runway.engine.resources.store import Resource

if TYPE_CHECKING:
    from pytest_runway.engine.context import Context
    from pytest_runway.engine.resources.avatars import Avatar
    from pytest_runway.engine.state import State

ConversationStatus = Literal["in_progress", "ended", "failed"]


@dataclass(slots=True, eq=False)
class Conversation(Resource):
    """One conversation. ``avatar`` is as a session's body names one; ``ended_ms`` ends it."""

    name: str
    avatar: dict[str, Any] | None
    started_ms: int | None
    max_seconds: int | None = None
    ended_ms: int | None = None
    failure: tuple[str, str] | None = None
    tools: list[dict[str, Any]] = field(default_factory=list)
    transcript: list[dict[str, Any]] = field(default_factory=list)
    recording_url: str | None = None

    @classmethod
    def of(cls, state: State, id_: str, asked: dict[str, Any]) -> Conversation:
        """Return the conversation that begins when a session is joined: it has the same id."""
        shelf = state.store.shelf("avatar_conversations")
        number = shelf.next_number()
        return cls(
            id=id_,
            number=number,
            created_ms=state.now_ms,
            updated_ms=state.now_ms,
            name=f"Conversation {number}",
            avatar=asked["avatar"],
            started_ms=state.now_ms,
            max_seconds=asked.get("maxDuration"),
            tools=list(asked.get("tools", ())),
        )

    def end(self, at_ms: int, failure: tuple[str, str] | None = None) -> None:
        """End it, as failed where there is a failure: its code and its text."""
        self.ended_ms = at_ms
        self.failure = failure

    @property
    def status(self) -> ConversationStatus:
        """What has become of it."""
        if self.failure is not None:
            return "failed"
        return "in_progress" if self.ended_ms is None else "ended"

    def seconds(self, now_ms: int) -> int | None:
        """Return how long it has lasted by now, None where it never started."""
        if self.started_ms is None:
            return None
        until = now_ms if self.ended_ms is None else self.ended_ms
        return round((until - self.started_ms) / 1000)


class Conversations(Family[Conversation]):
    """``/v1/avatar_conversations``: read and deleted by the API, made by sessions and tests."""

    collection: ClassVar[str] = "avatar_conversations"

    def sample(self, state: State) -> Conversation:
        """Make the well-known conversation, which has ended."""
        avatar = {"type": "runway-preset", "presetId": "cat-character"}
        made = Conversation.of(state, WELL_KNOWN_ID, {"avatar": avatar})
        made.end(state.now_ms)
        return self.keep(state, made)

    def listed(self, context: Context) -> tuple[list[Conversation], str]:
        """Return the conversations that the query asks for: by avatar and by day of creation."""
        found, order = super().listed(context)
        avatar, start, end = (context.query(name) for name in ("avatar", "startDate", "endDate"))
        if avatar is not None:
            found = [each for each in found if (each.avatar or {}).get("avatarId") == avatar]
        if start is not None:
            found = [each for each in found if each.created_ms >= unix_ms(start)]
        if end is not None:
            found = [each for each in found if each.created_ms < unix_ms(end)]
        return found, order

    def entry(self, state: State, resource: Conversation) -> dict[str, Any]:
        """Return what a list says of a conversation."""
        avatar = _avatar(state, resource.avatar)
        if avatar is not None:
            avatar.pop("imageUrl", None)
            if avatar["type"] == "runway-preset":
                avatar["name"] = avatar["presetId"].replace("-", " ").title()
        return {
            "id": resource.id,
            "name": resource.name,
            "status": resource.status,
            "avatar": avatar,
            "createdAt": iso_timestamp(resource.created_ms),
            "duration": resource.seconds(state.now_ms),
            "hasTools": bool(resource.tools),
        }

    def body(self, state: State, resource: Conversation) -> dict[str, Any]:
        """Return a conversation as the API writes it."""
        body: dict[str, Any] = {
            "id": resource.id,
            "name": resource.name,
            "status": resource.status,
            "avatar": _avatar(state, resource.avatar),
            "createdAt": iso_timestamp(resource.created_ms),
            "startedAt": _moment(resource.started_ms),
            "duration": resource.seconds(state.now_ms),
            "maxDuration": resource.max_seconds,
            "transcript": list(resource.transcript),
            "recordingUrl": resource.recording_url,
            "tools": [
                {key: tool[key] for key in ("type", "name", "description")}
                for tool in resource.tools
            ],
        }
        if resource.status != "in_progress":
            body["endedAt"] = _moment(resource.ended_ms)
        if resource.failure is not None:
            body["failureCode"], body["failure"] = resource.failure
        return body


def _moment(at_ms: int | None) -> str | None:
    return None if at_ms is None else iso_timestamp(at_ms)


def _avatar(state: State, avatar: dict[str, Any] | None) -> dict[str, Any] | None:
    if avatar is None or avatar["type"] == "runway-preset":
        return None if avatar is None else dict(avatar)
    found = cast("Avatar | None", state.store.shelf("avatars").get(avatar["avatarId"].lower()))
    told: dict[str, Any] = {"type": "custom"}
    if found is not None:
        told |= {"id": found.id, "name": found.name}
        url = found.image_url(state.now_ms)
        if url is not None:
            told["imageUrl"] = url
    return told
