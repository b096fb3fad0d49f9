"""What happened in the web app, which a test has to tell: charges and the audit log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pytest_runway.engine.encoding import iso_timestamp
from pytest_runway.engine.resources.family import WELL_KNOWN_ID, Family
from pytest_runway.engine.resources.store import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_runway.engine.state import State


@dataclass(slots=True, eq=False)
class WebCharge(Resource):
    """Credits that somebody spent in the web app; a refund where they are negative."""

    email: str
    tool: str
    credits: float
    workspace_id: int
    workspace_name: str

    def body(self) -> dict[str, Any]:
        """Return the row as the API writes it."""
        kind: Literal["charge", "refund"] = "charge" if self.credits >= 0 else "refund"
        return {
            "timestamp": iso_timestamp(self.created_ms),
            "email": self.email,
            "workspaceId": self.workspace_id,
            "workspaceName": self.workspace_name,
            "tool": self.tool,
            "credits": self.credits,
            "type": kind,
        }


@dataclass(slots=True, eq=False)
class AuditEvent(Resource):
    """Something that somebody did in the web app."""

    action: str
    actor_email: str | None
    actor_username: str | None = None
    workspace_id: int = 1
    workspace_name: str = "Workspace"
    details: Mapping[str, Any] = field(default_factory=dict)
    resource_type: str | None = None
    resource_id: str | None = None


class AuditLogs(Family[AuditEvent]):
    """``/v1/organization/webapp/audit_logs``."""

    collection: ClassVar[str] = "audit_logs"

    def sample(self, state: State) -> AuditEvent:
        """Make the well-known event."""
        now_ms, number = state.now_ms, self.shelf(state).next_number()
        made = AuditEvent(WELL_KNOWN_ID, number, now_ms, now_ms, "UserLogin", "user@example.com")
        return self.keep(state, made)

    def entry(self, state: State, resource: AuditEvent) -> dict[str, Any]:  # noqa: ARG002
        """Return what the list says of an event."""
        return {
            "eventId": resource.id,
            "timestamp": iso_timestamp(resource.created_ms),
            "action": resource.action,
            "actorUsername": resource.actor_username,
            "actorEmail": resource.actor_email,
            "actorDeleted": False,
            "workspaceId": resource.workspace_id,
            "workspaceName": resource.workspace_name,
        }

    def body(self, state: State, resource: AuditEvent) -> dict[str, Any]:
        """Return an event with its details."""
        return {
            **self.entry(state, resource),
            "metadata": dict(resource.details),
            "resourceType": resource.resource_type,
            "resourceId": resource.resource_id,
            "clientIpAddress": "203.0.113.7",  # documentation range, RFC 5737
            "userAgent": None,
            "requestId": None,
        }
