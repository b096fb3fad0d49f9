"""Records of tests in, answers out: READY, NOT READY or NOT EXERCISED, each with its proof."""

from __future__ import annotations

import shlex
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from pytest_runway.report.golive.items import ITEMS, Item, Part
from pytest_runway.report.golive.sightings import LOOKS, creates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_runway.report.golive.sightings import Sighting
    from pytest_runway.report.record import TestRecord

FORMAT = 1
Status = Literal["READY", "NOT READY", "NOT EXERCISED"]
_MOST = 3
_FAILED = ("failed", "error")
_KEYS = "keys_in_code"
_VALIDATION = "validation"


@dataclass(frozen=True, slots=True)
class Proof:
    """What speaks for an item, or against it. Where no test did, ``test`` is empty.

    ``request`` is the request's number in that test, None where none caused it.
    """

    test: str
    request: int | None
    what: str

    def __str__(self) -> str:
        at = f", request {self.request}" if self.request is not None else ""
        return f"{self.test}{at}: {self.what}" if self.test else self.what


@dataclass(frozen=True, slots=True)
class KeyScan:
    """What was found by looking for keys in the code: ``leaks``, in words, in so many ``files``.

    ``skipped`` counts what could not be read, ``notes`` say what else one must know, ``why_not``
    why nobody has looked.
    """

    files: int = 0
    leaks: tuple[str, ...] = ()
    skipped: int = 0
    notes: tuple[str, ...] = ()
    why_not: str = ""

    def __str__(self) -> str:
        count = "1 file" if self.files == 1 else f"{self.files:,} files"
        skipped = f"{self.skipped:,} not looked at" if self.skipped else ""
        return "; ".join(filter(None, (f"no Runway key in {count}", skipped, *self.notes)))


@dataclass(frozen=True, slots=True)
class Next:
    """The step that would prove what is not proven: in words, and as a test or a command."""

    says: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one item. ``more`` counts the proofs for it that are not listed."""

    item: Item
    status: Status
    proofs: tuple[Proof, ...] = ()
    against: tuple[Proof, ...] = ()
    missing: tuple[str, ...] = ()
    next_steps: tuple[Next, ...] = ()
    more: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the answer as what ``json`` writes."""
        item = self.item
        return {
            **{name: getattr(item, name) for name in ("id", "title", "asks", "source", "mark")},
            "status": self.status,
            "proofs": [asdict(each) for each in self.proofs],
            "more_proofs": self.more,
            "against": [asdict(each) for each in self.against],
            "missing": list(self.missing),
            "next_steps": [asdict(each) for each in self.next_steps],
        }


@dataclass(frozen=True, slots=True)
class Checklist:
    """All answers. ``cut_short`` says why the run ended before its last test."""

    answers: tuple[Answer, ...]
    tests: int
    cut_short: str = ""

    @property
    def ready(self) -> bool:
        """Whether every item is READY."""
        return all(answer.status == "READY" for answer in self.answers)

    def count(self, status: Status) -> int:
        """Return how many items have this answer."""
        return sum(answer.status == status for answer in self.answers)

    def summary(self) -> str:
        """Return the counts as one line."""
        statuses: tuple[Status, ...] = ("READY", "NOT READY", "NOT EXERCISED")
        counts = ", ".join(f"{self.count(status)} {status}" for status in statuses)
        return f"{counts}; {self.tests:,} {'test' if self.tests == 1 else 'tests'} on the fake"

    def to_json(self) -> dict[str, Any]:
        """Return the checklist as what ``json`` writes; docs/golive.md says what names mean."""
        return {
            "format": FORMAT,
            "ready": self.ready,
            "cut_short": self.cut_short,
            "tests": self.tests,
            "items": [answer.to_json() for answer in self.answers],
        }


def checklist(
    records: Iterable[TestRecord], *, keys: KeyScan | None = None, cut_short: str = ""
) -> Checklist:
    """Return the answers to all items, in the order of Runway's page.

    READY needs, for each part of an item, a test that passed without an error of any rule, and
    nothing against the item. Against it are: an error of one of its rules, in whichever test; a
    test that failed and in which it happened; a key in the code.
    """
    sorted_ = sorted(records, key=lambda record: record.test)
    answers = tuple(_answer(item, sorted_, keys or _nobody_looked()) for item in ITEMS)
    return Checklist(answers, len(sorted_), cut_short)


