"""What came nearest to a fault that never struck, and in which respect it was another."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pytest_runway.engine.faults.places import BESIDE_THE_API

if TYPE_CHECKING:
    from pytest_runway.engine.faults import ArmedFault
    from pytest_runway.engine.journal import Exchange
    from pytest_runway.engine.state import State

_MOST_SHOWN = 4


def nearest_requests(state: State, armed: ArmedFault) -> str:
    """Return the requests that came nearest, why each was not struck, and what to do."""
    place = armed.fault.operation
    beside = place in BESIDE_THE_API
    exchanges = state.journal.transfers if beside else state.journal.exchanges
    if not exchanges:
        what = BESIDE_THE_API.get(place)
        return (
            f"Nobody asked for {what}." if what else "The fake saw no request at all."
        ) + " Remove it, or let the test send what it waits for."
    seen = Counter(_compared(state, armed, each, beside) for each in exchanges)
    ranked = sorted(seen.items(), key=lambda item: (item[0][0], -item[1]))
    shown = ", ".join(f"{count} x {said}" for (_, said), count in ranked[:_MOST_SHOWN])
    more = ", …" if len(ranked) > _MOST_SHOWN else ""
    is_elsewhere = ranked[0][0][0] >= _OTHER_MODEL
    advice = (
        "correct the operation, the method or the model it waits for"
        if is_elsewhere
        else "change when it strikes"
    )
    return f"The fake saw {shown}{more}. Remove it, or {advice}."


_ALMOST, _NOT_THEN, _OTHER_MODEL, _OTHER_METHOD, _OTHER_OPERATION = range(5)


def _compared(state: State, armed: ArmedFault, exchange: Exchange, beside: bool) -> tuple[int, str]:
    """Return how far a request is from what a fault waits for, and in which respect."""
    name = _place_of(exchange) if beside else exchange.operation
    model = _model(state, exchange)
    said = f"{exchange.method} {name or exchange.path}"
    said += f" of {model}" if armed.fault.model and model else ""
    rank, why = _difference(state, armed, exchange, name or "", model)
    return rank, f"{said} ({why})"


def _difference(
    state: State, armed: ArmedFault, exchange: Exchange, name: str, model: str | None
) -> tuple[int, str]:
    fault = armed.fault
    if (name, exchange.method) not in armed.spots:
        if any(name == each for each, _ in armed.spots):
            return _OTHER_METHOD, "another method"
        return _OTHER_OPERATION, "another operation"
    if fault.model not in (None, model):
        return _OTHER_MODEL, "another model" if model else "no model"
    if exchange.number <= armed.after:
        return _NOT_THEN, "before it was armed"
    if not armed.is_on(state.started_ms + round(exchange.at * 1000)):
        return _NOT_THEN, f"at {exchange.at:g} s, outside of its time"
    if not armed.matched:
        return _NOT_THEN, f"refused before any fault: {exchange.error}"
    if exchange.fault:
        return _ALMOST, f"struck by {exchange.fault}"
    if armed.matched < fault.nth:
        return _ALMOST, f"only {armed.matched} of the {fault.nth} that it counts to"
    if armed.unfit:
        return _ALMOST, f"not what it needs, which is {armed.next_step.needs}"
    return _ALMOST, "let through"


def _place_of(exchange: Exchange) -> str:
    return "storage" if exchange.method == "POST" else "downloads"


def _model(state: State, exchange: Exchange) -> str | None:
    if exchange.task is not None:
        return state.tasks[exchange.task - 1].model
    body = exchange.body
    model = body.get("model") if isinstance(body, dict) else None
    return exchange.model or (model if isinstance(model, str) else None)
