"""What becomes of what a task leaves: its files, and the text of its failure."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pytest_runway.contract import load
from pytest_runway.engine.downloads import hosts, is_ours
from pytest_runway.engine.files import task_of
from pytest_runway.report.found import found, named, seconds, tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.engine.journal import Exchange
    from pytest_runway.report.finding import Finding
    from pytest_runway.report.observed import Observed

# A text that is as short as a word may be there by chance.
_LEAST_TEXT = 10


def output_not_downloaded(observed: Observed) -> Iterator[Finding]:
    """Find tasks that the client saw succeed, whose files nobody asked for.

    A later request that sends an output on to Runway is a use of it, and so is any attempt to
    download, whatever came of it.
    """
    done: dict[int, Exchange] = {}
    for number, polls in observed.polls.items():
        seen = next((poll for poll in polls if poll.told == "SUCCEEDED"), None)
        if seen is not None:
            done[number] = seen
    if not done:
        return
    fetched = {number for number, _ in _downloads(observed)}
    left = {
        number: seen
        for number, seen in done.items()
        if number not in fetched and not _sent_on(observed, seen)
    }
    if left:
        numbers = sorted(left)
        said = named(observed.state, numbers[0]) if len(numbers) == 1 else tasks(numbers)
        message = f"{said} succeeded and no output was downloaded"
        polls = sorted(left.values(), key=lambda poll: poll.number)
        yield found("output_not_downloaded", message, polls, tasks=numbers)


def output_expired_before_use(observed: Observed) -> Iterator[Finding]:
    """Find downloads that were refused for their age, with none after them that worked."""
    if not observed.state.journal.transfers:
        return
    late: dict[int, Exchange] = {}
    for number, transfer in _downloads(observed):
        if transfer.status == _expired_status():
            late[number] = transfer
        elif transfer.status in (200, 206):
            late.pop(number, None)
    for number, transfer in late.items():
        message = (
            f"the output of {named(observed.state, number)} was asked for at "
            f"{seconds(transfer.at)}, when its link had expired, and never with a fresh one"
        )
        # Transfers have numbers of their own, so the requests named are the polls.
        yield found(
            "output_expired_before_use",
            message,
            observed.polls.get(number, ())[-1:],
            tasks=(number,),
        )


def failure_text_exposed(observed: Observed) -> Iterator[Finding]:
    """Find the texts of failures in what the test printed and logged."""
    if not observed.shown:
        return
    for task in observed.state.tasks:
        text = task.ending.failure if task.ending is not None else ""
        if len(text) < _LEAST_TEXT or text not in observed.shown:
            continue
        told = [poll for poll in observed.polls.get(task.number, ()) if poll.told == "FAILED"]
        message = (
            f"the failure text of {named(observed.state, task.number)} was printed or logged: "
            f"{text!r}"
        )
        yield found("failure_text_exposed", message, told[:1], tasks=(task.number,))


def _downloads(observed: Observed) -> Iterator[tuple[int, Exchange]]:
    """Yield the GETs to the outputs' hosts, each with the number of its task."""
    for transfer in observed.state.journal.transfers:
        if transfer.method == "GET" and is_ours(transfer.path):
            task = task_of(observed.state, transfer.path)
            if task is not None:
                yield task.number, transfer


def _sent_on(observed: Observed, seen: Exchange) -> bool:
    return any(
        post.number > seen.number and post.task is not None and _names_output(post.body)
        for post in observed.posts
    )


def _names_output(value: Any) -> bool:
    # Long links are cut, though not before the host's end: which output it is cannot be told.
    if isinstance(value, str):
        return any(value.startswith(f"https://{host}/") for host in hosts())
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, list) and any(map(_names_output, value))


@lru_cache
def _expired_status() -> int:
    status: int = load().values("outputs")["expired_status"]
    return status
