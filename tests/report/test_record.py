"""Records travel as JSON and come back as they were."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from pytest_runway.report.record import TestRecord
from tests.report.records import lost_reply, polled, quiet

RECORDS = [lost_reply(), polled(3), quiet()]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.test)
def test_a_record_survives_json(record: TestRecord) -> None:
    assert TestRecord.of_json(json.loads(json.dumps(record.to_json()))) == record


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.test)
def test_every_field_is_written(record: TestRecord) -> None:
    assert json.dumps(record.to_json()) == json.dumps(asdict(record))
