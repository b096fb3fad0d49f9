"""OpenEXR: a picture of one colour in half floats, its lines in zlib blocks of sixteen."""

from __future__ import annotations

import zlib
from functools import lru_cache
from struct import pack
from typing import Literal

Space = Literal["bt2020", "acescg"]

_LINES = 16
_ZIP = 3
# The ends of each colour space: red, green, blue, white; x and y of each.
_CORNERS = {
    "bt2020": (0.708, 0.292, 0.170, 0.797, 0.131, 0.046, 0.3127, 0.3290),
    "acescg": (0.713, 0.293, 0.165, 0.830, 0.128, 0.044, 0.32168, 0.33767),
}


@lru_cache(maxsize=8)
def exr(width: int, height: int, colour: tuple[float, float, float], *, space: Space) -> bytes:
    """Return a picture of one linear ``colour``: red, green and blue, 1.0 a diffuse white."""
    window = pack("<4i", 0, 0, width - 1, height - 1)
    channels = b"".join(name + b"\0" + pack("<iB3xii", 1, 0, 1, 1) for name in (b"B", b"G", b"R"))
    head = b"".join(
        (
            pack("<II", 20_000_630, 2),
            _attribute(b"channels", b"chlist", channels + b"\0"),
            _attribute(b"chromaticities", b"chromaticities", pack("<8f", *_CORNERS[space])),
            _attribute(b"compression", b"compression", bytes([_ZIP])),
            _attribute(b"dataWindow", b"box2i", window),
            _attribute(b"displayWindow", b"box2i", window),
            _attribute(b"lineOrder", b"lineOrder", b"\0"),
            _attribute(b"pixelAspectRatio", b"float", pack("<f", 1)),
            _attribute(b"screenWindowCenter", b"v2f", pack("<2f", 0, 0)),
            _attribute(b"screenWindowWidth", b"float", pack("<f", 1)),
            b"\0",
        )
    )
    red, green, blue = colour
    line = b"".join(pack("<e", level) * width for level in (blue, green, red))
    starts = range(0, height, _LINES)
    block = _block(line * min(_LINES, height))
    last = _block(line * (height - starts[-1]))
    blocks = [pack("<ii", y, len(block)) + block for y in starts[:-1]]
    blocks.append(pack("<ii", starts[-1], len(last)) + last)
    position, offsets = len(head) + 8 * len(blocks), []
    for each in blocks:
        offsets.append(pack("<Q", position))
        position += len(each)
    return b"".join((head, *offsets, *blocks))


def _attribute(name: bytes, kind: bytes, value: bytes) -> bytes:
    return b"".join((name, b"\0", kind, b"\0", pack("<i", len(value)), value))


def _block(raw: bytes) -> bytes:
    """Return lines squeezed: low bytes, high bytes, each as its distance to the one before."""
    parted = raw[::2] + raw[1::2]
    told = bytes([parted[0]]) + bytes(
        (one - other + 128) & 255 for one, other in zip(parted[1:], parted, strict=False)
    )
    squeezed = zlib.compress(told)
    return squeezed if len(squeezed) < len(raw) else raw
