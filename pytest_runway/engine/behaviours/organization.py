"""What the account may do, has left and has used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.engine.replies import json_reply

if TYPE_CHECKING:
    from pytest_runway.engine.context import Context
    from pytest_runway.wire import Reply


def organization(context: Context) -> Reply:
    """Answer with tier, balance and the use of the past day, by model."""
    state, quotas = context.state, context.engine.quotas
    models: dict[str, Any] = {}
    usage: dict[str, Any] = {}
    for model in quotas.groups:
        models[model] = quotas.shown(model)
        used = state.account.created_in_the_last_day(model, state.now_ms)
        if used:
            usage[model] = {"dailyGenerations": used}
    return json_reply(
        200,
        {
            "tier": {"maxMonthlyCreditSpend": quotas.monthly_credits, "models": models},
            "creditBalance": state.ledger.balance,
            "usage": {"models": usage},
        },
    )
