"""ProRes: one even frame of any size. A codec of slices that name each block's mean, no more.

Written after SMPTE RDD 36: no quantisation matrix, every slice with the same bytes as every other
of its width, no coefficient but the first.
"""

from __future__ import annotations

from functools import lru_cache
from struct import pack

from pytest_runway.media.craft.bits import Bits

PROFILES = {
    "422 Proxy": b"apco",
    "422 LT": b"apcs",
    "422": b"apcn",
    "422 HQ": b"apch",
    "4444": b"ap4h",
    "4444 XQ": b"ap4x",
}
"""The name that a container has for each profile."""

_FIRST_DC = 0xB8
_NEXT_DC = (0x04, 0x28, 0x4D, 0x70)
_LOG2_SLICE = 3  # eight macroblocks, the widest that there is
_STEP = 32


@lru_cache(maxsize=8)
def frame(
    width: int, height: int, profile: str, *, shade: int = 0, colour: tuple[int, int, int]
) -> bytes:
    """Return a frame of one grey. ``colour`` is primaries, transfer and matrix by their numbers.

    ``shade`` from -32 to 32 darkens or lightens.
    """
    full = profile.startswith("4444")
    across, down = -(-width // 16), -(-height // 16)
    row = [_slice(count, shade, full=full) for count in _widths(across)]
    sizes = b"".join(pack(">H", len(each)) for each in row) * down
    slices = b"".join(row) * down
    picture = pack(">BIHB", 8 << 3, 8 + len(sizes) + len(slices), len(row) * down, _LOG2_SLICE << 4)
    head = pack(
        ">HH4sHH8B",
        *(20, int(full), b"fake", width, height),
        *((3 if full else 2) << 6, 0, *colour, 0, 0, 0),
    )
    body = b"".join((b"icpf", head, picture, sizes, slices))
    return pack(">I", 4 + len(body)) + body


def _widths(across: int) -> list[int]:
    """Return how many macroblocks each slice of a row has: eights, then what is left, halving."""
    found, size = [], 1 << _LOG2_SLICE
    while across:
        while across < size:
            size //= 2
        found.append(size)
        across -= size
    return found


def _slice(count: int, shade: int, *, full: bool) -> bytes:
    luma = _plane(4 * count, shade * _STEP)
    chroma = _plane((4 if full else 2) * count, 0)
    return pack(">BBHH", 6 << 3, 1, len(luma), len(chroma)) + luma + chroma * 2


def _plane(blocks: int, level: int) -> bytes:
    """Return the means of so many blocks, which are all the same."""
    bits = Bits()
    _put(bits, _FIRST_DC, _unsigned(level))
    book = _NEXT_DC[3]
    for _ in range(blocks - 1):
        _put(bits, book, 0)
        book = _NEXT_DC[0]
    return bits.to_bytes()


def _unsigned(value: int) -> int:
    return -2 * value - 1 if value < 0 else 2 * value


def _put(bits: Bits, book: int, value: int) -> None:
    """Add a value: Rice up to a switch, exponential Golomb above; the book says which of either."""
    switch, rice, golomb = (book & 3) + 1, book >> 5, book >> 2 & 7
    above = value - (switch << rice)
    if above < 0:
        bits.put(value >> rice, 0).put(1, 1).put(rice, value & (1 << rice) - 1)
        return
    above += 1 << golomb
    length = above.bit_length()
    bits.put(length - 1 - golomb + switch, 0).put(length, above)
