"""Bytes to read from, wherever they are: whole in memory, or still base64."""

from __future__ import annotations

import binascii
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


class Window:
    """A stretch of bytes that are there: a file in the middle of a form, not copied out of it."""

    __slots__ = ("_data", "_end", "_start")

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self._data = data
        self._start = start
        self._end = end

    @property
    def size(self) -> int:
        """Return the number of bytes."""
        return self._end - self._start

    def at(self, offset: int, count: int) -> bytes:
        """Return up to ``count`` bytes from ``offset``, fewer at the end."""
        start = self._start + offset
        return self._data[start : min(start + count, self._end)]


class Encoded:
    """Base64 that is decoded only where somebody looks.

    Decoding 4 MB takes 10 ms, the header of a picture in it 5 µs. From ``start`` on, ``text`` holds
    nothing but the alphabet, and padding at its end.
    """

    __slots__ = ("_size", "_start", "_text")

    def __init__(self, text: str, start: int = 0) -> None:
        self._text = text
        self._start = start
        self._size = (len(text) - start) // 4 * 3 - text[-2:].count("=")

    @property
    def size(self) -> int:
        """Return the number of bytes after decoding."""
        return self._size

    def at(self, offset: int, count: int) -> bytes:
        """Return up to ``count`` bytes from ``offset``, fewer at the end."""
        first, skip = divmod(offset, 3)
        last = -(-(offset + count) // 3)
        part = self._text[self._start + first * 4 : self._start + last * 4]
        return binascii.a2b_base64(part)[skip : skip + count]


class TooManyLooks(Exception):
    """A file sent its reader back and forth more often than any honest file does."""


class Bounded:
    """A source that may be looked into so many times, which bounds whatever walks it."""

    __slots__ = ("_left", "_source")

    def __init__(self, source: Source, looks: int) -> None:
        self._source = source
        self._left = looks

    @property
    def size(self) -> int:
        """Return the number of bytes."""
        return self._source.size

    def at(self, offset: int, count: int) -> bytes:
        """Return up to ``count`` bytes from ``offset``, fewer at the end.

        Raises:
            TooManyLooks: when the last look was the last.
        """
        self._left -= 1
        if self._left < 0:
            raise TooManyLooks
        return self._source.at(offset, count)
