"""What keeps an account from something that it asks for: model, credits, daily count."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

    from pytest_runway.engine.context import Context
    from pytest_runway.wire import Reply


def refusal_of(
    context: Context, model: str | None, group: str | None, credits_: Fraction | int
) -> Reply | None:
    """Return the refusal of a generation, by the first check that fails (facts §9.2), or None."""
    state, account = context.state, context.state.account
    context.exchange.model = model
    if model is not None and model in account.withheld_models:
        return context.error("model_not_available", model=model)
    if credits_ > state.ledger.balance:
        return context.error("not_enough_credits")
    daily = context.engine.quotas.daily(model, group)
    if daily is not None and account.created_in_the_last_day(model, state.now_ms) >= daily:
        return context.error("daily_limit")
    return None
