"""The collections by their name in the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.engine.resources.avatars import Avatars
from pytest_runway.engine.resources.conversations import Conversations
from pytest_runway.engine.resources.documents import Documents
from pytest_runway.engine.resources.routers import Routers
from pytest_runway.engine.resources.sessions import Sessions
from pytest_runway.engine.resources.voices import Voices
from pytest_runway.engine.resources.webapp import AuditLogs
from pytest_runway.engine.resources.workflows import Workflows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_runway.engine.resources.family import Family

AUDIT_LOGS = AuditLogs()
ROUTERS = Routers()
SESSIONS = Sessions()
WORKFLOWS = Workflows()

FAMILIES: Mapping[str, Family[Any]] = {
    family.collection: family
    for family in (
        AUDIT_LOGS,
        Avatars(),
        Conversations(),
        Documents(),
        ROUTERS,
        SESSIONS,
        Voices(),
        WORKFLOWS,
    )
}
