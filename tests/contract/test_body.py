"""Bytes to JSON values, as JavaScript reads them."""

from __future__ import annotations

import contextlib
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_runway.contract import InvalidJson, parse_json


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"", {}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'"\\ud83d"', "\ud83d"),
        (b'"\\ud83d\\ude00"', "😀"),
        (b"9007199254740993", 2**53),
        (b"-9007199254740993", -(2**53)),
        (b"100000000000000000000", 10**20),
        (b"1" + b"0" * 5000, math.inf),
        (b"-1e999", -math.inf),
        (b"1E3", 1000.0),
        (b" null ", None),
        ("äöü😀".join('""').encode(), "äöü😀"),
        (b"[" * 256 + b"]" * 256, json.loads("[" * 256 + "]" * 256)),
        (b'"' + b"[{" * 5000 + b'"', "[{" * 5000),
        (b'["\\"[[[", ' + b"[],{}," * 500 + b"1]", ['"[[[', *([[], {}] * 500), 1]),
    ],
)
def test_a_body_is_read_as_javascript_reads_it(body: bytes, value: Any) -> None:
    assert parse_json(body) == value


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", r"the body is not JSON: .* at line 1 column 2"),
        (b"{'a': 1}", r"the body is not JSON"),
        (b'{"a": 1,}', r"the body is not JSON"),
        (b"01", r"the body is not JSON"),
        (b" ", r"the body is not JSON"),
        (b'"\x01"', r"the body is not JSON: .*control character"),
        (b"[NaN]", r"the body is not JSON: NaN is no JSON value"),
        (b"-Infinity", r"the body is not JSON: -Infinity is no JSON value"),
        (b'"\xff"', r"the body is not UTF-8: invalid start byte at byte 1"),
        ("{}".encode("utf-16"), r"the body is not UTF-8"),
        (b"[" * 257 + b"]" * 257, r"nested deeper than 256 levels"),
        (b'{"a":' * 100_000, r"nested deeper than 256 levels"),
    ],
)
def test_what_no_server_would_read_is_refused_in_one_line(body: bytes, message: str) -> None:
    with pytest.raises(InvalidJson, match=message) as refused:
        parse_json(body)
    assert "\n" not in str(refused.value)


@given(body=st.binary() | st.text(alphabet='{}[]",:\\0123.eE-tru nul').map(str.encode))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(InvalidJson):
        json.dumps(parse_json(body))
