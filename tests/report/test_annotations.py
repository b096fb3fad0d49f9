"""Annotations of GitHub Actions."""

from __future__ import annotations

from dataclasses import replace

from pytest_runway.report.annotations import github
from pytest_runway.report.finding import Finding
from tests.report.records import lost_reply, polled, quiet


def test_errors_come_first_then_warnings() -> None:
    first, second = github([("tests/b.py", 3, polled(2)), ("tests/a.py", 12, lost_reply())])
    assert first == (
        "::error file=tests/a.py,line=12,title=double_charge::tests/test_clips.py::"
        "test_a_lost_answer: a second create: request 1 had made task 1, request 2 made task 2"
    )
    assert second == (
        "::warning file=tests/b.py,line=3,title=poll_too_fast::tests/test_polls.py::test_polls: "
        "task 1 was polled 2 times, 1 s apart"
    )


def test_problems_are_errors() -> None:
    record = replace(quiet("t.py::t"), problems=("a fault never fired",))
    assert github([("t.py", 1, record)]) == [
        "::error file=t.py,line=1,title=pytest-runway noticed::t.py::t: a fault never fired"
    ]


def test_no_text_ends_its_line_or_its_property() -> None:
    finding = Finding("no:such,rule", "warning", "100%\r\n::error::injected")
    record = replace(quiet("t"), findings=(finding,))
    (line,) = github([("a,b:c%.py", 1, record)])
    assert line == (
        "::warning file=a%2Cb%3Ac%25.py,line=1,title=no%3Asuch%2Crule::"
        "t: 100%25%0D%0A::error::injected"
    )
