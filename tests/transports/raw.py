"""A client that sends bytes as they are."""

from __future__ import annotations

import contextlib
import http.client
import io
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.transports.loopback import LoopbackServer


@contextlib.contextmanager
def connected(server: LoopbackServer) -> Iterator[socket.socket]:
    with socket.create_connection(server.address, timeout=5) as sock:
        yield sock


def exchange(server: LoopbackServer, sent: bytes) -> list[tuple[int, bytes]]:
    """Send bytes, close the sending side, return the answers that came: status and body."""
    with connected(server) as sock:
        sock.sendall(sent)
        sock.shutdown(socket.SHUT_WR)
        return answers(sock)


def answers(sock: socket.socket) -> list[tuple[int, bytes]]:
    """Read answers until the server closes."""
    stream = io.BufferedReader(io.BytesIO(everything(sock)))
    found = []
    while stream.peek(1):
        response = _Response(stream)
        response.begin()
        found.append((response.status, response.read()))
    return found


def everything(sock: socket.socket) -> bytes:
    """Read until the server closes or resets the connection."""
    pieces = []
    with contextlib.suppress(ConnectionError):
        while piece := sock.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


class _Response(http.client.HTTPResponse):
    """An answer read from a stream that holds further ones."""

    def __init__(self, stream: object) -> None:
        class Unclosed:
            def makefile(self, _mode: str) -> object:
                return stream

        super().__init__(Unclosed(), method="GET")  # type: ignore[arg-type]  # a socket's one method

    def _close_conn(self) -> None:
        self.fp = None  # type: ignore[assignment]  # as the superclass does, and leaves it open
