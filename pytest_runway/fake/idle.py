"""The vacuity guard: what a test armed and nothing ever met, and what came nearest to it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pytest_runway.contract import load
from pytest_runway.counting import counted
from pytest_runway.engine.assets import media_rules
from pytest_runway.engine.faults.places import spots
from pytest_runway.fake.nearest import nearest_requests

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_runway.engine.faults import ArmedFault
    from pytest_runway.engine.state import State
    from pytest_runway.fake.task_script import TaskScript

_MOST_SHOWN = 3


def idle(state: State, scripts: Sequence[TaskScript]) -> Iterator[str]:
    """Yield a sentence for all that was armed and never struck: such a test proves nothing."""
    for armed in state.faults.idle():
        yield f"a fault was armed and never fired: {armed}. {nearest_requests(state, armed)}"
    for armed in state.faults.faults:
        if armed.fault.exactly:
            yield from _inexact(armed)
    unused = Counter(repr(script) for script in scripts if script in state.scripts)
    for script, count in unused.items():
        yield (
            f"{'a task was' if count == 1 else f'{count} tasks were'} scripted and never created: "
            f"{script}. "
            f"{counted(len(state.tasks), 'task')} created, {len(scripts)} scripted."
            f"{_refused(state)}"
        )
    yield from _outputs(state)
    yield from _pages(state)
    yield from _rules(state)


def _inexact(armed: ArmedFault) -> Iterator[str]:
    most = armed.fault.most
    if armed.beyond:
        yield (
            f"a script of exactly {most} answers was exhausted: {armed}. "
            f"{counted(len(armed.beyond), 'request')} more came, request {armed.beyond[0]} first, "
            "and had Runway's own answer. Add steps, or let the script be without exactly."
        )
    elif armed.has_struck and armed.fired < (most or 0):
        yield (
            f"a script of exactly {most} answers was not played to its end: {armed}. "
            f"{counted(armed.fired, 'request')} came. Remove the last steps, or find out why the "
            "client gave up."
        )


def _refused(state: State) -> str:
    making = spots(load(), "create", None)
    refused = Counter(
        f"{each.method} {each.operation} -> {each.status or 'no answer'}"
        + (f" ({each.error or each.fault})" if each.error or each.fault else "")
        for each in state.journal.exchanges
        if (each.operation, each.method) in making and each.task is None
    )
    if not refused:
        return ""
    shown = ", ".join(f"{count} x {said}" for said, count in refused.most_common(_MOST_SHOWN))
    return f" Requests that made none: {shown}."


def _outputs(state: State) -> Iterator[str]:
    for task in state.tasks:
        ending = task.ending or task.timeline.ending
        if ending is None or ending.output is None or task.output_fault_met:
            continue
        why = (
            "nobody fetched one of its files: let the code under test download the output"
            if task.status == "SUCCEEDED"
            else f"it never succeeded: it was {task.status} at the end"
        )
        yield (
            f"an output was scripted to be {ending.output!r} and that never showed: "
            f"task {task.number} ({task.operation}, {task.model}); {why}."
        )


def _pages(state: State) -> Iterator[str]:
    contract = load()
    rules = media_rules(contract) if state.web.pages else None
    for url, page in state.web.pages.items():
        if rules is None or url in state.web.fetched:
            continue
        if page.refusal(rules, most_ms=contract.limits["fetch_seconds"] * 1000) is None:
            continue
        named = [*dict.fromkeys(_urls(state))][:_MOST_SHOWN]
        told = f"The URLs that bodies named: {', '.join(named)}." if named else "No body named one."
        yield f"a page that cannot be fetched was put at {url} and never asked for. {told}"


def _urls(state: State) -> Iterator[str]:
    def below(value: object) -> Iterator[str]:
        if isinstance(value, str) and value.startswith("https://"):
            yield value
        elif isinstance(value, (dict, list)):
            for item in value.values() if isinstance(value, dict) else value:
                yield from below(item)

    for exchange in state.journal.exchanges:
        yield from below(exchange.body)


def _rules(state: State) -> Iterator[str]:
    for rule in state.rules:
        if rule.struck or not rule.must_strike:
            continue
        seen = f"It looked at {counted(rule.looked, 'request')}"
        if rule.sample is not None:
            seen += f", the last of which said {rule.sample!r}"
        if rule.let_pass:
            seen += f", and let {rule.let_pass} pass for publicFigureThreshold"
        yield f"a moderation rule was set and never struck: {rule.name}. {seen}."
