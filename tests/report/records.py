"""Records of tests that never ran, written by hand: what reports are made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pytest_runway.report.finding import Finding
from pytest_runway.report.record import EventRecord, RequestRecord, TaskRecord, TestRecord
from pytest_runway.report.run import Run

FIRST = "17f20503-6c24-4c16-946b-35dbbce2af2f"
SECOND = "d2e3d1f4-1b3c-4b5a-8d46-1c1d7ee86892"


@dataclass(frozen=True)
class Rule:
    meaning: str
    why: str
    documented: str
    source: str
    advice: str


RULES = {
    "double_charge": Rule(
        "a second task was created for an intent that had one",
        "Whoever asks again without knowing what became of the first request pays for both.",
        "Nothing tells Runway that a second create means the same as the first.",
        "https://docs.dev.runwayml.com/api/",
        "Make the client for creates with max_retries=0.",
    ),
    "poll_too_fast": Rule(
        "a task was polled more often than every 5 seconds",
        "It counts against the rate limit.",
        "Poll every five seconds or more.",
        "https://docs.dev.runwayml.com/",
        "Wait five seconds between polls.",
    ),
}


def request(number: int, at: float, method: str, path: str, **more: Any) -> RequestRecord:
    given: dict[str, Any] = {"operation": None, "model": None, "status": 200, "task": None}
    given |= {"fault": None, "error": None, **more}
    return RequestRecord(number, at, method, path, **given)


def lost_reply(test: str = "tests/test_clips.py::test_a_lost_answer") -> TestRecord:
    """The first create was answered with a 504 after it was committed, and was sent again."""
    create: dict[str, Any] = {"operation": "image_to_video", "model": "gen4_turbo"}
    poll = f"/v1/tasks/{SECOND}"
    return TestRecord(
        test=test,
        outcome="failed",
        seconds=65.5,
        requests=(
            request(
                1,
                0.0,
                "POST",
                "/v1/image_to_video",
                **create,
                status=504,
                task=1,
                fault="loses_reply(504)",
            ),
            request(2, 0.5, "POST", "/v1/image_to_video", **create, task=2),
            request(3, 5.5, "GET", poll, operation="tasks", task=2),
            request(4, 25.5, "GET", poll, operation="tasks", status=429, error="rate limit"),
            request(5, 45.5, "GET", poll, operation="tasks", status=None, fault="breaks(reset)"),
            request(6, 65.5, "GET", poll, operation="tasks", task=2),
            request(1, 65.5, "GET", f"https://cdn.example/{SECOND}/out.mp4", transfer=True),
        ),
        tasks=(
            TaskRecord(
                *(1, FIRST, "image_to_video", "gen4_turbo"),
                history=((0.0, "PENDING"), (5.0, "RUNNING"), (40.0, "SUCCEEDED")),
                failure_code=None,
                credits=25,
                deleted=False,
            ),
            TaskRecord(
                *(2, SECOND, "image_to_video", "gen4_turbo"),
                history=(
                    *((0.5, "THROTTLED"), (20.5, "PENDING"), (25.0, "RUNNING")),
                    (60.0, "SUCCEEDED"),
                ),
                failure_code=None,
                credits=25,
                deleted=False,
            ),
        ),
        events=(
            EventRecord(0.0, "fault", None, "on('image_to_video') loses_reply(504)"),
            EventRecord(0.0, "credits", 1, "25 reserved"),
            EventRecord(0.0, "transition", 1, "PENDING"),
            EventRecord(0.5, "credits", 2, "25 reserved"),
            EventRecord(0.5, "transition", 2, "THROTTLED"),
            EventRecord(5.0, "transition", 1, "RUNNING"),
            EventRecord(20.5, "transition", 2, "PENDING"),
            EventRecord(25.0, "transition", 2, "RUNNING"),
            EventRecord(40.0, "transition", 1, "SUCCEEDED"),
            EventRecord(60.0, "transition", 2, "SUCCEEDED"),
        ),
        findings=(
            Finding(
                "double_charge",
                "error",
                "a second create: request 1 had made task 1, request 2 made task 2",
                exchanges=(1, 2),
                tasks=(1, 2),
                start=0.0,
                end=0.5,
                credits=25,
            ),
        ),
        faults=("on('image_to_video') loses_reply(504)",),
        numbers=numbers(requests=6, tasks=2, credits=50, errors=3, throttled=1, seconds=65.5),
    )


def quiet(test: str = "tests/test_clips.py::test_nothing_happens") -> TestRecord:
    """A test on a fake that asked nothing of it."""
    return TestRecord(test=test, outcome="passed", seconds=0.0, numbers=numbers())


def polled(times: int, test: str = "tests/test_polls.py::test_polls") -> TestRecord:
    """A test that polls one task every second, and is warned of it."""
    path = f"/v1/tasks/{FIRST}"
    create = request(
        1, 0.0, "POST", "/v1/text_to_video", operation="text_to_video", model="veo3", task=1
    )
    polls = [request(2 + n, 1.0 + n, "GET", path, operation="tasks", task=1) for n in range(times)]
    return TestRecord(
        test=test,
        outcome="passed",
        seconds=float(times + 1),
        requests=(create, *polls),
        tasks=(
            TaskRecord(
                *(1, FIRST, "text_to_video", "veo3"),
                history=((0.0, "PENDING"), (5.0, "RUNNING")),
                failure_code=None,
                credits=40,
                deleted=False,
            ),
        ),
        findings=(
            Finding(
                *("poll_too_fast", "warning", f"task 1 was polled {times} times, 1 s apart"),
                exchanges=tuple(range(2, times + 2)),
                tasks=(1,),
                start=1.0,
                end=float(times),
            ),
        ),
        numbers=numbers(requests=times + 1, tasks=1, credits=40, seconds=times + 1.0),
    )


def numbers(
    *,
    requests: int = 0,
    tasks: int = 0,
    credits: int = 0,  # noqa: A002 - the API's own word
    errors: int = 0,
    throttled: int = 0,
    seconds: float = 0.0,
) -> dict[str, float]:
    return {
        "requests": requests,
        "tasks": tasks,
        "credits": credits,
        "faults armed": 0,
        "faults fired": 0,
        "errors": errors,
        "throttled tasks": throttled,
        "moderated tasks": 0,
        "virtual seconds": seconds,
    }


def run(*tests: TestRecord, cut_short: str | None = None) -> Run:
    return Run(tests, rules=RULES, cut_short=cut_short)


def named(record: TestRecord, name: str) -> TestRecord:
    return replace(record, test=name)
