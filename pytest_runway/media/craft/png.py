"""PNG files: black, of any side, from one deflate block that is written again and again."""

from __future__ import annotations

import zlib
from functools import lru_cache
from struct import pack

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RUN = 1 << 20
_ADLER = 65_521


def png(width: int, height: int, *, bit_depth: int = 8, alpha: bool = False) -> bytes:
    """Return a black PNG: grey, or grey and see-through where ``alpha`` is true.

    A picture of 20,000 x 20,000 takes about a millisecond and 400 kB.
    """
    channels = 2 if alpha else 1
    row = 1 + (width * channels * bit_depth + 7) // 8
    header = pack(">IIBBBBB", width, height, bit_depth, 4 if alpha else 0, 0, 0, 0)
    return b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", _zeros(row * height)),
            _chunk(b"IEND", b""),
        )
    )


def coloured_png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """Return an RGB picture of one colour: each row but the first says "as the row above"."""
    return _coloured(width, height, bytes(colour), depth=8)


def hdr_png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """Return the same in 16 bits, and that its colours are BT.2020 with PQ (``cICP``)."""
    meant = _chunk(b"cICP", bytes([9, 16, 0, 1]))
    return _coloured(width, height, pack(">3H", *colour), meant, depth=16)


def _coloured(width: int, height: int, pixel: bytes, *meant: bytes, depth: int) -> bytes:
    row = 1 + len(pixel) * width
    first = b"\1" + pixel + bytes(row - 1 - len(pixel))  # "as the pixel to the left"
    rows, rest = divmod(height - 1, _rows_in_a_run(row))
    tail = zlib.compressobj(9, zlib.DEFLATED, -15)
    pixels = b"".join(
        (
            b"\x78\xda",
            _flushed(first),
            _run_of_rows(row) * rows,
            tail.compress((b"\2" + bytes(row - 1)) * rest),
            tail.flush(),
            pack(">I", _checksum(first, row, height)),
        )
    )
    header = _chunk(b"IHDR", pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0))
    return b"".join((_SIGNATURE, header, *meant, _chunk(b"IDAT", pixels), _chunk(b"IEND", b"")))


def padded_png(data: bytes, size: int) -> bytes:
    """Return a PNG with a private chunk before its end, so that it is exactly ``size`` bytes."""
    room = size - len(data) - 12
    if room < 0:
        raise ValueError(f"cannot pad a PNG of {len(data)} bytes to {size}: a chunk takes 12")
    return data[:-12] + _chunk(b"paDd", bytes(room)) + data[-12:]


def _chunk(name: bytes, data: bytes) -> bytes:
    return b"".join(
        (pack(">I", len(data)), name, data, pack(">I", zlib.crc32(data, zlib.crc32(name))))
    )


def _zeros(count: int) -> bytes:
    """Return a zlib stream of ``count`` zero bytes.

    A full flush ends each run on a byte and forgets what came before: equal runs are equal bytes.
    """
    runs, rest = divmod(count, _RUN)
    tail = zlib.compressobj(9, zlib.DEFLATED, -15)
    checksum = (count % _ADLER) << 16 | 1  # Adler-32 of zeros: a stays 1, b counts
    return b"".join(
        (b"\x78\xda", _run() * runs, tail.compress(bytes(rest)), tail.flush(), pack(">I", checksum))
    )


@lru_cache(maxsize=1)
def _run() -> bytes:
    return _flushed(bytes(_RUN))


def _rows_in_a_run(row: int) -> int:
    return max(1, _RUN // 4 // row)


@lru_cache(maxsize=16)
def _run_of_rows(row: int) -> bytes:
    return _flushed((b"\2" + bytes(row - 1)) * _rows_in_a_run(row))


def _flushed(data: bytes) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return squeeze.compress(data) + squeeze.flush(zlib.Z_FULL_FLUSH)


def _checksum(first: bytes, row: int, height: int) -> int:
    """Return the Adler-32 of a first row and of rows that hold a 2 and zeros, without them.

    Its lower half sums the bytes, its upper half sums each byte as often as bytes follow it.
    """
    total = row * height
    low = 1 + sum(first) + 2 * (height - 1)
    high = total + sum((total - at) * byte for at, byte in enumerate(first[:7]))
    high += 2 * sum(range(row, total, row))
    return high % _ADLER << 16 | low % _ADLER
