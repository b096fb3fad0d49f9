"""The pauses between requests: regular to the millisecond, or never growing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.report.found import found, named, seconds
from pytest_runway.report.observed import gaps
from pytest_runway.report.rules.polling import pauses_between_polls

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_runway.engine.journal import Exchange
    from pytest_runway.report.finding import Finding
    from pytest_runway.report.observed import Observed

# Chosen: so many pauses of whole quarters of a second, or all the same, are no chance.
_POLLS, _RETRIES = 3, 2
_QUARTER_MS, _EXACT_MS = 250, 1
# A pause that doubles with up to 50 % of jitter is more than so many times the first by the third.
_FAILURES, _GROWTH = 3, 1.5


def no_jitter(observed: Observed) -> Iterator[Finding]:
    """Find polls and retries whose pauses are exact."""
    for number, watch in observed.watches:
        if len(watch) > _POLLS and _are_exact(pauses := pauses_between_polls(watch), _POLLS):
            what = f"{named(observed.state, number)} was polled"
            yield _exact(what, watch, pauses, task=number)
    for run in observed.runs:
        if len(run) > _RETRIES and _are_exact(pauses := _own_pauses(run), _RETRIES):
            what = f"{run[0].method} {run[0].path} was tried again"
            yield _exact(what, run, pauses, task=observed.task_of(run[0]))


def constant_interval(observed: Observed) -> Iterator[Finding]:
    """Find failures after which the pauses stayed as they were."""
    for run in observed.runs:
        pauses = _own_pauses(run)
        if len(pauses) < _FAILURES or max(pauses) > _GROWTH * min(pauses):
            continue
        message = (
            f"{run[0].method} {run[0].path} failed and was sent again {len(pauses):,} times, "
            f"every {seconds(sum(pauses) / len(pauses))}: the pauses did not grow"
        )
        task = observed.task_of(run[0])
        yield found("constant_interval", message, run, tasks=() if task is None else (task,))


def _own_pauses(run: Sequence[Exchange]) -> list[float]:
    """Return the pauses that the client chose itself, not those that an answer asked for."""
    pairs = zip(run, gaps(run), strict=False)
    return [pause for exchange, pause in pairs if exchange.retry_after_ms is None]


def _are_exact(pauses: Sequence[float], least: int) -> bool:
    if len(pauses) < least or min(pauses) <= 0:
        return False
    ms = [round(pause * 1000) for pause in pauses]
    if max(ms) - min(ms) <= _EXACT_MS:
        return True
    return all(min(each % _QUARTER_MS, -each % _QUARTER_MS) <= _EXACT_MS for each in ms)


def _exact(
    what: str, exchanges: Sequence[Exchange], pauses: Sequence[float], *, task: int | None
) -> Finding:
    shown = ", ".join(seconds(pause) for pause in pauses[:4])
    more = ", …" if len(pauses) > 4 else ""
    return found(
        "no_jitter",
        f"{what} after exactly {shown}{more}",
        (exchanges[0], exchanges[-1]),
        tasks=() if task is None else (task,),
    )
