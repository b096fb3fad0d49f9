"""How a task is polled: after its end, for ever, too fast."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from pytest_runway.contract import load
from pytest_runway.report.found import found, named, seconds
from pytest_runway.report.observed import FINAL, gaps, has_failed, moments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_runway.engine.journal import Exchange
    from pytest_runway.report.finding import Finding
    from pytest_runway.report.observed import Observed

# Chosen. A finished task may be fetched again: to look, and for fresh links.
_SPARE = {"SUCCEEDED": 2, "FAILED": 1, "CANCELLED": 1}
_WAITS_ON = {"SUCCEEDED": 5, "FAILED": 3, "CANCELLED": 3}
_REFRESH_SECONDS = 3_600
_FOR_EVER_SECONDS, _FOR_EVER_POLLS = 86_400, 10
# The official SDK waits for 4.5 to 7.5 s: what it does once is not too fast, but always is.
_ALWAYS, _OFTEN, _SDK_SECONDS = 5, 3, 4.5


def poll_after_terminal(observed: Observed) -> Iterator[Finding]:
    """Find polls, at moments of their own, after the one that told of the end."""
    for number, watch in observed.watches:
        end, after = _after_the_end(watch)
        if end is not None and len(after) > _SPARE[end.told or ""]:
            said = f"was polled {len(after):,} times more, until {seconds(after[-1].at)}"
            yield _polled_on(observed, "poll_after_terminal", number, (end, *after), said)


def terminal_not_recognised(observed: Observed) -> Iterator[Finding]:
    """Find waits that went on as if nothing had been told."""
    for number, watch in observed.watches:
        end, after = _after_the_end(watch)
        if end is not None and len(after) >= _WAITS_ON[end.told or ""]:
            said = f"was waited for all the same, for {seconds(after[-1].at - end.at)} more"
            yield _polled_on(observed, "terminal_not_recognised", number, (end, *after), said)


def unlimited_wait(observed: Observed) -> Iterator[Finding]:
    """Find waits that took a day and were still going."""
    for number, watch in observed.watches:
        alive = [poll for poll in watch if poll.told not in FINAL]
        if len(alive) < _FOR_EVER_POLLS:
            continue
        lasted = alive[-1].at - alive[0].at
        if lasted < _FOR_EVER_SECONDS or max(gaps(alive)) >= _FOR_EVER_SECONDS:
            continue
        message = (
            f"{named(observed.state, number)} was polled {len(alive):,} times over "
            f"{seconds(lasted)} and was never given up"
        )
        yield found("unlimited_wait", message, (alive[0], alive[-1]), tasks=(number,))


def poll_too_fast(observed: Observed) -> Iterator[Finding]:
    """Find tasks that were polled while they were alive, again and again within five seconds."""
    least = poll_seconds()
    for number, watch in observed.watches:
        if len(watch) <= _OFTEN:
            continue
        pauses = pauses_between_polls(watch)
        fast = [pause for pause in pauses if pause < min(least, _SDK_SECONDS)]
        always = len(pauses) >= _ALWAYS and max(pauses) < least
        if len(fast) < _OFTEN and not always:
            continue
        message = (
            f"{named(observed.state, number)} was polled {len(watch):,} times, every "
            f"{seconds(sum(pauses) / len(pauses))} on average, least {seconds(min(pauses))}; "
            f"its state is not refreshed faster than every {least} s"
        )
        yield found("poll_too_fast", message, (watch[0], watch[-1]), tasks=(number,))


def pauses_between_polls(watch: Sequence[Exchange]) -> list[float]:
    """Return the seconds from each poll that found the task alive to the next."""
    return [
        pause
        for poll, pause in zip(watch, gaps(watch), strict=False)
        if not has_failed(poll) and poll.told not in FINAL
    ]


@lru_cache
def poll_seconds() -> int:
    """Return how often a task may be polled at the most."""
    seconds_: int = load().limits["poll_seconds"]
    return seconds_


def _after_the_end(watch: Sequence[Exchange]) -> tuple[Exchange | None, list[Exchange]]:
    if len(watch) < 3:
        return None, []
    place = next((at for at, poll in enumerate(watch) if poll.told in FINAL), None)
    if place is None:
        return None, []
    polled = moments(watch[place:])
    after = [
        later for earlier, later in pairwise(polled) if later.at - earlier.at < _REFRESH_SECONDS
    ]
    return watch[place], after


def _polled_on(
    observed: Observed, rule: str, number: int, polls: Sequence[Exchange], said: str
) -> Finding:
    end = polls[0]
    told = f"told to be {end.told} at {seconds(end.at)} (request {end.number})"
    message = f"{named(observed.state, number)} was {told} and {said}"
    return found(rule, message, polls, tasks=(number,))
