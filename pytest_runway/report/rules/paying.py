"""Paying twice for the same intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.report.found import answer, found, kind, requests, seconds, tasks, times
from pytest_runway.report.intents import intent_of
from pytest_runway.report.observed import FINAL, has_failed, moments

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from pytest_runway.engine.journal import Exchange
    from pytest_runway.report.finding import Finding
    from pytest_runway.report.observed import Observed

_SLACK_SECONDS = 0.002  # both times are rounded


def double_charge(observed: Observed) -> Iterator[Finding]:
    """Find creates after one of the same intent that was lost, or whose task was abandoned.

    Equal creates whose answers all arrived are several wishes, and no finding.
    """
    if len(observed.creates) < 2:
        return
    intents: dict[Hashable, list[Exchange]] = {}
    for create in observed.creates:
        intents.setdefault(intent_of(create), []).append(create)
    for same in intents.values():
        if len(same) > 1:
            for chain in _chains(observed, same):
                yield _finding(observed, chain)


def _chains(observed: Observed, same: Sequence[Exchange]) -> Iterator[list[Exchange]]:
    """Yield creates each of which was made in place of the one before it."""
    again: dict[int, Exchange] = {}
    replaced: set[int] = set()
    for place, create in enumerate(same):
        after = _given_up_at(observed, create)
        if after is None:
            continue
        later = [
            each
            for each in same[place + 1 :]
            if each.number > after
            and each.number not in replaced
            and not _waits_still(create, each)
        ]
        instead = _retry_of(observed, create, later)
        if instead is not None:
            again[create.number] = instead
            replaced.add(instead.number)
    for create in same:
        if create.number in again and create.number not in replaced:
            chain = [create]
            while chain[-1].number in again:
                chain.append(again[chain[-1].number])
            yield chain


def _given_up_at(observed: Observed, create: Exchange) -> int | None:
    """Return the number of the request with which a create was given up, None where it was not."""
    if _is_lost(observed, create):
        return create.number
    left = _left_behind(observed, create)
    return None if left is None else left.number


def _is_lost(observed: Observed, create: Exchange) -> bool:
    number = create.task
    used = number in observed.polls or number in observed.deletes
    return has_failed(create) and not used


def _waits_still(create: Exchange, later: Exchange) -> bool:
    """Whether the client was still waiting for one answer when the other request came."""
    return create.left_at is not None and later.at < create.left_at - _SLACK_SECONDS


def _left_behind(observed: Observed, create: Exchange) -> Exchange | None:
    """Return the last poll of a task that was waited for and then left, alive and uncancelled."""
    number = create.task or 0
    polls = observed.polls.get(number, [])
    if number in observed.deletes or any(poll.told in FINAL for poll in polls):
        return None
    waited = len(moments(polls)) > 1 or (bool(polls) and has_failed(polls[-1]))
    return polls[-1] if waited else None


def _retry_of(observed: Observed, create: Exchange, later: Sequence[Exchange]) -> Exchange | None:
    """Return the first of these that came from the same flow; else one that says that it is a
    retry; else one that came later than others that may have been sent side by side."""
    flow = observed.flow(create)
    for each in later:
        if flow and observed.flow(each) == flow:
            return each
    for each in later:
        if each.headers.get("x-stainless-retry-count", "0") != "0":
            return each
    return next((each for each in later if each.at > create.at), None)


def _finding(observed: Observed, chain: Sequence[Exchange]) -> Finding:
    numbers = [each.task for each in chain if each.task is not None]
    credits_ = observed.credits(numbers[1:])
    answers = [answer(each) for each in chain]
    for place, create in enumerate(chain[:-1]):
        if not _is_lost(observed, create):
            answers[place] += ", then abandoned"
    message = (
        f"the same intent ({kind(observed.state, numbers[0])}) was created {times(len(chain))}: "
        f"{requests(chain)} at {', '.join(seconds(each.at) for each in chain)} "
        f"({'; '.join(answers)}) made {tasks(numbers)}, {credits_:,} credits too many"
    )
    return found("double_charge", message, chain, tasks=numbers, credits_=credits_)
