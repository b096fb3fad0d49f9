"""Tasks that a client leaves: by an error, at its limit, at the end of the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.report.found import answer, found, named, requests, seconds
from pytest_runway.report.observed import FINAL, has_failed, moments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_runway.engine.journal import Exchange
    from pytest_runway.report.finding import Finding
    from pytest_runway.report.observed import Observed

# Chosen: whoever tries for a minute, or so many times, has waited for the error to pass.
_HELD_OUT_SECONDS, _HELD_OUT_TRIES = 60, 8
_PASSING = frozenset({408, 409, 425, 429})


def orphan_running(observed: Observed) -> Iterator[Finding]:
    """Find tasks that are alive at the end, of those that the client knows of."""
    state = observed.state
    alive = [task for task in state.tasks if not task.is_final and not task.deleted]
    left = [task for task in alive if task.number in observed.heard_of]
    if not left:
        return
    numbers = [task.number for task in left]
    said = ", ".join(f"{named(state, task.number)} is {task.status}" for task in left[:3])
    more = f" and {len(left) - 3} more" if len(left) > 3 else ""
    credits_ = observed.credits(numbers)
    creates = [each for each in observed.creates if each.task in numbers]
    message = (
        f"the test ended at {seconds(state.elapsed)} and {said}{more}: {credits_:,} credits are "
        "reserved for what nobody waits for and nobody cancelled"
    )
    yield found("orphan_running", message, creates, tasks=numbers, credits_=credits_)


def poll_abandoned(observed: Observed) -> Iterator[Finding]:
    """Find tasks whose last poll was answered by a passing error."""
    for number, polls in observed.polls.items():
        if not has_failed(polls[-1]) or not _is_passing(polls[-1]):
            continue
        if number in observed.deletes or any(poll.told in FINAL for poll in polls):
            continue
        errors = _last_errors(polls)
        if _held_out(errors):
            continue
        task = observed.state.tasks[number - 1]
        answers = ", ".join(answer(each) for each in errors)
        message = (
            f"{named(observed.state, number)} was not asked for again after {requests(errors)} "
            f"({answers}) from {seconds(errors[0].at)} to {seconds(errors[-1].at)}; it ran on, is "
            f"{task.status} now and costs {task.charged:,} credits"
        )
        yield found("poll_abandoned", message, errors, tasks=(number,), credits_=task.charged)


def no_cancel_on_timeout(observed: Observed) -> Iterator[Finding]:
    """Find tasks that were polled, last seen alive, and neither polled again nor cancelled."""
    for number, polls in observed.polls.items():
        if number in observed.deletes or len(moments(polls)) < 2:
            continue
        last = polls[-1]
        if has_failed(last) or any(poll.told in FINAL for poll in polls):
            continue
        task = observed.state.tasks[number - 1]
        message = (
            f"the wait for {named(observed.state, number)} ended at {seconds(last.at)}, after "
            f"{len(polls):,} polls, with {last.told}; no DELETE followed, and {task.charged:,} "
            "credits were spent"
        )
        yield found(
            "no_cancel_on_timeout",
            message,
            (polls[0], last),
            tasks=(number,),
            credits_=task.charged,
        )


def _is_passing(exchange: Exchange) -> bool:
    status = exchange.status
    return status is None or status < 400 or status >= 500 or status in _PASSING


def _last_errors(polls: Sequence[Exchange]) -> list[Exchange]:
    errors: list[Exchange] = []
    for poll in reversed(polls):
        if not has_failed(poll):
            break
        errors.insert(0, poll)
    return errors


def _held_out(errors: Sequence[Exchange]) -> bool:
    lasted = errors[-1].at - errors[0].at
    return len(errors) >= _HELD_OUT_TRIES or lasted >= _HELD_OUT_SECONDS
