"""What the operations do, by the name of the behaviour that the contract gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.engine import validation
from pytest_runway.engine.behaviours.collections import create, delete, get, list_, update
from pytest_runway.engine.behaviours.organization import organization
from pytest_runway.engine.behaviours.routing import route, router_requests
from pytest_runway.engine.behaviours.tasks import delete_task, generate, get_task
from pytest_runway.engine.behaviours.uploads import create_upload
from pytest_runway.engine.behaviours.usage import (
    avatar_usage,
    organization_usage,
    webapp_audit_logs,
    webapp_usage,
)
from pytest_runway.engine.behaviours.voices import preview_voice
from pytest_runway.engine.behaviours.workflows import get_invocation, run_workflow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_runway.engine.context import Context
    from pytest_runway.wire import Reply


def _get(context: Context) -> Reply:
    is_run = context.operation.resource == "workflow_invocations"
    return get_invocation(context) if is_run else get(context)


BEHAVIOURS: Mapping[str, Callable[[Context], Reply]] = {
    "avatar_usage": avatar_usage,
    "create": create,
    "create_upload": create_upload,
    "delete": delete,
    "delete_task": delete_task,
    "generate": generate,
    "get": _get,
    "get_task": get_task,
    "list": list_,
    "organization": organization,
    "organization_usage": organization_usage,
    "preview_voice": preview_voice,
    "route": route,
    "router_requests": router_requests,
    "run_workflow": run_workflow,
    "update": update,
    "webapp_audit_log": get,
    "webapp_audit_logs": webapp_audit_logs,
    "webapp_usage": webapp_usage,
}


def behave(context: Context) -> Reply:
    """Let the request's operation do what it does."""
    refusal = validation.check_address(context)
    return refusal or BEHAVIOURS[context.operation.behaviour](context)
