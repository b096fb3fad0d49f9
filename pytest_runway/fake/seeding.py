"""What the API cannot make, and a test puts there: ``runway.seed``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.durations import Duration, milliseconds
from pytest_runway.engine.resources.conversations import Conversation
from pytest_runway.engine.resources.families import AUDIT_LOGS, FAMILIES, WORKFLOWS
from pytest_runway.engine.resources.webapp import AuditEvent, WebCharge
from pytest_runway.engine.resources.workflows import Node
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_runway.fake.visiting import Visit


class Seed:
    """Puts workflows, conversations, web-app charges and audit events there; each returns an id."""

    def __init__(self, visit: Visit) -> None:
        """Put things into an account through ``visit``."""
        self._visit = visit

    def workflow(
        self,
        name: str = "Workflow",
        *,
        nodes: Mapping[str, Node | int] | None = None,
        description: str | None = None,
        graph: Mapping[str, Any] | None = None,
    ) -> str:
        """Put a workflow there, or one more version of the one of that name; return its id.

        ``nodes`` says what each node leaves behind: so many files, or a ``Node``, which can also
        say that the node fails.
        """
        made = {
            node: told if isinstance(told, Node) else Node(outputs=told)
            for node, told in (nodes or {"output": 1}).items()
        }
        with self._visit() as engine:
            state = engine.state
            return WORKFLOWS.new(state, name, made, description=description, graph=graph).id

    def conversation(
        self,
        *,
        name: str = "Conversation",
        avatar: Mapping[str, Any] | None = None,
        seconds: int | None = 60,
        ago: Duration = 0,
        failure: tuple[str, str] | None = None,
        transcript: Sequence[Mapping[str, Any]] = (),
        tools: Sequence[Mapping[str, Any]] = (),
        recording_url: str | None = None,
    ) -> str:
        """Put a conversation there that began so long ago, and return its id.

        ``seconds`` is how long it lasted, None where it still goes on; ``failure`` is a code and a
        text. ``avatar`` is as a session's body names one, ``transcript`` as the API writes it.
        """
        with self._visit() as engine:
            state = engine.state
            began_ms = state.now_ms - milliseconds(ago)
            shelf = state.store.shelf("avatar_conversations")
            made = Conversation(
                id=state.new_id(),
                number=shelf.next_number(),
                created_ms=began_ms,
                updated_ms=began_ms,
                name=name,
                avatar=None if avatar is None else dict(avatar),
                started_ms=began_ms,
                tools=[dict(tool) for tool in tools],
                transcript=[dict(turn) for turn in transcript],
                recording_url=recording_url,
            )
            if seconds is not None:
                made.end(began_ms + seconds * 1000, failure)
            shelf[made.id] = made
            return made.id

    def webapp_charge(
        self,
        *,
        email: str,
        credits: float,  # noqa: A002 - the API's own word
        tool: str = "Gen-4.5",
        ago: Duration = 0,
        workspace: tuple[int, str] = (1, "Workspace"),
    ) -> str:
        """Put a charge of the web app there, a refund where ``credits`` are negative."""
        with self._visit() as engine:
            state = engine.state
            shelf = state.store.shelf("webapp_usage")
            at_ms, number = state.now_ms - milliseconds(ago), shelf.next_number()
            made = WebCharge(state.new_id(), number, at_ms, at_ms, email, tool, credits, *workspace)
            shelf[made.id] = made
            return made.id

    def audit_event(
        self,
        action: str,
        *,
        email: str | None = None,
        username: str | None = None,
        ago: Duration = 0,
        workspace: tuple[int, str] = (1, "Workspace"),
        details: Mapping[str, Any] | None = None,
        resource: tuple[str, str] | None = None,
    ) -> str:
        """Put an event of the audit log there; ``resource`` is the type and the id of a thing.

        Raises:
            UsageError: for an action that the contract does not know.
        """
        with self._visit() as engine:
            schemas = engine.contract.document["components"]["schemas"]
            known = schemas["AuditLogEntry"]["properties"]["action"]["enum"]
            if action not in known:
                raise UsageError(f"no action {action!r}; there are {', '.join(known)}")
            state = engine.state
            number = AUDIT_LOGS.shelf(state).next_number()
            at_ms = state.now_ms - milliseconds(ago)
            made = AuditEvent(
                *(state.new_id(), number, at_ms, at_ms, action, email, username, *workspace),
                details=details or {},
                resource_type=resource[0] if resource else None,
                resource_id=resource[1] if resource else None,
            )
            return AUDIT_LOGS.keep(state, made).id

    def __repr__(self) -> str:
        return f"<Seed for {', '.join(sorted(FAMILIES))}>"
