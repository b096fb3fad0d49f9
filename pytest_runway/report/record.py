"""The record of a test: all that reports are made of, as plain values that travel as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from pytest_runway.report.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request, of the API or (``transfer``) to the hosts beside it.

    ``at`` is in virtual seconds since the fake started. ``status`` is what the client was told,
    None where it heard nothing; ``fault`` says what struck it.
    """

    number: int
    at: float
    method: str
    path: str
    operation: str | None
    model: str | None
    status: int | None
    task: int | None
    fault: str | None
    error: str | None
    transfer: bool = False


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One task: its statuses, each with the virtual second at which it came, and its cost."""

    number: int
    id: str
    operation: str
    model: str | None
    history: tuple[tuple[float, str], ...]
    failure_code: str | None
    credits: int
    deleted: bool


@dataclass(frozen=True, slots=True)
class EventRecord:
    """What no request says by itself: a transition, a movement of credits, a fault that struck."""

    at: float
    kind: str
    task: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class TestRecord:
    """One test on the fake. ``outcome`` is pytest's word; ``numbers`` are the summary's.

    ``evidence`` holds what the go-live checklist looks at and nobody else does, by item.
    """

    __test__ = False  # not a test of pytest's

    test: str
    outcome: str
    seconds: float
    requests: tuple[RequestRecord, ...] = ()
    tasks: tuple[TaskRecord, ...] = ()
    events: tuple[EventRecord, ...] = ()
    findings: tuple[Finding, ...] = ()
    problems: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the record as what ``json`` writes."""
        return {
            "test": self.test,
            "outcome": self.outcome,
            "seconds": self.seconds,
            "requests": _REQUEST.all(self.requests),
            "tasks": _TASK.all(self.tasks),
            "events": _EVENT.all(self.events),
            "findings": _FINDING.all(self.findings),
            "problems": list(self.problems),
            "faults": list(self.faults),
            "numbers": dict(self.numbers),
            "evidence": dict(self.evidence),
        }

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> TestRecord:
        """Return the record that ``to_json`` wrote, also after it travelled as JSON."""
        return cls(
            **{
                **value,
                "requests": tuple(RequestRecord(**each) for each in value["requests"]),
                "tasks": tuple(_task(each) for each in value["tasks"]),
                "events": tuple(EventRecord(**each) for each in value["events"]),
                "findings": tuple(_finding(each) for each in value["findings"]),
                "problems": tuple(value["problems"]),
                "faults": tuple(value["faults"]),
            }
        )


class _Flat:
    """Writes values without nested ones: ``asdict`` takes ten times as long to look for them."""

    def __init__(self, kind: type[Any]) -> None:
        self._names = tuple(each.name for each in fields(kind))
        self._values = attrgetter(*self._names)

    def all(self, values: Iterable[Any]) -> list[dict[str, Any]]:
        names, of = self._names, self._values
        return [dict(zip(names, of(value), strict=True)) for value in values]


_REQUEST, _TASK = _Flat(RequestRecord), _Flat(TaskRecord)
_EVENT, _FINDING = _Flat(EventRecord), _Flat(Finding)


def _task(value: Mapping[str, Any]) -> TaskRecord:
    return TaskRecord(
        **{**value, "history": tuple((at, status) for at, status in value["history"])}
    )


def _finding(value: Mapping[str, Any]) -> Finding:
    return Finding(
        **{**value, "exchanges": tuple(value["exchanges"]), "tasks": tuple(value["tasks"])}
    )
