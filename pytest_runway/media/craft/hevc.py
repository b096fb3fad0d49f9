"""HEVC: one even picture of any size, in 10 bits (4:2:0) or 12 (4:4:4), with its colours named.

Blocks of 32 x 32 that all say "as my neighbours"; the first may add a shade.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from struct import pack

from pytest_runway.media.craft.bits import Bits, escaped
from pytest_runway.media.craft.cabac import Coder, Context

_BLOCK = 32
_QUALITY = 44  # coarse, so that one step of the level shows
_LEVELS = ((8_912_896, 153), (35_651_584, 186))  # 5.1 and 6.2, by the pixels that they allow
_MAIN_10, _RANGE_EXTENSIONS = 2, 4
_MOST_SHADE = 6


@dataclass(frozen=True, slots=True)
class Picture:
    """A coded picture, one NAL unit, and what a container says of it (``hvcC``)."""

    unit: bytes
    config: bytes


@lru_cache(maxsize=8)
def picture(
    width: int, height: int, *, is_deep: bool, colour: tuple[int, int, int], shade: int = 0
) -> Picture:
    """Return a key picture of one grey; ``width`` and ``height`` are even.

    ``is_deep``: 12 bits and full chroma, else 10 bits. ``colour`` is primaries, transfer and
    matrix by their numbers. ``shade`` from -6 to 6 darkens or lightens.
    """
    across, down = -(-width // _BLOCK), -(-height // _BLOCK)
    profile = _profile(across * down * _BLOCK**2, is_deep=is_deep)
    sets = (
        (32, _video_set(profile)),
        (33, _sequence_set(profile, width, height, is_deep=is_deep, colour=colour)),
        (34, _picture_set()),
    )
    bits = Bits().put(2, 0b10).exp_golomb(0, 2).exp_golomb(2 * (_QUALITY - 26) - 1).put(1, 1)
    unit = _unit(19, bits.to_bytes() + _blocks(across * down, shade))
    depth = 4 if is_deep else 2
    config = b"".join(
        (
            b"\1" + profile,
            pack(">HBB", 0xF000, 0xFC, 0xFC | (3 if is_deep else 1)),
            pack(">BBHBB", 0xF8 | depth, 0xF8 | depth, 0, 0x0F, len(sets)),
            *(pack(">BHH", 0x80 | kind, 1, len(one)) + one for kind, one in sets),
        )
    )
    return Picture(unit, config)


def _profile(pixels: int, *, is_deep: bool) -> bytes:
    """Return profile, tier and level, as the sets and ``hvcC`` hold them."""
    kind = _RANGE_EXTENSIONS if is_deep else _MAIN_10
    bits = Bits().put(8, kind).put(32, 1 << 31 - kind)
    bits.put(4, 0b1001)  # progressive, nothing but frames
    bits.put(9, 0b100000001 if is_deep else 0).put(35, 0)  # up to 12 bits, of any chroma
    level = next((level for most, level in _LEVELS if pixels <= most), _LEVELS[-1][1])
    return bits.put(8, level).to_bytes()


def _put_all(bits: Bits, data: bytes) -> Bits:
    return bits.put(8 * len(data), int.from_bytes(data, "big"))


def _video_set(profile: bytes) -> bytes:
    bits = Bits().put(4, 0).put(2, 0b11).put(6, 0).put(3, 0).put(1, 1).put(16, 0xFFFF)
    _put_all(bits, profile).put(1, 1).exp_golomb(0, 0, 0)
    bits.put(6, 0).exp_golomb(0).put(2, 0)
    return _unit(32, bits.put(1, 1).to_bytes())


def _sequence_set(
    profile: bytes, width: int, height: int, *, is_deep: bool, colour: tuple[int, int, int]
) -> bytes:
    bits = _put_all(Bits().put(4, 0).put(3, 0).put(1, 1), profile).exp_golomb(0)
    if is_deep:
        bits.exp_golomb(3).put(1, 0)
    else:
        bits.exp_golomb(1)
    wide, high = (-(-side // _BLOCK) * _BLOCK for side in (width, height))
    step, depth = (1, 4) if is_deep else (2, 2)
    bits.exp_golomb(wide, high).put(1, 1)
    bits.exp_golomb(0, (wide - width) // step, 0, (high - height) // step)
    bits.exp_golomb(depth, depth, 0).put(1, 1).exp_golomb(0, 0, 0)
    bits.exp_golomb(2, 0, 0, 3, 0, 0)  # blocks of 32, transformed whole
    bits.put(4, 0).exp_golomb(0).put(3, 0)
    bits.put(1, 1).put(2, 0)  # what the colours mean
    bits.put(1, 1).put(3, 5).put(2, 0b01)
    for number in colour:
        bits.put(8, number)
    bits.put(8, 0)
    return _unit(33, bits.put(1, 0).put(1, 1).to_bytes())


def _picture_set() -> bytes:
    bits = Bits().exp_golomb(0, 0).put(7, 0).exp_golomb(0, 0, 0).put(3, 0).exp_golomb(0, 0)
    bits.put(7, 0)
    bits.put(3, 0b101)  # no filter between blocks
    return _unit(34, bits.put(2, 0).exp_golomb(0).put(2, 0).put(1, 1).to_bytes())


def _blocks(count: int, shade: int) -> bytes:
    """Return the blocks of a picture, coded."""
    coder = Coder()
    whole, luma_mode, chroma_mode, chroma, luma = (
        Context(start, _QUALITY) for start in (184, 184, 63, 94, 141)
    )
    for number in range(count):
        is_shaded = bool(shade) and number == 0
        coder.code(whole, 1)
        coder.code(luma_mode, 1)
        coder.bypass(0)
        coder.code(chroma_mode, 0)
        coder.code(chroma, 0)  # neither blue
        coder.code(chroma, 0)  # nor red
        coder.code(luma, int(is_shaded))
        if is_shaded:
            _shade(coder, shade)
        coder.end(is_last=number == count - 1)
    return coder.to_bytes()


def _shade(coder: Coder, shade: int) -> None:
    """Code one coefficient, the mean."""
    across, down, above_1, above_2 = (Context(start, _QUALITY) for start in (111, 111, 92, 138))
    level = min(abs(shade), _MOST_SHADE)
    coder.code(across, 0)
    coder.code(down, 0)
    coder.code(above_1, int(level > 1))
    if level > 1:
        coder.code(above_2, int(level > 2))
    coder.bypass(int(shade < 0))
    if level > 2:
        coder.bypass(*(1,) * (level - 3), 0)


def _unit(kind: int, payload: bytes) -> bytes:
    return bytes([kind << 1, 1]) + escaped(payload)
