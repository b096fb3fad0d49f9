"""A row of bits, as codecs write them."""

from __future__ import annotations

import re

_START_CODE = re.compile(rb"\0\0(?=[\0-\3])")


class Bits:
    """Bits in the order in which they were put; each method returns the row itself."""

    __slots__ = ("_bits",)

    def __init__(self) -> None:
        self._bits: list[str] = []

    def put(self, width: int, value: int) -> Bits:
        """Add ``value`` in ``width`` bits, the greatest first."""
        self._bits.append(f"{value:0{width}b}" if width else "")
        return self

    def little(self, width: int, value: int) -> Bits:
        """Add ``value`` in ``width`` bits, the least first."""
        self._bits.append(f"{value:0{width}b}"[::-1])
        return self

    def exp_golomb(self, *values: int) -> Bits:
        """Add unsigned Exp-Golomb codes, H.264's ``ue(v)``."""
        for value in values:
            code = f"{value + 1:b}"
            self._bits.append("0" * (len(code) - 1) + code)
        return self

    def repeat(self, pattern: str, times: int) -> Bits:
        """Add a pattern of ``0`` and ``1`` so many times."""
        self._bits.append(pattern * times)
        return self

    def to_bytes(self, *, little: bool = False) -> bytes:
        """Return the row, filled with zeros to whole bytes; ``little`` fills bytes from below."""
        row = "".join(self._bits)
        row += "0" * (-len(row) % 8)
        size = len(row) // 8
        if little:
            return int(row[::-1] or "0", 2).to_bytes(size, "little")
        return int(row or "0", 2).to_bytes(size, "big")


def escaped(payload: bytes) -> bytes:
    """Return a NAL unit's payload with a 3 wherever it would look like a start code."""
    return _START_CODE.sub(b"\0\0\3", payload)
