"""What a client sends, read in the order in which it comes, within bounds."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from pytest_runway.transports.loopback.head import MOST_HEAD_BYTES, BadRequest
from pytest_runway.transports.loopback.patience import wait_to_receive

if TYPE_CHECKING:
    import socket

_PIECE = 256 * 1024
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?")
_MOST_LINE_BYTES = 4096


class Gone(Exception):
    """The client has closed its side, or says nothing any more."""


class Incoming:
    """One connection's bytes.

    Reads never wait longer than they are told to: ``idle_seconds`` for a request to begin,
    ``slow_seconds`` for its head to be complete and for each further piece of its body. These are
    real seconds: whoever is at the other end of a socket may be another process.
    """

    def __init__(self, sock: socket.socket, *, idle_seconds: float, slow_seconds: float) -> None:
        """Read from ``sock``."""
        self._sock = sock
        self._idle = idle_seconds
        self._slow = slow_seconds
        self._seconds = 0.0
        # Deleting from the front of a bytearray moves nothing, which tiny chunks depend on.
        self._buffer = bytearray()

    def wait(self) -> None:
        """Return once a request begins.

        Raises:
            Gone: where none does.
        """
        while True:
            # An empty line before a request is allowed (RFC 9112, 2.2).
            while self._buffer.startswith(b"\r\n"):
                del self._buffer[:2]
            if self._buffer:
                return
            piece = self._receive_within(self._idle)
            if not piece:
                raise Gone
            self._buffer += piece

    def head(self) -> bytes:
        """Return the head of the request that has begun, without the empty line that ends it.

        Raises:
            Gone: where the client leaves in the middle.
            BadRequest: 408 for a head that takes too long, 431 for one that is too large.
        """
        buffer = self._buffer
        deadline = 0.0
        while (end := buffer.find(b"\r\n\r\n", 0, MOST_HEAD_BYTES + 4)) < 0:
            if len(buffer) > MOST_HEAD_BYTES:
                raise BadRequest(431, f"the head is larger than {MOST_HEAD_BYTES} bytes")
            now = time.monotonic()
            deadline = deadline or now + self._slow
            buffer += self._receive(deadline - now, "the head of the request")
        head = bytes(buffer[:end])
        del buffer[: end + 4]
        return head

    def body(self, length: int | None, keep: int) -> bytes:
        """Return a body of ``length`` bytes, or a chunked one, but never more than ``keep`` bytes.

        What is longer is read to its end all the same, so that the client gets to its answer.

        Raises:
            Gone: where the client leaves in the middle.
            BadRequest: 400 for chunks that are malformed, 408 for a body that stalls.
        """
        body = bytearray()
        if length is None:
            self._take_chunks(body, keep)
        else:
            self._take(length, body, keep)
        return bytes(body)

    @property
    def is_empty(self) -> bool:
        """Whether nothing more was read than was asked for."""
        return not self._buffer

    def _receive(self, seconds: float, what: str) -> bytes:
        piece = self._receive_within(seconds) if seconds > 0 else None
        if piece == b"":
            raise Gone
        if piece is None:
            raise BadRequest(408, f"{what} took longer than {self._slow:g} s")
        return piece

    def _receive_within(self, seconds: float) -> bytes | None:
        """Return what comes next, ``b""`` for the end, None for nothing in that time."""
        if seconds != self._seconds:
            self._seconds = seconds
            wait_to_receive(self._sock, seconds)
        try:
            return self._sock.recv(_PIECE)
        except (BlockingIOError, TimeoutError):
            return None

    def _take(self, count: int, into: bytearray, keep: int) -> None:
        """Read ``count`` bytes and append what there is room for."""
        while count:
            if not self._buffer:
                self._buffer += self._receive(self._slow, "the body of the request")
            piece = self._buffer[:count]
            del self._buffer[: len(piece)]
            count -= len(piece)
            into += piece[: max(keep - len(into), 0)]

    def _take_chunks(self, into: bytearray, keep: int) -> None:
        while True:
            found = _CHUNK_SIZE.fullmatch(self._line())
            if found is None:
                raise BadRequest(400, "a chunk's size is malformed")
            size = int(found[1], 16)
            if not size:
                break
            self._take(size, into, keep)
            if self._line():
                raise BadRequest(400, "a chunk is longer than its size")
        trailers = 0
        while line := self._line():
            trailers += len(line)
            if trailers > _MOST_LINE_BYTES:
                raise BadRequest(431, "the trailers are too large")

    def _line(self) -> bytes:
        while (end := self._buffer.find(b"\r\n", 0, _MOST_LINE_BYTES)) < 0:
            if len(self._buffer) >= _MOST_LINE_BYTES:
                raise BadRequest(400, "a line of a chunked body is too long")
            self._buffer += self._receive(self._slow, "the body of the request")
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        if b"\n" in line or b"\r" in line:
            raise BadRequest(400, "a line of a chunked body is malformed")
        return line
