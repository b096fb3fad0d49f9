"""Keys in streams: any length, any encoding, in pieces of bounded size."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_runway.keys.pieces import Hit, detector, hits
from tests.keys.conftest import a_key

PLUGIN = detector()
KEY = a_key(1)


def lines_of(data: bytes, name: str = "a.txt") -> list[int | None]:
    return [hit.line for hit in hits(io.BytesIO(data), name, PLUGIN)]


@given(st.integers(0, 5000), st.integers(0, 3 << 20), st.integers(0, 5000))
@settings(max_examples=40)
def test_a_key_is_found_at_its_line_wherever_a_piece_ends(
    lines: int, before: int, after: int
) -> None:
    data = b"\n" * lines + b"." * before + b" " + KEY.encode() + b" " + b"." * after
    assert lines_of(data) == [lines + 1]


@pytest.mark.parametrize("at", range((1 << 20) - 140, (1 << 20) + 6, 9))
def test_a_key_across_two_pieces_is_found_once(at: int) -> None:
    assert lines_of(b" " * at + KEY.encode() + b" " * 10) == [1]


def test_a_key_twice_in_a_line_counts_once_and_in_two_lines_twice() -> None:
    assert lines_of(f"{KEY} {KEY}\n{KEY}\n".encode()) == [1, 2]


def test_all_keys_of_a_stream_without_line_ends_are_found() -> None:
    keys = [a_key(number) for number in range(300)]
    found = list(hits(io.BytesIO((" " * 30_000).join(keys).encode()), "a.log", PLUGIN))
    assert [hit.shown for hit in found] == [f"{key[:8]}…" for key in keys]


def test_what_windows_writes_is_read() -> None:
    text = f"a=1\r\nRUNWAYML_API_SECRET={KEY}\r\n"
    assert lines_of(text.encode("utf-16")) == [2]
    assert lines_of(b"\xfe\xff" + text.encode("utf-16-be")) == [2]
    assert lines_of(text.encode("utf-8-sig")) == [2]


def test_a_binary_stream_is_searched_and_has_no_lines() -> None:
    assert lines_of(b"SQLite\0\n\n\0" + KEY.encode() + b"\0") == [None]


def test_a_line_or_the_one_before_says_that_a_key_may_be_there() -> None:
    assert lines_of(f"key = '{KEY}'  # pragma: allowlist secret\n".encode()) == []
    assert lines_of(f"// pragma: allowlist nextline secret\n'{KEY}'\n'{KEY}'".encode()) == [3]


def test_a_hit_holds_the_beginning_of_a_key_and_no_more() -> None:
    (hit,) = hits(io.BytesIO(KEY.encode()), "a", PLUGIN)
    assert isinstance(hit, Hit)
    assert hit.shown == f"{KEY[:8]}…"
    assert KEY[8:] not in repr(hit)
