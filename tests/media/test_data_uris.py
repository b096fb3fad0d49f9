"""Data URIs: what is taken, what is refused, and that nothing more than needed is decoded."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pytest_runway.media.data_uris import DataUri, parse_data_uri
from pytest_runway.media.sources import Encoded
from pytest_runway.media.verdicts import Refusal
from tests.media.rules import RULES

GOOD = b64encode(b"some picture").decode()
BAD = "Invalid data URI."
NO_TYPE = (
    "Unsupported asset type. Data URIs must include the content type of the value they encode."
)


@pytest.mark.parametrize(
    "uri",
    [
        f"data:image/png;base64,{GOOD}",
        f"DATA:image/PNG;BASE64,{GOOD}",
        f"data:image/png;charset=utf-8;base64,{GOOD}",
        f"data:image/png;name=a.png;base64,{GOOD}",
    ],
)
def test_a_data_uri_is_taken_apart(uri: str) -> None:
    found = parse_data_uri(uri, RULES.reasons)
    assert isinstance(found, DataUri)
    assert found.content_type == "image/png"
    assert found.source.at(0, 100) == b"some picture"


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("", BAD),
        ("data:", BAD),
        (f"data:image/png;base64{GOOD}", BAD),
        (f"data:image/png,{GOOD}", BAD),
        ("data:image/png;base64,", BAD),
        (f"data:image/png;base64,{GOOD}=", BAD),
        (f"data:image/png;base64,{GOOD[:-1]}", BAD),
        (f"data:image/png;base64,{GOOD[:-1]}\n", BAD),
        (f"data:image/png;base64, {GOOD[1:]}", BAD),
        (f"data:image/png;base64,{GOOD[:4]}\r\n{GOOD[6:]}", BAD),
        ("data:image/png;base64,AAA-", BAD),
        ("data:image/png;base64,AA_A", BAD),
        ("data:image/png;base64,AA==AAAA", BAD),
        ("data:image/png;base64,A===", BAD),
        ("data:image/png;base64,AAA%3D", BAD),
        ("data:image/png;base64,AAA\N{LATIN SMALL LETTER E WITH ACUTE}", BAD),
        ("data:image/png;base64,\ud800AAA", BAD),
        (f"data:image/png;{'a' * 2000};base64,{GOOD}", BAD),
        (f"http:image/png;base64,{GOOD}", BAD),
        (f"data:;base64,{GOOD}", NO_TYPE),
        (f"data:,{GOOD}", NO_TYPE),
        (f"data:png;base64,{GOOD}", NO_TYPE),
    ],
)
def test_a_data_uri_is_refused(uri: str, message: str) -> None:
    assert parse_data_uri(uri, RULES.reasons) == Refusal(message)


@given(
    data=st.binary(min_size=1, max_size=200), offset=st.integers(0, 210), count=st.integers(0, 210)
)
@example(data=b"abcd", offset=3, count=1)
def test_any_stretch_of_what_is_encoded_is_what_decoding_gives(
    data: bytes, offset: int, count: int
) -> None:
    encoded = Encoded(b64encode(data).decode())
    assert encoded.size == len(data)
    assert encoded.at(offset, count) == data[offset : offset + count]
