"""The task and the run that always exist in conformance mode."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from pytest_runway.contract import Output
from pytest_runway.engine.order import Order
from pytest_runway.engine.resources.families import WORKFLOWS
from pytest_runway.engine.resources.family import WELL_KNOWN_ID
from pytest_runway.engine.timeline import SUCCESS

if TYPE_CHECKING:
    from pytest_runway.engine.context import Context
    from pytest_runway.engine.resources.workflows import Workflow
    from pytest_runway.engine.task import Task


def well_known_task(context: Context) -> Task:
    """Return the task with the well-known id: finished, and made anew when it was deleted."""
    return _task(context, None)


def well_known_run(context: Context) -> Task:
    """Return the run with the well-known id."""
    return _task(context, WORKFLOWS.sample(context.state))


def _task(context: Context, workflow: Workflow | None) -> Task:
    # Tasks and runs share ids: the well-known one is whichever is asked for now.
    present = context.state.by_id.get(WELL_KNOWN_ID)
    if present is not None and not present.deleted:  # noqa: SIM102 - two questions
        if (present.workflow is None) == (workflow is None):
            return present
    order = Order(
        operation="text_to_image",
        model=None if workflow else "gen4_image",
        tier_group=None,
        body={},
        shown_body={},
        estimate=Fraction(0),
        cost=Fraction(0),
        output=Output("image", "png", 1, None, None, None),
        workflow=workflow,
    )
    task = context.engine.lifecycle.create(order, id_=WELL_KNOWN_ID)
    context.engine.lifecycle.end(task, SUCCESS)
    return task
