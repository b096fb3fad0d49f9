"""H.264: one grey picture of any size, and then "the same again", eight bytes a frame.

Constrained Baseline. Every macroblock says "as my neighbours"; the first may add a shade. Any
decoder plays it, and a minute of 4K takes 44 kB.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pytest_runway.media.craft.bits import Bits, escaped

_SAME = "00100" + "1" + "1" + "1"  # Intra 16x16, DC prediction; chroma DC; no QP change; no rest
_SHADED = "00100" + "1" + "1" + "000101"  # the same with one luma coefficient, its level to follow


@dataclass(frozen=True, slots=True)
class Stream:
    """Coded pictures, each of them one NAL unit, and the two sets that a decoder needs first."""

    sequence_set: bytes
    picture_set: bytes
    pictures: tuple[bytes, ...]


@lru_cache(maxsize=16)
def still(width: int, height: int, frames: int, *, shade: int = 0) -> Stream:
    """Return so many pictures of one even grey.

    ``width`` and ``height`` are even. ``shade`` from -8 to 8 darkens or lightens in steps of
    about four levels; -1 and 1 count as 0.
    """
    again = [_repeated(width, height, number) for number in range(min(16, frames))]
    pictures = (_key(width, height, shade), *(again[n % 16] for n in range(1, frames)))
    return Stream(_sequence_set(width, height), _picture_set(), pictures)


def _blocks(side: int) -> int:
    return -(-side // 16)


def _sequence_set(width: int, height: int) -> bytes:
    across, down = _blocks(width), _blocks(height)
    bits = Bits().put(8, 66).put(8, 0xC0).put(8, 52)  # profile, constraints, level 5.2
    bits.exp_golomb(0, 0, 2, 1).put(1, 0)  # ids, frame numbers of 4 bits, order as decoded
    bits.exp_golomb(across - 1, down - 1).put(1, 1).put(1, 1)
    right, bottom = (across * 16 - width) // 2, (down * 16 - height) // 2
    if right or bottom:
        bits.put(1, 1).exp_golomb(0, right, 0, bottom)
    else:
        bits.put(1, 0)
    return _unit(0x67, bits.put(1, 0))


def _picture_set() -> bytes:
    bits = Bits().exp_golomb(0, 0).put(2, 0).exp_golomb(0, 0, 0).put(3, 0)
    return _unit(0x68, bits.exp_golomb(0, 0, 0).put(3, 0b100))


def _key(width: int, height: int, shade: int) -> bytes:
    bits = Bits().exp_golomb(0, 7, 0).put(4, 0).exp_golomb(0).put(2, 0)
    bits.exp_golomb(29).exp_golomb(1)  # QP 26 + 15, so that one step of the level shows; no filter
    blocks = _blocks(width) * _blocks(height)
    if abs(shade) > 1:
        prefix = 2 * shade - 4 if shade > 0 else -2 * shade - 3
        bits.repeat(_SHADED + "0" * prefix + "1" + "1", 1)
        blocks -= 1
    return _unit(0x65, bits.repeat(_SAME, blocks))


def _repeated(width: int, height: int, number: int) -> bytes:
    bits = Bits().exp_golomb(0, 5, 0).put(4, number).put(3, 0).exp_golomb(0, 1)
    return _unit(0x41, bits.exp_golomb(_blocks(width) * _blocks(height)))


def _unit(head: int, bits: Bits) -> bytes:
    """Return a NAL unit, its payload ended by a stop bit."""
    return bytes([head]) + escaped(bits.put(1, 1).to_bytes())
