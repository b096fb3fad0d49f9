"""Files that are made to keep their reader busy."""

from __future__ import annotations

import time

import pytest

from pytest_runway.media.reading import read


def _box(name: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + name + body


TINY_BOXES = _box(b"ftyp", b"isom") + _box(b"moov", _box(b"trak", _box(b"free", b"") * 100) * 4000)
MALICIOUS = {
    "400,000 empty boxes": TINY_BOXES,
    "400,000 empty elements": b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xff" + b"\xec\x80" * 400_000,
    "400,000 empty chunks": b"RIFF\0\0\0\0AVI " + b"JUNK\0\0\0\0" * 400_000,
    "400,000 empty segments": b"\xff\xd8" + b"\xff\xfe\0\2" * 400_000,
    "400,000 chunks of a WebP": b"RIFF\0\0\0\0WEBP" + b"XXXX\0\0\0\0" * 400_000,
    "400,000 bytes of filling": b"\xff\xd8" + b"\xff" * 400_000,
    "a million ADTS frames": b"\xff\xf1\x60\x40\x00\xff\xfc" * 1_000_000,
}


@pytest.mark.parametrize("name", MALICIOUS)
def test_a_file_made_to_keep_its_reader_busy_does_not(name: str) -> None:
    start = time.thread_time()
    read(MALICIOUS[name])
    assert time.thread_time() - start < 0.2
