"""A body with a long data URI is read as json reads it, and the URI is known for what it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_runway.ascii_text import AsciiText
from pytest_runway.contract import InvalidJson, parse_json

LONG = "data:image/png;base64," + "iVBORw0KGgo" * 10_000
CLEAN = LONG + "=="


def test_what_is_strange_in_a_long_data_uri_is_known_from_reading_it() -> None:
    body = json.dumps({"a": "data:short", "promptImage": CLEAN, "b": [CLEAN]}).encode()
    value = parse_json(body)
    assert value == {"a": "data:short", "promptImage": CLEAN, "b": [CLEAN]}
    image = value["promptImage"]
    assert isinstance(image, AsciiText)
    assert image.strange == b":;,=="


@pytest.mark.parametrize(
    "value",
    [
        {CLEAN: 1},
        {"a": CLEAN, "b": "data:\x7f"},
        ["data:\x7f", CLEAN],
        ["\x7f", {"\x7f": CLEAN}],
        {"a": f'"{CLEAN}'},
        {"a": f"\\{CLEAN}"},
        {"a": CLEAN + "\\"},
        {"a": CLEAN + "\n"},
        {"a": CLEAN + "é"},
        {"a": LONG + "%20" + LONG},
        CLEAN,
    ],
    ids=lambda value: str(value)[-24:],
)
@pytest.mark.parametrize("ascii_", [True, False])
def test_a_long_data_uri_may_stand_anywhere_and_hold_anything(value: Any, ascii_: bool) -> None:
    body = json.dumps(value, ensure_ascii=ascii_).encode()
    assert parse_json(body) == json.loads(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": "' + CLEAN.encode(),
        b'{"a": "' + CLEAN.encode() + b'\n"}',
        b'{"a": "' + CLEAN.encode() + b'\x00"}',
        b'{"a": "x"' + CLEAN.encode() + b'"}',
        b'{"a" "' + CLEAN.encode() + b'"}',
        b'{"a": "' + CLEAN.encode() + b'\xff"}',
    ],
    ids=range(6),
)
def test_what_is_no_json_stays_none_with_a_long_data_uri_in_it(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of several kinds
        json.loads(body)
    with pytest.raises(InvalidJson):
        parse_json(body)


@given(st.lists(st.sampled_from([b'"', b"\\", b"{", b":", b",", b"}", b"a", CLEAN.encode()])))
def test_whatever_stands_around_it_is_read_as_json_reads_it(pieces: list[bytes]) -> None:
    body = b'{"a": "' + b"".join(pieces) + b'"}'
    try:
        expected = json.loads(body)
    except ValueError:
        with pytest.raises(InvalidJson):
            parse_json(body)
    else:
        assert parse_json(body) == expected
