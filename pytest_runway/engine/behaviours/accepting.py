"""From a body that the schema allows to a task, if the account may: the one way in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.engine.admission import refusal_of
from pytest_runway.engine.drafts import enhanced
from pytest_runway.engine.journal import shorten
from pytest_runway.engine.order import Order

if TYPE_CHECKING:
    from fractions import Fraction

    from pytest_runway.contract import Variant
    from pytest_runway.engine.context import Context
    from pytest_runway.engine.resources.workflows import Workflow
    from pytest_runway.engine.task import Task
    from pytest_runway.wire import Reply


def order_of(
    context: Context, variant: Variant, body: Any, *, workflow: Workflow | None = None
) -> Order:
    """Return what a body asks for, priced. ``workflow`` is the one that it runs."""
    estimate = _estimate(context, variant, body)
    late = context.assets.late
    output = variant.outputs(body, measure=context.assets.measure)
    return Order(
        operation=context.operation.name,
        model=None if workflow else variant.name.rpartition("/")[2],
        tier_group=variant.tier_group,
        body=body,
        shown_body=context.shown_body if body is context.body else shorten(body),
        estimate=estimate,
        cost=_cost(context, variant, body, estimate),
        output=enhanced(context, variant, body, output),
        variant=variant,
        key=context.key.name if context.key else None,
        workflow=workflow,
        late_failure=late.code if late else None,
    )


def accept(context: Context, order: Order) -> Task | Reply:
    """Create the task, or return what keeps the account from it (the order: facts §9.2)."""
    refusal = refusal_of(context, order.model, order.tier_group, order.estimate)
    if refusal is not None:
        return refusal
    task = context.engine.lifecycle.create(order, fate=context.fate)
    context.exchange.task = task.number
    return task


def _estimate(context: Context, variant: Variant, body: Any) -> Fraction:
    known = context.assets
    return variant.estimate(body, seconds=known.seconds, fps=known.fps, pixels=known.pixels)


def _cost(context: Context, variant: Variant, body: Any, estimate: Fraction) -> Fraction:
    # Facts §1.3: "auto" is billed at the longest, and settled at what came out: the default here.
    if body.get("duration") != "auto":
        return estimate
    settled = {key: value for key, value in body.items() if key != "duration"}
    return _estimate(context, variant, settled)
