"""Bytes to read from, wherever they are: whole in memory, or still base64."""

from __future__ import annotations

import binascii
import os
from typing import Protocol


class Source(Protocol):
    """Something of a known size that gives any stretch of itself."""

    @property
    def size(self) -> int:
        """Return the number of bytes."""

    def at(self, offset: int, count: int) -> bytes:
        """Return up to ``count`` bytes from ``offset``, fewer at the end."""


class Whole:
    """Bytes that are there."""

    __slots__ = ("_data",)

    def __init__(self, data: bytes) -> None:
        self._data = data

    @property
    def size(self) -> int:
        """Return the number of bytes."""
        return len(self._data)

    def at(self, offset: int, count: int) -> bytes:
        """Return up to ``count`` bytes from ``offset``, fewer at the end."""
        return self._data[offset : offset + count]

    def find(self, needle: bytes, offset: int) -> bool:
        """Return whether ``needle`` stands at ``offset`` or after it."""
        return self._data.find(needle, offset) >= 0


class Encoded:
    """Base64 that is decoded only where somebody looks.

    Decoding 4 MB takes 10 ms, the header of a picture in it 5 µs. ``text`` holds nothing but the
    alphabet, and padding at its end.
    """

    __slots__ = ("_size", "_text")

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._size = len(text) // 4 * 3 - text[-2:].count(b"=")

    @property
    def size(self) -> int:
        """Return the number of bytes after decoding."""
        return self._size

    def at(self, offset: int, count: int) -> bytes:
        """Return up to ``count`` bytes from ``offset``, fewer at the end."""
        first, skip = divmod(offset, 3)
        last = -(-(offset + count) // 3)
        return binascii.a2b_base64(self._text[first * 4 : last * 4])[skip : skip + count]


class Reader:
    """A source as the file that MediaInfo reads, with an end to its patience.

    After ``budget`` bytes the file seems to end: a header that sends the reader back and forth
    costs so much and no more.
    """

    __slots__ = ("_budget", "_position", "_source", "exhausted")

    def __init__(self, source: Source, *, budget: int) -> None:
        self._source = source
        self._budget = budget
        self._position = 0
        self.exhausted = False

    def read(self, count: int) -> bytes:
        """Return the next bytes, none at the end or when the budget is spent."""
        if self._budget <= 0:
            self.exhausted = True
            return b""
        data = self._source.at(self._position, count)
        self._position += len(data)
        self._budget -= len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to ``offset``, from the end where ``whence`` says so."""
        self._position = offset + (self._source.size if whence == os.SEEK_END else 0)
        return self._position

    def tell(self) -> int:
        """Return where the next byte comes from."""
        return self._position
