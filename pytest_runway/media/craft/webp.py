"""WebP files: one colour, lossless, the same few bytes for any side up to 16,383 pixels."""

from __future__ import annotations

from struct import pack

from pytest_runway.media.craft.bits import Bits


def webp(width: int, height: int, colour: tuple[int, int, int] = (0, 0, 0)) -> bytes:
    """Return a WebP of one colour, of about forty bytes whatever its sides."""
    red, green, blue = colour
    bits = Bits().little(14, width - 1).little(14, height - 1).little(1, 0).little(3, 0)
    bits.little(1, 0).little(1, 0).little(1, 0)  # no transform, no colour cache, no meta codes
    for symbol in (green, red, blue, 255, 0):  # alpha and distance too: one symbol, no bits
        bits.little(1, 1).little(1, 0)
        if symbol:
            bits.little(1, 1).little(8, symbol)
        else:
            bits.little(1, 0).little(1, 0)
    body = b"\x2f" + bits.to_bytes(little=True)
    return _riff(_chunk(b"VP8L", body))


def padded_webp(data: bytes, size: int) -> bytes:
    """Return a WebP with an unknown chunk at its end, so that it is exactly ``size`` bytes."""
    room = size - len(data) - 8
    if room < 0 or room % 2:
        raise ValueError(f"cannot pad a WebP of {len(data)} bytes to {size}: chunks are even")
    return _riff(data[12:] + _chunk(b"PADD", bytes(room)))


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _riff(chunks: bytes) -> bytes:
    return b"RIFF" + pack("<I", len(chunks) + 4) + b"WEBP" + chunks
