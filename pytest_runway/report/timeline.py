"""The timeline of a test: what happened at Runway, in order, as lines for a terminal."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import wrap
from typing import TYPE_CHECKING

from pytest_runway.counting import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_runway.report.record import EventRecord, RequestRecord, TestRecord

COLUMNS = 100
_MOST, _FIRST = 40, 10
_INDENT = " " * 18
# Facts §5: what a client may ask again.
_MAY_BE_ASKED_AGAIN = (408, 409, 425, 429)


@dataclass(slots=True)
class _Moment:
    """One line to be: ``text``, and in parentheses the ``notes``; ``more`` are folded into it."""

    at: float
    text: str
    notes: list[str] = field(default_factory=list)
    number: int | None = None
    more: int = 0
    until: float = 0.0


def lines(record: TestRecord, *, columns: int = COLUMNS, most: int = _MOST) -> list[str]:
    """Return requests, task states and credits of a test, merged in virtual time.

    Polls in a row are one line. Of more than ``most`` moments the first and the last are there,
    and a line between them says how many are not.
    """
    moments = _folded(_merged(record))
    if not moments:
        return []
    shown = [_lines_of(moment, columns) for moment in moments]
    if len(shown) > most:
        first = min(_FIRST, most // 2)
        left_out = len(shown) - most
        shown = [*shown[:first], [f"{_INDENT}… {left_out} more …"], *shown[first + left_out :]]
    return [line for moment in shown for line in moment] + [_INDENT + _ending(record)]


def request_line(request: RequestRecord, again: int | None = None) -> str:
    """Return one request as a line; ``again`` is the number of the one that it repeats."""
    return _one_line(_asked(request, again))


def retries(requests: Iterable[RequestRecord]) -> dict[int, int]:
    """Return which requests of the API repeat which: number by number.

    One repeats another that failed in a way that may pass, where both ask for the same by method,
    path and model.
    """
    failed: dict[tuple[str, str, str | None], int] = {}
    found = {}
    for request in requests:
        if request.transfer:
            continue
        key = (request.method, request.path, request.model)
        if key in failed:
            found[request.number] = failed.pop(key)
        status = request.status
        if status is None or status >= 500 or status in _MAY_BE_ASKED_AGAIN:
            failed[key] = request.number
    return found


def _merged(record: TestRecord) -> list[_Moment]:
    """Requests and what they or time brought about, in order.

    At one moment, what was due comes before the request that sees it, and what a request brought
    about after it.
    """
    again = retries(record.requests)
    acts = {(each.at, each.task): each for each in record.requests if each.method != "GET"}
    brought_about: dict[int, list[_Moment]] = {}
    moments: list[tuple[float, int, _Moment]] = []
    for event in record.events:
        cause = acts.get((event.at, event.task)) if event.task is not None else None
        if event.kind == "fault" and (cause is None or cause.fault):
            continue  # the request that it struck says so
        if cause is not None:
            brought_about.setdefault(cause.number, []).append(_happened(event))
        else:
            moments.append((event.at, 0, _happened(event)))
    for request in record.requests:
        after = [] if request.transfer else brought_about.get(request.number, [])
        moment = _asked(request, None if request.transfer else again.get(request.number))
        moments += [(request.at, 1, each) for each in (moment, *after)]
    return [moment for _, _, moment in sorted(moments, key=lambda each: each[:2])]


def _asked(request: RequestRecord, again: int | None) -> _Moment:
    outcome = "no answer" if request.status is None else str(request.status)
    notes = [f"task {request.task}"] if request.task is not None else []
    notes += [request.model] if request.model else []
    notes += [f"retry of #{again}"] if again is not None else []
    notes += [f"fault: {request.fault}"] if request.fault else []
    notes += [request.error] if request.error else []
    path, number = request.path, None if request.transfer else request.number
    if request.transfer:
        host, _, rest = path.removeprefix("https://").partition("/")
        path = f"{host}/…/{rest.rpartition('/')[2]}" if "/" in rest else path
    return _Moment(request.at, f"{request.method:<6} {path} -> {outcome}", notes, number=number)


def _happened(event: EventRecord) -> _Moment:
    who = "account" if event.task is None else f"task {event.task}"
    what = f"{_counted(event.detail)}" if event.kind == "credits" else event.detail
    what = f"fault: {what}" if event.kind == "fault" else what
    return _Moment(event.at, f"  {who}: {what}")


def _counted(detail: str) -> str:
    number, _, did = detail.partition(" ")
    return f"{number} credits {did}"


def _folded(moments: list[_Moment]) -> list[_Moment]:
    """Fold what is said of one task at one moment, and polls that were answered alike."""
    folded: list[_Moment] = []
    for moment in moments:
        last = folded[-1] if folded else None
        if last is not None and _is_a_state(last) and _is_a_state(moment) and last.at == moment.at:
            who, _, what = moment.text.partition(": ")
            if last.text.startswith(f"{who}: "):
                last.text += f", {what}"
                continue
        if (
            last is not None
            and moment.text.startswith("GET ")
            and (last.text, last.notes) == (moment.text, moment.notes)
        ):
            last.more += 1
            last.until = moment.at
            continue
        folded.append(moment)
    return folded


def _is_a_state(moment: _Moment) -> bool:
    return moment.text.startswith("  ")


def _one_line(moment: _Moment) -> str:
    number = "" if moment.number is None else f"#{moment.number}"
    notes = f" ({', '.join(moment.notes)})" if moment.notes else ""
    return f"{moment.at:9.3f} s  {number:<5} {moment.text}{notes}"


def _lines_of(moment: _Moment, columns: int) -> list[str]:
    line = " ".join(_one_line(moment).split("\n"))
    if len(line) <= columns:
        found = [line]
    else:
        # The path stays in one piece where it can, for it is what one searches for.
        found = wrap(line, columns, subsequent_indent=_INDENT + "  ", break_on_hyphens=False)
    if moment.more:
        found.append(f"{_INDENT}  … and {moment.more} more until {moment.until:.3f} s")
    return found


def _ending(record: TestRecord) -> str:
    requests = sum(not each.transfer for each in record.requests)
    charged = sum(task.credits for task in record.tasks)
    said = [counted(requests, "request"), counted(len(record.tasks), "task")]
    return (
        f"{', '.join(said)}, {counted(charged, 'credit')} in {record.seconds:.3f} virtual seconds"
    )
