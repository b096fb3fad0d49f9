"""Running a workflow, and what can be read of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.engine.behaviours.accepting import accept, order_of
from pytest_runway.engine.behaviours.well_known import well_known_run
from pytest_runway.engine.replies import json_reply
from pytest_runway.engine.resources.families import WORKFLOWS
from pytest_runway.engine.resources.family import WELL_KNOWN_ID
from pytest_runway.engine.validation import refuse_body
from pytest_runway.wire import Reply

if TYPE_CHECKING:
    from pytest_runway.engine.context import Context
    from pytest_runway.engine.resources.workflows import Workflow
    from pytest_runway.engine.task import Task


def run_workflow(context: Context) -> Reply:
    """Start a run: a task of its own kind, read at ``/v1/workflow_invocations/{id}``."""
    refusal = refuse_body(context)
    if refusal is not None:
        return refusal
    workflow = WORKFLOWS.find(context, context.params["id"])
    if workflow is None:
        return context.not_found("workflows")
    order = order_of(context, context.variant, context.body, workflow=workflow)
    task = accept(context, order)
    return task if isinstance(task, Reply) else json_reply(200, {"id": task.id})


def get_invocation(context: Context) -> Reply:
    """Say what a run is doing."""
    id_ = context.params["id"].lower()
    task = context.state.by_id.get(id_)
    if context.engine.conformance and id_ == WELL_KNOWN_ID:
        task = well_known_run(context)
    if task is None or task.workflow is None:
        return context.not_found("workflow_invocations")
    context.exchange.task = task.number
    context.engine.lifecycle.polled(task)
    context.exchange.told = task.status
    return json_reply(200, _body(task, task.workflow, context.state.now_ms))


def _body(task: Task, workflow: Workflow, now_ms: int) -> dict[str, Any]:
    told = task.body(now_ms, [])
    body = {key: told[key] for key in ("id", "createdAt", "status")}
    if task.status == "RUNNING":
        # Which nodes are done by then is not known: none (Assumed).
        body |= {"progress": told["progress"], "output": {}}
    elif task.status == "FAILED":
        body |= {key: told[key] for key in ("failure", "failureCode", "cost") if key in told}
    elif task.status == "SUCCEEDED":
        body |= {"output": workflow.outputs(task, now_ms), "cost": told["cost"]}
    if workflow.errors and task.status in ("FAILED", "SUCCEEDED"):
        body["nodeErrors"] = workflow.errors
    return body
