"""What is tried again that should not be, or not so soon."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pytest_runway.engine.moderation import is_moderation
from pytest_runway.report.found import answer, found, named, requests, seconds, times
from pytest_runway.report.intents import intent_of
from pytest_runway.report.observed import gaps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_runway.engine.journal import Exchange
    from pytest_runway.report.finding import Finding
    from pytest_runway.report.observed import Observed

# 408 and 409 are retried by the official SDK; 425 and 429 say "later" (facts §2.2, RFC 8470).
_MAY_PASS = frozenset({408, 409, 425, 429})
# A read that is refused may be looked at twice; a third time is a loop.
_SPARE_READS = 1
# Chosen: the official SDK, whose pauses grow to 6 to 8 s, never comes near, whatever its
# max_retries: its first dozen pauses are 4.4 s or more on average (facts §7).
_STORM_TRIES, _STORM_SECONDS = 5, 5.0
_MOST_TRIES, _SHORT_PAUSE_SECONDS = 12, 4.0
_SLACK_SECONDS = 0.05
_DAY_MS = 86_400_000


def retried_non_retryable(observed: Observed) -> Iterator[Finding]:
    """Find requests that were sent again as they were after 400, 401, 403, 404, 405 or 413."""
    for run in observed.runs:
        pairs = [
            (earlier, later)
            for earlier, later in pairwise(run)
            if _is_for_good(earlier) and not _something_changed(observed, earlier, later)
        ]
        spare = _SPARE_READS if run[0].method == "GET" else 0
        if len(pairs) <= spare:
            continue
        refused = pairs[0][0]
        tries = [refused, *(later for _, later in pairs)]
        message = (
            f"{refused.method} {refused.path} was refused with {answer(refused)}"
            f"{f' ({refused.error})' if refused.error else ''} at {seconds(refused.at)} and sent "
            f"again as it was, {times(len(pairs))}: {requests(tries)}"
        )
        yield found("retried_non_retryable", message, tries)


def retried_moderation(observed: Observed) -> Iterator[Finding]:
    """Find creates of an intent after the client had been told that it was moderated."""
    moderated = [
        task.number
        for task in observed.state.tasks
        if task.ending is not None and is_moderation(task.ending.code)
    ]
    if not moderated or len(observed.posts) < 2:
        return
    by_task = {each.task: each for each in observed.creates}
    counted: set[int] = set()
    for number in moderated:
        told = next((p for p in observed.polls.get(number, ()) if p.told == "FAILED"), None)
        create = by_task.get(number)
        if told is None or create is None:
            continue
        intent = intent_of(create)
        again = [
            each
            for each in observed.posts
            if each.number > told.number
            and each.number not in counted
            and intent_of(each) == intent
            and _follows(observed, told, each)
        ]
        if not again:
            continue
        counted.update(each.number for each in again)
        made = [each.task for each in again if each.task is not None]
        ending = observed.state.tasks[number - 1].ending
        message = (
            f"{named(observed.state, number)} was told to have failed with "
            f"{ending.code if ending else None} at {seconds(told.at)}, and the same input was "
            f"sent again, {times(len(again))}: {requests(again)}"
        )
        yield found(
            "retried_moderation",
            message,
            (create, told, *again),
            tasks=(number, *made),
            credits_=observed.credits(made),
        )


def retry_after_ignored(observed: Observed) -> Iterator[Finding]:
    """Find requests that came again sooner than the answer had asked."""
    for run in observed.runs:
        early = [
            (earlier, later)
            for earlier, later in pairwise(run)
            if _asked_seconds(earlier) - (later.at - earlier.at) > _SLACK_SECONDS
        ]
        if not early:
            continue
        refused, again = early[0]
        message = (
            f"{refused.method} {refused.path} was answered with {answer(refused)} and "
            f"Retry-After {seconds(_asked_seconds(refused))} at {seconds(refused.at)}, and sent "
            f"again after {seconds(again.at - refused.at)}"
            f"{f', {times(len(early))} in all' if len(early) > 1 else ''}"
        )
        yield found("retry_after_ignored", message, [each for pair in early for each in pair])


def retry_storm(observed: Observed) -> Iterator[Finding]:
    """Find five tries within five seconds, or more than a dozen at short pauses."""
    for run in observed.runs:
        if not _is_storm(run):
            continue
        message = (
            f"{run[0].method} {run[0].path} was sent {len(run):,} times within "
            f"{seconds(run[-1].at - run[0].at)} while it failed ({answer(run[0])}): "
            f"{requests(run)}"
        )
        yield found("retry_storm", message, run)


def _is_storm(run: Sequence[Exchange]) -> bool:
    if len(run) < _STORM_TRIES:
        return False
    pauses = gaps(run)
    if len(run) > _MOST_TRIES and sum(pauses) / len(pauses) < _SHORT_PAUSE_SECONDS:
        return not all(map(_was_told, run, pauses))
    width = _STORM_TRIES - 1
    return any(
        sum(pauses[at : at + width]) < _STORM_SECONDS
        and not any(map(_was_told, run[at : at + width], pauses[at : at + width]))
        for at in range(len(pauses) - width + 1)
    )


def _was_told(exchange: Exchange, pause: float) -> bool:
    """Whether a pause is what the answer had asked for."""
    asked = _asked_seconds(exchange)
    return 0 < asked <= pause + _SLACK_SECONDS


def _asked_seconds(exchange: Exchange) -> float:
    asked_ms = exchange.retry_after_ms or 0
    return asked_ms / 1000 if asked_ms <= _DAY_MS else 0.0


def _is_for_good(exchange: Exchange) -> bool:
    status = exchange.status
    if status is None or not 400 <= status < 500 or status in _MAY_PASS:
        return False
    # Documented: a 404 of a repeated DELETE is normal.
    return exchange.method != "DELETE"


def _something_changed(observed: Observed, earlier: Exchange, later: Exchange) -> bool:
    """Whether there was a reason to ask again: another key, credits that were bought."""
    if earlier.headers.get("authorization") != later.headers.get("authorization"):
        return True
    started = observed.state.started_ms
    return any(
        entry.kind == "purchase" and earlier.at <= (entry.at_ms - started) / 1000 <= later.at
        for entry in observed.state.ledger.entries
    )


def _follows(observed: Observed, earlier: Exchange, later: Exchange) -> bool:
    """Whether who sent the later request can have known of the earlier."""
    return later.at > earlier.at or observed.flow(later) == observed.flow(earlier)
