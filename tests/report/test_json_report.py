"""The JSON report and its schema."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from pytest_runway.report import json_report
from tests.report.records import lost_reply, polled, quiet, run


def validate(value: Any) -> None:
    Draft202012Validator(json_report.schema()).validate(value)


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_report.schema())


@pytest.mark.parametrize(
    "reported",
    [run(), run(quiet()), run(lost_reply(), polled(3), cut_short="the run was interrupted")],
    ids=["no tests", "nothing happened", "interrupted"],
)
def test_what_is_written_fits_the_schema(reported: Any) -> None:
    validate(json.loads(json_report.render(reported)))


@pytest.mark.parametrize("where", ["tests", "requests", "tasks", "events", "findings"])
def test_the_schema_takes_no_key_that_it_does_not_name(where: str) -> None:
    value = json.loads(json_report.render(run(lost_reply())))
    test = value["tests"][0]
    (test if where == "tests" else test[where][0])["more"] = 1
    with pytest.raises(ValidationError, match="more"):
        validate(value)


def test_the_report_adds_up_and_explains() -> None:
    value = json.loads(json_report.render(run(lost_reply(), polled(3), polled(9), quiet())))
    assert value["version"] == 1
    assert value["complete"] is True
    assert value["findings"] == {"double_charge": 1, "poll_too_fast": 2}
    assert list(value["rules"]) == ["double_charge", "poll_too_fast"]
    assert value["rules"]["double_charge"]["advice"].startswith("Make the client")
    assert value["totals"] == {
        "tests": 4,
        "requests": 20,
        "tasks": 4,
        "credits": 130,
        "errors": 3,
        "error rate": 0.15,
        "throttled tasks": 1,
        "moderated tasks": 0,
        "faults armed": 0,
        "faults fired": 0,
        "virtual seconds": 79.5,
    }


def test_the_go_live_evidence_stays_out() -> None:
    assert b"evidence" not in json_report.render(run(lost_reply()))
