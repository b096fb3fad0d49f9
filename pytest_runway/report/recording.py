"""From what a fake knows to the record of a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.report.cleaning import Cleaner
from pytest_runway.report.record import EventRecord, RequestRecord, TaskRecord, TestRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_runway.engine.journal import Exchange
    from pytest_runway.engine.state import State
    from pytest_runway.engine.task import Task
    from pytest_runway.report.finding import Finding


def record_of(
    state: State,
    *,
    test: str,
    outcome: str,
    seconds: float,
    findings: Iterable[Finding] = (),
    problems: Iterable[str] = (),
    numbers: Mapping[str, float] | None = None,
    evidence: Mapping[str, Any] | None = None,
    cleaner: Cleaner | None = None,
) -> TestRecord:
    """Return the record of a test: of all that its fake has seen until now.

    ``cleaner`` knows the machine's folders; keys and media are cut without one, too.
    """
    clean = (cleaner or Cleaner()).clean
    journal = state.journal
    return TestRecord(
        test=clean(test),
        outcome=outcome,
        seconds=seconds,
        requests=(
            *(_request(each, clean) for each in journal.exchanges),
            *(_request(each, clean, transfer=True) for each in journal.transfers),
        ),
        tasks=tuple(_task(task, state.started_ms) for task in state.tasks),
        events=tuple(
            EventRecord(event.at, event.kind, event.task, clean(event.detail))
            for event in journal.events
        ),
        findings=tuple(_cleaned(finding, clean) for finding in findings),
        problems=tuple(map(clean, problems)),
        faults=tuple(clean(str(fault)) for fault in state.faults.faults),
        numbers=dict(numbers or {}),
        evidence=_cleaned_deep(dict(evidence or {}), clean),
    )


def _request(exchange: Exchange, clean: Any, *, transfer: bool = False) -> RequestRecord:
    return RequestRecord(
        exchange.number,
        exchange.at,
        clean(exchange.method),
        clean(exchange.path),
        exchange.operation,
        exchange.model and clean(exchange.model),
        exchange.status,
        exchange.task,
        exchange.fault and clean(exchange.fault),
        exchange.error and clean(exchange.error),
        transfer,
    )


def _task(task: Task, started_ms: int) -> TaskRecord:
    return TaskRecord(
        number=task.number,
        id=task.id,
        operation=task.operation,
        model=task.model,
        history=tuple(((at_ms - started_ms) / 1000, status) for at_ms, status in task.history),
        failure_code=task.ending.code if task.ending else None,
        credits=task.charged,
        deleted=task.deleted,
    )


def _cleaned_deep(value: Any, clean: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {name: _cleaned_deep(item, clean) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cleaned_deep(item, clean) for item in value]
    return value


def _cleaned(finding: Finding, clean: Any) -> Finding:
    message = clean(finding.message)
    if message == finding.message:
        return finding
    from dataclasses import replace

    return replace(finding, message=message)
