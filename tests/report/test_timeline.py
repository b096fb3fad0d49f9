"""The lines under a failing test."""

from __future__ import annotations

from dataclasses import replace

from pytest_runway.report.timeline import lines, retries
from tests.report.records import FIRST, lost_reply, polled, quiet, request

CREATE = "POST   /v1/image_to_video"
POLL = "GET    /v1/tasks/d2e3d1f4-1b3c-4b5a-8d46-1c1d7ee86892"


def test_requests_states_credits_faults_and_retries_stand_in_order() -> None:
    assert lines(lost_reply()) == [
        f"    0.000 s  #1    {CREATE} -> 504 (task 1, gen4_turbo, fault: loses_reply(504))",
        "    0.000 s          task 1: 25 credits reserved, PENDING",
        f"    0.500 s  #2    {CREATE} -> 200 (task 2, gen4_turbo, retry of #1)",
        "    0.500 s          task 2: 25 credits reserved, THROTTLED",
        "    5.000 s          task 1: RUNNING",
        f"    5.500 s  #3    {POLL} -> 200 (task 2)",
        "   20.500 s          task 2: PENDING",
        "   25.000 s          task 2: RUNNING",
        f"   25.500 s  #4    {POLL} -> 429 (rate limit)",
        "   40.000 s          task 1: SUCCEEDED",
        f"   45.500 s  #5    {POLL} -> no answer (retry of #4,",
        "                    fault: breaks(reset))",
        "   60.000 s          task 2: SUCCEEDED",
        f"   65.500 s  #6    {POLL} -> 200 (task 2, retry of",
        "                    #5)",
        "   65.500 s        GET    cdn.example/…/out.mp4 -> 200",
        "                  6 requests, 2 tasks, 50 credits in 65.500 virtual seconds",
    ]


def test_no_line_is_longer_than_a_terminal() -> None:
    path = "/v1/" + "long_name/" * 30
    record = replace(quiet(), requests=(request(1, 0.0, "GET", path, error="x " * 200),))
    assert max(map(len, lines(record))) <= 100
    assert max(map(len, lines(record, columns=80))) <= 80


def test_polls_in_a_row_are_one_line() -> None:
    shown = lines(polled(50))
    assert shown[1:3] == [
        f"    1.000 s  #2    GET    /v1/tasks/{FIRST} -> 200 (task 1)",
        "                    … and 49 more until 50.000 s",
    ]


def test_a_long_story_keeps_its_beginning_and_its_end() -> None:
    requests = tuple(request(n, float(n), "GET", f"/v1/tasks/{n}") for n in range(1, 101))
    shown = lines(replace(quiet(), requests=requests))
    assert [line.strip() for line in shown[9:12]] == [
        "10.000 s  #10   GET    /v1/tasks/10 -> 200",
        "… 60 more …",
        "71.000 s  #71   GET    /v1/tasks/71 -> 200",
    ]
    assert shown[-2].strip() == "100.000 s  #100  GET    /v1/tasks/100 -> 200"


def test_what_is_due_comes_before_the_poll_that_sees_it() -> None:
    record = lost_reply()
    events = tuple(replace(each, at=65.5) if each.at == 60.0 else each for each in record.events)
    shown = lines(replace(record, events=events))
    assert "task 2: SUCCEEDED" in shown[12]
    assert "#6" in shown[13]


def test_a_test_that_asked_nothing_has_no_timeline() -> None:
    assert lines(quiet()) == []


def test_only_what_failed_in_passing_is_retried() -> None:
    asked = [
        request(1, 0.0, "POST", "/v1/a", status=400),
        request(2, 1.0, "POST", "/v1/a", status=429),
        request(3, 2.0, "GET", "/v1/a", status=200),
        request(4, 3.0, "POST", "/v1/a", status=None),
        request(5, 4.0, "POST", "/v1/a", status=503, model="other"),
        request(6, 5.0, "POST", "/v1/a", status=200),
        request(7, 6.0, "POST", "/v1/a", status=200),
    ]
    assert retries(asked) == {4: 2, 6: 4}
