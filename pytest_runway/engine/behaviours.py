"""What the operations do, by the name of the behaviour that the contract gives them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pytest_runway.engine import validation
from pytest_runway.engine.encoding import credits_on_the_wire
from pytest_runway.engine.replies import empty_reply, json_reply

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from pytest_runway.contract import Contract, Variant
    from pytest_runway.engine.context import Context
    from pytest_runway.engine.task import Task
    from pytest_runway.wire import Reply


def behave(context: Context) -> Reply:
    """Let the request's operation do what it does."""
    refusal = validation.check_address(context)
    if refusal is not None:
        return refusal
    behaviour = BEHAVIOURS.get(context.operation.behaviour)
    return not_faked(context) if behaviour is None else behaviour(context)


def not_faked(context: Context) -> Reply:
    """Say that nothing here answers this operation: to the client, and to the test."""
    operation = context.operation
    what = f"{operation.method} {operation.path} is not faked yet"
    context.state.problems.append(
        f"{what}: the request was answered 501. Mock it in the test, e.g. with "
        f'runway.on("{operation.name}", method="{operation.method}").reply(200, body={{…}}).'
    )
    return json_reply(501, {"error": f"pytest-runway: {what}"})


def generate(context: Context) -> Reply:
    """Check the body, then the account, and create a task."""
    checked = validation.check_body(context)
    variant = checked.variant
    if checked.issues or variant is None:
        return validation.refuse(context, checked.issues)
    context.exchange.model = variant.name
    estimate = variant.estimate(context.body)
    refusal = _check_account(context, variant, estimate)
    if refusal is not None:
        return refusal
    task = context.engine.lifecycle.create(
        context.operation,
        variant,
        context.body,
        estimate=estimate,
        cost=_cost(variant, context.body, estimate),
    )
    context.exchange.task = task.number
    answer: dict[str, Any] = {
        "id": task.id,
        "estimatedCost": {"credits": credits_on_the_wire(estimate)},
    }
    return json_reply(200, {key: answer[key] for key in context.operation.answer})


def _cost(variant: Variant, body: Any, estimate: Fraction) -> Fraction:
    # Facts §1.3: "auto" is billed at the longest, and settled at what came out: the default here.
    if body.get("duration") != "auto":
        return estimate
    return variant.estimate({key: value for key, value in body.items() if key != "duration"})


def _check_account(context: Context, variant: Variant, estimate: Fraction) -> Reply | None:
    state, contract = context.state, context.engine.contract
    account = state.account
    if variant.name in account.withheld_models:
        return context.error("model_not_available", model=variant.name)
    if estimate > state.ledger.balance:
        return context.error("not_enough_credits")
    if account.tier is not None and variant.tier_group is not None:
        daily = contract.tiers[variant.tier_group][account.tier - 1]["daily"]
        if account.created_in_the_last_day(variant.name, state.now_ms) >= daily:
            return context.error("daily_limit")
    return None


def get_task(context: Context) -> Reply:
    """Say what a task is doing."""
    task = _find_task(context)
    if task is None:
        return context.error("task_not_found")
    context.engine.lifecycle.polled(task)
    now_ms = context.state.now_ms
    return json_reply(200, task.body(now_ms, context.engine.artifacts.urls(task, now_ms)))


def delete_task(context: Context) -> Reply:
    """Cancel a live task or delete a finished one."""
    task = _find_task(context)
    if task is None:
        return context.error("task_not_found")
    context.engine.lifecycle.delete(task)
    return empty_reply()


def _find_task(context: Context) -> Task | None:
    task = context.state.by_id.get(context.params["id"].lower())
    if task is None:
        return None
    context.exchange.task = task.number
    return None if task.deleted else task


@lru_cache
def _tier_groups(contract: Contract) -> dict[str, str]:
    return {
        variant.name: variant.tier_group
        for operation in contract.operations
        for variant in operation.variants
        if variant.tier_group is not None and "model" in variant.schema["properties"]
    }


def organization(context: Context) -> Reply:
    """Say what the account may do, has left and has used."""
    state, contract = context.state, context.engine.contract
    # An account without a tier shows the figures of the highest, which then do not bind.
    monthly = contract.tiers["monthly_credits"]
    tier = state.account.tier or len(monthly)
    models, usage = {}, {}
    for name, group in _tier_groups(contract).items():
        limits = contract.tiers[group][tier - 1]
        models[name] = {
            "maxConcurrentGenerations": limits["concurrent"],
            "maxDailyGenerations": limits["daily"],
        }
        used = state.account.created_in_the_last_day(name, state.now_ms)
        if used:
            usage[name] = {"dailyGenerations": used}
    return json_reply(
        200,
        {
            "tier": {
                "maxMonthlyCreditSpend": monthly[tier - 1],
                "models": models,
            },
            "creditBalance": state.ledger.balance,
            "usage": {"models": usage},
        },
    )


BEHAVIOURS: dict[str, Callable[[Context], Reply]] = {
    "generate": generate,
    "get_task": get_task,
    "delete_task": delete_task,
    "organization": organization,
}
