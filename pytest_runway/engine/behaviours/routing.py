"""``/v1/generate/…``: a router picks the model; and what routers have decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.engine.behaviours.accepting import accept, order_of
from pytest_runway.engine.encoding import credits_on_the_wire, iso_timestamp
from pytest_runway.engine.paging import paged
from pytest_runway.engine.replies import json_reply
from pytest_runway.engine.resources.families import ROUTERS
from pytest_runway.engine.resources.routers import Decided
from pytest_runway.engine.routing.deciding import decide
from pytest_runway.engine.validation import refuse_body
from pytest_runway.wire import Reply

if TYPE_CHECKING:
    from pytest_runway.contract import Variant
    from pytest_runway.engine.context import Context
    from pytest_runway.engine.resources.routers import Router
    from pytest_runway.engine.routing.deciding import Candidate, Decision
    from pytest_runway.engine.task import Task

PROVIDER = "runway"  # Assumed: who is behind which model is not known
# In conformance mode an input that no model can take is answered as this one.
_PLAIN = {
    "video": {"promptText": "x"},
    "image": {"promptText": "x"},
    "audio": {"promptText": "x", "type": "audio"},
}


def route(context: Context) -> Reply:
    """Pick a model by the router that ``configId`` names, and create the task."""
    refusal = refuse_body(context)
    router = _router(context)
    if refusal is not None:
        if router is not None:
            _record(context, router, None, status="invalid_request")
        return refusal
    if router is None:
        return context.error("router_config_not_found")
    decision = _decide(context, router)
    chosen = decision.chosen
    if chosen is None:
        _record(context, router, decision, status="no_eligible_model")
        told = {"pipeline": decision.pipeline, "emptiedBy": decision.emptied_by}
        return context.error("no_eligible_model", **told)
    order = order_of(context, chosen.variant, chosen.draft.body)
    task = accept(context, order)
    if isinstance(task, Reply):
        _record(context, router, decision, status="error")
        return task
    _record(context, router, decision, status="routed", task=task)
    return json_reply(200, _answer(context, router, decision, chosen, task))


def router_requests(context: Context) -> Reply:
    """Answer with a page of what a router has decided."""
    router = ROUTERS.find(context, context.params["id"])
    if router is None:
        return context.not_found("routers")
    return paged(
        context,
        router.decisions,
        place=lambda each: (each.created_ms, each.number),
        entry=lambda each: each.told,
    )


def _modality(context: Context) -> str:
    return context.operation.name.rpartition("/")[2]


def _router(context: Context) -> Router | None:
    slug = context.body.get("configId") if isinstance(context.body, dict) else None
    return ROUTERS.by_slug(context, slug) if isinstance(slug, str) else None


def _decide(context: Context, router: Router) -> Decision:
    engine, modality = context.engine, _modality(context)

    def is_free(variant: Variant) -> bool:
        return engine.lifecycle.has_slot(variant.name, variant.tier_group)

    ranking = context.state.account.ranking
    asked = context.body["input"]
    decision = decide(engine.contract, router, modality, asked, ranking=ranking, is_free=is_free)
    if not decision.pool and engine.conformance:
        return decide(engine.contract, router, modality, _PLAIN[modality])
    return decision


def _record(
    context: Context,
    router: Router,
    decision: Decision | None,
    *,
    status: str,
    task: Task | None = None,
) -> None:
    state, chosen = context.state, decision.chosen if decision else None
    id_ = state.new_id()
    estimate = None if chosen is None else credits_on_the_wire(chosen.estimate)
    told = {
        "id": id_,
        "requestId": state.new_id(),
        "status": status,
        "model": chosen.model if chosen else None,
        "provider": PROVIDER if chosen else None,
        "reason": None,
        "reasonCode": decision.reason if decision else None,
        "estimatedCredits": estimate,
        "taskId": task.id if task else None,
        "createdAt": iso_timestamp(state.now_ms),
        "pipeline": decision.pipeline if decision else [],
        "emptiedBy": decision.emptied_by if decision else [],
    }
    number = len(router.decisions) + 1
    router.decisions.append(Decided(id_, number, state.now_ms, state.now_ms, told))


def _answer(
    context: Context, router: Router, decision: Decision, chosen: Candidate, task: Task
) -> dict[str, Any]:
    modality = _modality(context)
    routing: dict[str, Any] = {
        "model": chosen.model,
        "provider": PROVIDER,
        "configId": router.slug,
        "resolvedSettings": {
            "optimizeFor": router.optimize_for,
            "priceCeiling": router.ceiling(modality),
        },
        "resolvedInput": _resolved(modality, context.body["input"], chosen.draft.body),
        "estimatedCost": {"credits": credits_on_the_wire(task.estimate)},
    }
    if decision.skipped or decision.all_exhausted:
        fallback = {"skipped": decision.skipped, "allExhausted": decision.all_exhausted}
        routing["capacityFallback"] = fallback
    return {"id": task.id, "routing": routing}


def _resolved(modality: str, asked: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    ratio = body.get("ratio", "auto")
    if modality == "video":
        seconds = asked.get("duration", body.get("duration", 5))
        return {
            "duration": seconds if isinstance(seconds, (int, float)) else 5,
            "ratio": ratio,
            "resolution": asked.get("resolution", "720p"),
        }
    if modality == "image":
        aspect, resolution = asked.get("aspectRatio", "1:1"), asked.get("resolution", "1k")
        return {"aspectRatio": aspect, "ratio": ratio, "resolution": resolution}
    if "voice" in asked:
        voice = asked["voice"]["type"]
    else:
        voice = "default" if asked.get("type") == "speech" else "none"
    return {"type": asked.get("type", "audio"), "voice": voice}
