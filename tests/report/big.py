"""A run as big as a report must bear: 5,000 tests with 100,000 requests."""

from __future__ import annotations

from random import Random
from uuid import UUID

from pytest_runway.report.finding import Finding
from pytest_runway.report.record import RequestRecord, TaskRecord, TestRecord
from pytest_runway.report.run import Run

TESTS, REQUESTS = 5_000, 20


def big_run() -> Run:
    """Retries, faults, four models, a finding in each tenth test; the same every time."""
    dice = Random(0)
    return Run([_test(number, dice) for number in range(TESTS)])


def _test(number: int, dice: Random) -> TestRecord:
    task, model = str(UUID(int=dice.getrandbits(128), version=4)), f"model_{number % 4}"
    fault = number % 7 == 0
    requests = [
        _create(1, 504, model, "loses_reply(504)"),
        _create(2, 200, model, None),
        *(
            RequestRecord(
                place,
                round(5.0 * place + dice.random(), 3),
                "GET",
                f"/v1/tasks/{task}",
                operation="tasks",
                model=None,
                status=503 if fault and place == 9 else 200,
                task=1,
                fault=None,
                error=None,
            )
            for place in range(3, REQUESTS)
        ),
        RequestRecord(
            1,
            101.0,
            "GET",
            f"https://cdn.example/{task}/output_0.mp4",
            operation=None,
            model=None,
            status=200,
            task=None,
            fault=None,
            error=None,
            transfer=True,
        ),
    ]
    history = ((0.0, "PENDING"), (5.0, "RUNNING"), (round(95 + dice.random(), 3), "SUCCEEDED"))
    finding = Finding(
        "double_charge", "error", f"image_to_video was created twice in {number}", (1, 2), (1,)
    )
    return TestRecord(
        test=f"tests/test_module_{number // 50}.py::test_a_clip_that_is_made[{number}]",
        outcome="failed" if number % 50 == 0 else "passed",
        seconds=101.0,
        requests=tuple(requests),
        tasks=(TaskRecord(1, task, "image_to_video", model, history, None, 25, deleted=False),),
        findings=(finding,) if number % 10 == 0 else (),
        numbers={"requests": len(requests) - 1, "tasks": 1, "credits": 25, "errors": 1},
    )


def _create(number: int, status: int, model: str, fault: str | None) -> RequestRecord:
    return RequestRecord(
        number,
        0.5 * number,
        "POST",
        "/v1/image_to_video",
        operation="image_to_video",
        model=model,
        status=status,
        task=1,
        fault=fault,
        error=None,
    )