def _nobody_looked() -> KeyScan:
    return KeyScan(why_not="nobody has looked for keys")


def _answer(item: Item, records: Sequence[TestRecord], keys: KeyScan) -> Answer:
    if item.id == _KEYS:
        return _about_keys(item, records, keys)
    parts = _parts(item, records)
    proofs: dict[str, list[Proof]] = {part.title: [] for part in parts}
    against: list[Proof] = list(_findings(item, records))
    for record in records:
        is_guilty = any(finding.level == "error" for finding in record.findings)
        for part in parts:
            seen = list(_sightings(part, record))
            if record.outcome in _FAILED:
                failed = (_proof(record, each, "; the test failed") for each in seen[:1])
                against.extend(failed)
            elif record.outcome == "passed" and not is_guilty:
                well = (_proof(record, each) for each in seen if each.handled)
                proofs[part.title].extend(islice(well, 1))
    missing = [part for part in parts if not proofs[part.title]]
    shown = [proof for some in proofs.values() for proof in some[:_MOST]]
    return Answer(
        item,
        "NOT READY" if against else "NOT EXERCISED" if missing else "READY",
        proofs=tuple(shown),
        against=tuple(against[:_MOST]),
        missing=tuple(part.title for part in missing),
        next_steps=_next_steps(missing, against),
        more=sum(map(len, proofs.values())) - len(shown),
    )


def _proof(record: TestRecord, sighting: Sighting, more: str = "") -> Proof:
    return Proof(record.test, sighting.request, sighting.what + more)


def _parts(item: Item, records: Sequence[TestRecord]) -> tuple[Part, ...]:
    """Return an item's parts; "every 400" has one for each operation that makes tasks."""
    if item.id != _VALIDATION:
        return item.parts
    used = sorted({operation for record in records for operation in creates(record)})
    (part,) = item.parts
    return tuple(replace(part, title=f"{part.title} by {name}") for name in used) or (part,)


def _sightings(part: Part, record: TestRecord) -> Iterator[Sighting]:
    operation = part.title.rpartition(" by ")[2] if part.look == "invalid" else None
    for sighting in LOOKS[part.look](record):
        if operation in (None, part.title, sighting.operation):
            yield sighting


def _findings(item: Item, records: Iterable[TestRecord]) -> Iterator[Proof]:
    for record in records:
        for finding in record.findings:
            if finding.level == "error" and finding.rule in item.rules:
                request = finding.exchanges[0] if finding.exchanges else None
                yield Proof(record.test, request, f"{finding.rule}: {finding.message}")


def _next_steps(missing: Sequence[Part], against: Sequence[Proof]) -> tuple[Next, ...]:
    found = []
    if against:
        test = next((proof.test for proof in against if proof.test), "")
        found.append(Next("make it pass, without an error finding", f"pytest {shlex.quote(test)}"))
    steps: dict[str, list[str]] = defaultdict(list)
    for part in missing:
        steps[part.next_step].append(part.title)
    found += [Next(f"go through {', '.join(titles)}", step) for step, titles in steps.items()]
    return tuple(found)


def _about_keys(item: Item, records: Sequence[TestRecord], keys: KeyScan) -> Answer:
    """Answer by the scan, and by the keys that arrived at the fake and are none of its own."""
    leaks = [Proof("", None, leak) for leak in keys.leaks]
    leaks += [
        Proof(record.test, None, "a key that looks real was sent to the fake")
        for record in records
        if record.evidence.get("real_keys")
    ]
    if leaks:
        step = Next("disable each key at Runway, then take it out", "pytest-runway keys --history")
        return Answer(item, "NOT READY", against=tuple(leaks[:_MOST]), next_steps=(step,))
    if keys.why_not:
        step = Next("look for keys", 'pip install "pytest-runway[keys]"')
        return Answer(item, "NOT EXERCISED", missing=(keys.why_not,), next_steps=(step,))
    return Answer(item, "READY", proofs=(Proof("", None, str(keys)),))
