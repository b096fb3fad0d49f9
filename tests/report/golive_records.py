"""Records as somebody would write them down by hand."""

from __future__ import annotations

from typing import Any

from pytest_runway.report.finding import Finding
from pytest_runway.report.record import RequestRecord, TaskRecord, TestRecord

CLIP = "image_to_video"
TEST = "tests/test_a.py::test_a"


def request(
    number: int,
    status: int | None = 200,
    *,
    method: str = "POST",
    operation: str = CLIP,
    path: str = "",
    task: int | None = None,
    error: str | None = None,
    fault: str | None = None,
) -> RequestRecord:
    where = path or f"/v1/{operation}"
    return RequestRecord(
        number, float(number), method, where, operation, "gen4_turbo", status, task, fault, error
    )


def task(number: int, *statuses: str, code: str | None = None) -> TaskRecord:
    history = tuple((float(at), status) for at, status in enumerate(statuses))
    return TaskRecord(number, f"id-{number}", CLIP, "gen4_turbo", history, code, 25, deleted=False)


def record(
    *requests: RequestRecord,
    test: str = TEST,
    outcome: str = "passed",
    tasks: tuple[TaskRecord, ...] = (),
    findings: tuple[Finding, ...] = (),
    **evidence: Any,
) -> TestRecord:
    return TestRecord(test, outcome, 1.0, requests, tasks, findings=findings, evidence=evidence)


def finding(rule: str, level: Any = "error") -> Finding:
    return Finding(rule, level, "what it did", exchanges=(2,))
