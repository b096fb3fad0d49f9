"""Times as the API reads and writes them."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_runway.engine.encoding import iso_date, iso_timestamp, unix_ms

FIRST, LAST = -62_135_596_800_000, 253_402_300_799_999


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01", 0),
        ("1970-01-02", 86_400_000),
        ("1970-01-01T00:01Z", 60_000),
        ("1970-01-01T00:00:01Z", 1_000),
        ("1970-01-01T00:00:00.5Z", 500),
        ("1970-01-01T00:00:00.123456+00:00", 123),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T19:30:00-04:30", 0),
        ("0000-02-29", FIRST),
        ("0000-12-31T23:59:59Z", FIRST),
        ("0001-01-01T00:00:00+12:00", FIRST),
        ("9999-12-31T23:59:59.999Z", LAST),
        ("9999-12-31T23:59:59-12:00", LAST),
    ],
)
def test_a_moment_is_read_in_milliseconds(text: str, expected: int) -> None:
    assert unix_ms(text) == expected


@pytest.mark.parametrize("text", ["", "today", "1970-1-1", "1970-01-01T00:00", "1970-01-01 00:00Z"])
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        unix_ms(text)


@given(st.integers(FIRST, LAST))
def test_what_is_written_can_be_read(at_ms: int) -> None:
    text = iso_timestamp(at_ms)
    assert len(text) == len("2026-08-26T06:30:33.796Z")
    assert unix_ms(text) == at_ms
    assert iso_date(at_ms) == text[:10]


@given(st.datetimes(timezones=st.timezones()))
def test_it_is_what_python_makes_of_it(moment: datetime) -> None:
    utc = moment.astimezone(timezone.utc).replace(microsecond=moment.microsecond // 1000 * 1000)
    expected = round((utc - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds() * 1000)
    assert unix_ms(utc.isoformat()) == expected
