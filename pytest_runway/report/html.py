"""The report that a person looks at: one HTML file that needs nothing else."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pytest_runway.report.packing import pack
from pytest_runway.report.timeline import request_line, retries

if TYPE_CHECKING:
    from pytest_runway.report.finding import Finding
    from pytest_runway.report.record import TestRecord
    from pytest_runway.report.run import Explained, Run

_MOST_SHOWN = 200
_MOST_REQUESTS = 6


@dataclass(frozen=True, slots=True)
class _Row:
    """A test in the list. ``place`` counts from 0 and is its address in the page."""

    place: int
    name: str
    outcome: str
    says: str
    rules: str
    levels: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A finding, with the test it is about and the requests that prove it."""

    finding: Finding
    place: int
    test: str
    when: str
    requests: list[str]
    left_out: int


@dataclass(slots=True)
class _Group:
    """A rule's findings, at most so many of them."""

    rule: str
    level: str
    explained: Explained | None
    number: int = 0
    credits: int = 0
    shown: list[_Found] = field(default_factory=list)

    @property
    def left_out(self) -> int:
        return self.number - len(self.shown)


def render(run: Run) -> bytes:
    """Return the page as UTF-8; the same run gives the same bytes."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style, script = _part("report.css"), _part("report.js")
    groups = _groups(run)
    text = environment.from_string(_part("report.html.j2")).render(
        style=style,
        script=script,
        policy=_policy(style, script),
        data=pack(run.tests),
        totals=_totals(run),
        groups=groups,
        files=_by_file(run.tests),
        outcomes=sorted({test.outcome for test in run.tests}),
        problems=[
            (place, test.test, problem)
            for place, test in enumerate(run.tests)
            for problem in test.problems
        ],
        cut_short=run.cut_short,
    )
    return text.encode()


def _part(name: str) -> str:
    return (files("pytest_runway.report") / "page" / name).read_text("utf-8").strip()


def _policy(style: str, script: str) -> str:
    """Return the page's Content-Security-Policy: its own style and script, and nothing else."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _totals(run: Run) -> list[tuple[str, str]]:
    totals = run.totals()
    names = ("tests", "requests", "tasks", "credits")
    return [
        *((name, f"{totals[name]:,}") for name in names),
        ("of requests failed", f"{totals['error rate']:.1%}"),
        ("virtual time", _time(totals["virtual seconds"])),
        ("findings", f"{sum(run.findings_by_rule().values()):,}"),
    ]


def _groups(run: Run) -> list[_Group]:
    groups: dict[str, _Group] = {
        rule: _Group(rule, "warning", run.rules.get(rule)) for rule in run.findings_by_rule()
    }
    for place, test in enumerate(run.tests):
        again = retries(test.requests) if test.findings else {}
        by_number = {each.number: each for each in test.requests if not each.transfer}
        for finding in test.findings:
            group = groups[finding.rule]
            group.number += 1
            group.credits += finding.credits
            if finding.level == "error":
                group.level = "error"
            if len(group.shown) < _MOST_SHOWN:
                group.shown.append(_found(finding, place, test.test, by_number, again))
    return list(groups.values())


def _found(
    finding: Finding, place: int, test: str, by_number: dict[int, Any], again: dict[int, int]
) -> _Found:
    known = [number for number in finding.exchanges if number in by_number]
    lines = [
        request_line(by_number[number], again.get(number)).strip()
        for number in known[:_MOST_REQUESTS]
    ]
    when = _time(finding.start)
    if finding.end > finding.start:
        when += f" to {_time(finding.end)}"
    return _Found(finding, place, test, when, lines, len(known) - len(lines))


def _by_file(tests: Any) -> list[tuple[str, list[_Row]]]:
    found: dict[str, list[_Row]] = {}
    for place, test in enumerate(tests):
        path, _, name = test.test.partition("::")
        found.setdefault(path, []).append(_row(place, name or path, test))
    return list(found.items())


def _row(place: int, name: str, test: TestRecord) -> _Row:
    requests = sum(not each.transfer for each in test.requests)
    credits_ = sum(task.credits for task in test.tasks)
    counts = [
        (requests, "request"),
        (len(test.tasks), "task"),
        (credits_, "credit"),
        (len(test.findings), "finding"),
        (len(test.problems), "problem"),
    ]
    says = [f"{count:,} {word}{'s' * (count != 1)}" for count, word in counts if count]
    return _Row(
        place=place,
        name=name,
        outcome=test.outcome,
        says=", ".join(says),
        rules=" ".join(sorted({finding.rule for finding in test.findings})),
        levels=" ".join(sorted({finding.level for finding in test.findings})),
    )


def _time(seconds: float) -> str:
    """Return a time as a person says it: ``3.2 s``, ``12 m 5 s``, ``3 h 20 m``."""
    if seconds < 60:
        return f"{seconds:.3f}".rstrip("0").rstrip(".") + " s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "m"), (rest, "s")]
    return " ".join(f"{number:,} {unit}" for number, unit in parts if number)
