"""Realtime sessions: provisioned, joined by a browser that a test stands in for, ended."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pytest_runway.engine.admission import refusal_of
from pytest_runway.engine.encoding import iso_timestamp
from pytest_runway.engine.resources.conversations import Conversation
from pytest_runway.engine.resources.family import WELL_KNOWN_ID, Family
from pytest_runway.engine.resources.store import Processing, Resource

if TYPE_CHECKING:
    from pytest_runway.engine.context import Context
    from pytest_runway.engine.engine import Engine
    from pytest_runway.engine.state import State
    from pytest_runway.wire import Reply

SessionStatus = Literal["NOT_READY", "READY", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"]

_PROVISIONING = Processing(3_000)
_KEY_LIFETIME_MS = 60_000  # Assumed


@dataclass(slots=True, eq=False)
class Session(Resource):
    """One session. It stands in line as long as ``begun_ms`` is None."""

    asked: dict[str, Any]
    key: str
    api_key: str | None
    begun_ms: int | None
    provisioning: Processing = _PROVISIONING
    joined_ms: int | None = None
    ended_ms: int | None = None
    cancelled: bool = False
    failure: tuple[str, str] | None = None

    @property
    def max_seconds(self) -> int:
        """How long it may last."""
        return int(self.asked["maxDuration"])

    @property
    def model(self) -> str:
        """The model it was asked for."""
        return str(self.asked["model"])

    def status(self, now_ms: int) -> SessionStatus:
        """Return what has become of it by now."""
        if self.cancelled:
            return "CANCELLED"
        if self.failure is not None:
            return "FAILED"
        if self.joined_ms is not None:
            return "RUNNING" if self.ended_ms is None else "COMPLETED"
        if self.begun_ms is None:
            return "NOT_READY"
        made = self.provisioning.status(self.begun_ms, now_ms)
        by_what_was_made: dict[str, SessionStatus] = {
            "PROCESSING": "NOT_READY",
            "READY": "READY",
            "FAILED": "FAILED",
        }
        return by_what_was_made[made]

    @property
    def due_ms(self) -> int | None:
        """When something happens to it by itself: its time is up, or making it fails."""
        if self.cancelled or self.failure is not None or self.ended_ms is not None:
            return None
        if self.joined_ms is not None:
            return self.joined_ms + self.max_seconds * 1000
        made = self.provisioning
        if self.begun_ms is None or made.failure is None or made.ms is None:
            return None
        return self.begun_ms + made.ms

    def is_over(self, now_ms: int) -> bool:
        """Whether the status never changes again."""
        return self.status(now_ms) in ("COMPLETED", "FAILED", "CANCELLED")


class Sessions(Family[Session]):
    """``/v1/realtime_sessions``: DELETE cancels, and what was cancelled can still be read.

    CANCELLED is a documented state of a session, so it is taken to be seen after a DELETE; a
    session that is over is gone after it, like a task (Assumed).
    """

    collection: ClassVar[str] = "realtime_sessions"

    def make(self, context: Context, body: dict[str, Any]) -> Session | Reply:
        """Make a session, or put it in line where the tier allows no more at once."""
        state, model = context.state, body["model"]
        least = context.engine.contract.limits["sessions"]["starting_credits"]
        refusal = refusal_of(context, model, context.variant.tier_group, least)
        if refusal is not None:
            return refusal
        begins = self._has_room(context.engine, model)
        state.account.count(model, state.now_ms)
        longest = context.variant.schema["properties"]["maxDuration"]["default"]
        asked = {"maxDuration": longest, **body}
        made = self._new(state, state.new_id(), asked, begins=begins)
        made.api_key = context.key.name if context.key else None
        made.provisioning = state.store.processing("realtime_sessions", _PROVISIONING)
        return made

    def sample(self, state: State) -> Session:
        """Make the well-known session, which is ready."""
        avatar = {"type": "runway-preset", "presetId": "cat-character"}
        body = {"model": "gwm1_avatars", "avatar": avatar, "maxDuration": 60}
        made = self._new(state, WELL_KNOWN_ID, body, begins=True)
        made.provisioning = Processing(0)
        return made

    def _new(self, state: State, id_: str, body: dict[str, Any], *, begins: bool) -> Session:
        now_ms = state.now_ms
        made = Session(
            id=id_,
            number=self.shelf(state).next_number(),
            created_ms=now_ms,
            updated_ms=now_ms,
            asked=body,
            key=f"session_fake_{state.dice.getrandbits(64):016x}",
            api_key=None,
            begun_ms=now_ms if begins else None,
        )
        return self.keep(state, made)

    def remove(self, context: Context, resource: Session) -> None:
        """Cancel a session; take one away that is over."""
        state = context.state
        if resource.is_over(state.now_ms):
            super().remove(context, resource)
            return
        if resource.joined_ms is not None:
            self.end(context.engine, resource, state.now_ms)
        resource.cancelled = True
        self.start_waiting(context.engine, state.now_ms)

    def join(self, engine: Engine, session: Session) -> None:
        """Let somebody join a session that is READY: a conversation begins, and is charged."""
        state, price = engine.state, engine.contract.limits["sessions"]
        session.joined_ms = state.now_ms
        _charge(state, session, price["starting_credits"], state.now_ms)
        conversation = Conversation.of(state, session.id, session.asked)
        state.store.shelf("avatar_conversations")[session.id] = conversation

    def end(self, engine: Engine, session: Session, at_ms: int) -> None:
        """End a session that somebody has joined: every step that has begun is charged."""
        state, price = engine.state, engine.contract.limits["sessions"]
        session.ended_ms = at_ms
        seconds = math.ceil((at_ms - (session.joined_ms or at_ms)) / 1000)
        steps = math.ceil(seconds / price["step_seconds"])
        _charge(state, session, steps * price["step_credits"], at_ms)
        conversation = state.store.shelf("avatar_conversations").get(session.id)
        if isinstance(conversation, Conversation):
            conversation.end(at_ms, session.failure)

    def fail(self, engine: Engine, session: Session, code: str, failure: str) -> None:
        """Let a session fail now."""
        state = engine.state
        session.failure = (code, failure)
        if session.joined_ms is not None and session.ended_ms is None:
            self.end(engine, session, state.now_ms)
        self.start_waiting(engine, state.now_ms)

    def finish(self, engine: Engine, session: Session, at_ms: int) -> None:
        """End a session in the usual way, and let the next in line begin."""
        self.end(engine, session, at_ms)
        self.start_waiting(engine, at_ms)

    def advance(self, engine: Engine, now_ms: int) -> None:
        """End every session that has lasted as long as it may, and those that could not begin."""
        state = engine.state
        while self.shelf(state):
            due = [
                (session.due_ms, session.number, session)
                for session in self.shelf(state).values()
                if session.due_ms is not None and session.due_ms <= now_ms
            ]
            if not due:
                return
            at_ms, _, session = min(due)
            if session.joined_ms is None:
                session.failure = ("INTERNAL", session.provisioning.failure or "")
                self.start_waiting(engine, at_ms)
            else:
                self.finish(engine, session, at_ms)

    def start_waiting(self, engine: Engine, at_ms: int) -> None:
        """Let those in line begin, in order, as far as the tier lets them."""
        for session in self.shelf(engine.state).values():
            if session.begun_ms is None and not session.is_over(at_ms):
                if not self._has_room(engine, session.model):
                    return
                session.begun_ms = at_ms

    def _has_room(self, engine: Engine, model: str) -> bool:
        limit = engine.quotas.concurrent(model, engine.quotas.groups.get(model))
        return limit is None or self._busy(engine.state) < limit

    def _busy(self, state: State) -> int:
        live = (session for session in self.shelf(state).values() if session.begun_ms is not None)
        return sum(not session.is_over(state.now_ms) for session in live)

    def body(self, state: State, resource: Session) -> dict[str, Any]:
        """Return a session as the API writes it."""
        status = resource.status(state.now_ms)
        body: dict[str, Any] = {
            "id": resource.id,
            "createdAt": iso_timestamp(resource.created_ms),
            "status": status,
        }
        if status == "NOT_READY":
            body["queued"] = resource.begun_ms is None
        elif status == "READY":
            ready_ms = (resource.begun_ms or 0) + (resource.provisioning.ms or 0)
            body["expiresAt"] = iso_timestamp(ready_ms + _KEY_LIFETIME_MS)
            body["sessionKey"] = resource.key
        elif status == "COMPLETED":
            lasted_ms = (resource.ended_ms or 0) - (resource.joined_ms or 0)
            body["duration"] = round(lasted_ms / 1000)
        elif status == "FAILED":
            body["failureCode"], body["failure"] = resource.failure or ("INTERNAL", "")
        return body


def _charge(state: State, session: Session, credits_: int, at_ms: int) -> None:
    due = min(credits_, state.ledger.balance)  # the balance never falls below zero (facts §1.5)
    state.ledger.reserve(due, at_ms=at_ms, task=None, model=session.model, key=session.api_key)
