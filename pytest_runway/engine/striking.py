"""Faults at work on a request: the one that strikes it, and what it makes of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.engine.faults import Scene
from pytest_runway.engine.faults.dooms import Doomed
from pytest_runway.engine.journal import Event
from pytest_runway.wire import Break, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.contract import Contract
    from pytest_runway.engine.context import Context
    from pytest_runway.engine.faults import Strike
    from pytest_runway.engine.journal import Exchange
    from pytest_runway.engine.state import State
    from pytest_runway.wire import Request


def choose(context: Context) -> Strike | None:
    """Return what strikes a request of the API, None where nothing does."""
    state, request = context.state, context.request
    if not state.faults.faults:
        return None
    return state.faults.choose(
        context.operation.name,
        request.method,
        request.path,
        _model(context),
        now_ms=state.now_ms,
        number=context.exchange.number,
    )


def answer(context: Context, strike: Strike, honest: Callable[[], Reply]) -> Reply | Break:
    """Return what the client is told of a request that is struck."""
    state, exchange = context.state, context.exchange
    if isinstance(strike.step, Doomed):
        return _doom(context, strike, strike.step, honest)

    def scene(reply: Reply | None) -> Scene:
        number = exchange.task
        return Scene(
            contract=context.engine.contract,
            request=context.request,
            operation=context.operation.name,
            now_ms=state.now_ms,
            model=context.model,
            reply=reply,
            task=None if number is None else state.tasks[number - 1],
            told=state.faults.told.get(context.request.path),
        )

    return _answer(state, exchange, strike, scene, honest)


def _doom(context: Context, strike: Strike, step: Doomed, honest: Callable[[], Reply]) -> Reply:
    state, made = context.state, len(context.state.tasks)
    if not state.scripts:  # what the test says of a task goes before what a plan says of all
        context.fate = step.timeline
    reply = honest()
    if context.fate is None or len(state.tasks) == made:
        strike.let_go()
        return reply
    task = state.tasks[made]
    # What need not strike need not show either.
    task.output_fault_met = not strike.armed.must_strike
    # The answer is as it should be: the exchange has no fault, the task has.
    state.journal.events.append(Event(state.elapsed, "fault", task.number, str(strike.armed)))
    return reply


def answer_beside_the_api(
    contract: Contract,
    state: State,
    request: Request,
    exchange: Exchange,
    place: str,
    honest: Callable[[], Reply | Break],
) -> Reply | Break:
    """Return what the client is told by a host that stands beside the API."""
    now_ms, path = state.now_ms, request.path
    strike = state.faults.choose(
        place, request.method, path, None, now_ms=now_ms, number=exchange.number
    )
    if strike is None:
        return honest()

    def scene(reply: Reply | None) -> Scene:
        return Scene(contract, request, place, now_ms, reply=reply)

    return _answer(state, exchange, strike, scene, honest)


def remember(context: Context, told: Reply | Break) -> None:
    """Keep what a client was told of something, for the faults that want to know it later."""
    is_poll = context.request.method == "GET"
    if is_poll and isinstance(told, Reply) and told.status == 200:
        context.state.faults.told[context.request.path] = told


def _answer(
    state: State,
    exchange: Exchange,
    strike: Strike,
    scene: Callable[[Reply | None], Scene],
    honest: Callable[[], Reply | Break],
) -> Reply | Break:
    if strike.step.place == "before":
        told = strike.carry_out(scene(None))
        _note(state, exchange, strike)
        return honest() if told is None else told
    reply = honest()
    found = scene(None if isinstance(reply, Break) else reply)
    told = strike.carry_out(found)
    if told is None:
        return reply
    _note(state, exchange, strike)
    return told


def _note(state: State, exchange: Exchange, strike: Strike) -> None:
    exchange.fault = str(strike)
    state.journal.events.append(Event(state.elapsed, "fault", exchange.task, str(strike.armed)))


def _model(context: Context) -> str | None:
    """Return the model that a request is about: its body's, or its task's."""
    if context.model is not None or "id" not in context.params:
        return context.model
    task = context.state.by_id.get(context.params["id"].lower())
    return None if task is None else task.model
