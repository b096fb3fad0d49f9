"""JPEG files: mid-grey, of any side, two bits to a block of 64 pixels."""

from __future__ import annotations

from functools import lru_cache
from struct import pack

_COMMENT_MIN = 4  # the marker and the length
_COMMENT_MAX = 65_537  # the two bytes of the length count themselves


def jpeg(width: int, height: int, *, orientation: int = 1) -> bytes:
    """Return a grey JPEG. ``orientation`` is EXIF's: from 5 on, it is shown lying on its side."""
    blocks = -(-width // 8) * -(-height // 8)
    # One Huffman code each, one zero bit long: "no difference", "end of block".
    scan, spare = divmod(2 * blocks, 8)
    bits = bytes(scan) + (bytes([0xFF >> spare]) if spare else b"")
    parts = [b"\xff\xd8", _segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")]
    if orientation != 1:
        parts.append(_segment(0xE1, _exif(orientation)))
    parts += [
        _segment(0xDB, b"\0" + b"\1" * 64),
        _segment(0xC0, pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0)),
        _segment(0xC4, b"\x00" + b"\1" + bytes(15) + b"\0"),
        _segment(0xC4, b"\x10" + b"\1" + bytes(15) + b"\0"),
        _segment(0xDA, b"\1\1\0\0\x3f\0"),
        bits,
        b"\xff\xd9",
    ]
    return b"".join(parts)


def coloured_jpeg(width: int, height: int, levels: tuple[int, int, int]) -> bytes:
    """Return a JPEG of one colour; ``levels`` are Y, Cb and Cr, from 16 to 31 or from -31 to -16.

    A level counts two steps from mid-grey. The first block says them, all others "as before".
    """
    blocks = 3 * -(-width // 8) * -(-height // 8)
    first = [int(f"10{level if level > 0 else level + 31:05b}0", 2) for level in levels]
    rest, spare = divmod(2 * (blocks - 3), 8)
    bits = bytes(first) + bytes(rest) + (bytes([0xFF >> spare]) if spare else b"")
    return b"".join(
        (
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
            _segment(0xDB, b"\0\x10" + b"\1" * 63),
            _segment(0xC0, pack(">BHHB", 8, height, width, 3) + b"\1\x11\0\2\x11\0\3\x11\0"),
            _segment(0xC4, b"\x00\1\1" + bytes(14) + b"\0\5"),
            _segment(0xC4, b"\x10\1" + bytes(15) + b"\0"),
            _segment(0xDA, b"\3\1\0\2\0\3\0\0\x3f\0"),
            bits,
            b"\xff\xd9",
        )
    )


def padded_jpeg(data: bytes, size: int) -> bytes:
    """Return a JPEG with comments after its first marker, so that it is exactly ``size`` bytes."""
    room = size - len(data)
    if room < 0 or 0 < room < _COMMENT_MIN:
        raise ValueError(f"cannot pad a JPEG of {len(data)} bytes to {size}: a comment takes 4")
    comments = []
    while room:
        take = min(room, _COMMENT_MAX)
        if 0 < room - take < _COMMENT_MIN:  # leave enough for one more
            take -= _COMMENT_MIN
        comments.append(_comment(take))
        room -= take
    return b"".join((data[:2], *comments, data[2:]))


@lru_cache(maxsize=4)
def _comment(size: int) -> bytes:
    return _segment(0xFE, bytes(size - _COMMENT_MIN))


def _segment(marker: int, data: bytes) -> bytes:
    return pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _exif(orientation: int) -> bytes:
    entry = pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"Exif\0\0MM\0\x2a" + pack(">IH", 8, 1) + entry + bytes(4)
