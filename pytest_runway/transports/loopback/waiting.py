"""Connections that have a thread of their own: for TLS, breaks, tunnels, and slow readers."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import TYPE_CHECKING

from pytest_runway.errors import RunwayFakeError
from pytest_runway.transports import certificates
from pytest_runway.transports.loopback import breaks, tunnel
from pytest_runway.transports.loopback.connection import Broken, Connection, Refused
from pytest_runway.transports.loopback.head import BadRequest, Head
from pytest_runway.transports.loopback.outgoing import encode, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_runway.transports.loopback.connection import Ending

PIECE = 256 * 1024
TLS_HANDSHAKE = b"\x16"
_LINGER_SECONDS = 1.0
_LINGER_BYTES = 4 * 1024 * 1024


class Gone(Exception):
    """The client has closed its side, or says nothing any more."""


class Waiting:
    """A connection and its socket, served by whoever can wait for them. ``run`` does."""

    def __init__(self, sock: socket.socket, connection: Connection) -> None:
        """Take over a connection from whoever cannot wait."""
        self._sock = sock
        self._connection = connection
        self._site = connection.site

    def run(self, left: Iterable[bytes | Ending] = ()) -> None:
        """Do what is left to do, and serve the connection to its end. Nothing raises from here."""
        try:
            self._do(left)
            self._serve()
        except (OSError, Gone):
            pass  # the client has left, or speaks bad TLS: nobody to answer
        finally:
            self._connection.let_go()
            self.interrupt()
            self._sock.close()

    def interrupt(self) -> None:
        """End the connection from another thread: the one that serves it wakes and closes it."""
        # Only shut down here: TLS objects to being closed while it is read.
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def disown(self) -> None:
        """Close this process's copy of the socket and leave the connection as it is."""
        socket.socket.close(self._sock)

    def _serve(self) -> None:
        connection = self._connection
        if connection.is_new and not connection.is_over:
            self._secure_if_asked()
        while not connection.is_over:
            piece = self._receive(connection.deadline - time.monotonic())
            if piece is None:
                late = connection.too_late()
                if late is None:
                    raise Gone
                self._do([late])
            else:
                self._do(connection.steps(piece))

    def _secure_if_asked(self) -> None:
        """Shake hands where the client's first byte is that of TLS."""
        self._sock.settimeout(self._site.idle_seconds)
        if self._sock.recv(1, socket.MSG_PEEK) == TLS_HANDSHAKE:
            self._sock.settimeout(self._site.slow_seconds)
            try:
                context = certificates.server_context()
            except RunwayFakeError as error:
                self._site.note_problem(f"a client asked for https and got no answer: {error}")
                raise Gone from error
            self._sock = context.wrap_socket(self._sock, server_side=True)

    def _receive(self, seconds: float) -> bytes | None:
        """Return what comes next, None for nothing in that time."""
        if seconds <= 0:
            return None
        self._sock.settimeout(seconds)
        try:
            piece = self._sock.recv(PIECE)
        except TimeoutError:
            return None
        if not piece:
            raise Gone
        return piece

    def _do(self, steps: Iterable[bytes | Ending]) -> None:
        for step in steps:
            self._sock.settimeout(self._site.slow_seconds)
            if isinstance(step, bytes):
                self._sock.sendall(step)
            elif isinstance(step, Broken):
                breaks.realise(step.how, step.head, self._sock, self._site)
            elif isinstance(step, Refused):
                self._refuse(step.why)
            else:
                self._connect(step.head)

    def _connect(self, head: Head) -> None:
        try:
            if tunnel.is_runways(head):
                self._sock.sendall(tunnel.ESTABLISHED)
                self._connection = self._connection.inside()
                self._serve()
            elif self._site.is_proxy:
                tunnel.dig(head, self._sock)
            else:
                said = "this server is no proxy but for Runway's own hosts"
                self._refuse(BadRequest(405, said))
        except BadRequest as error:
            self._refuse(error)

    def _refuse(self, why: BadRequest) -> None:
        """Say what is wrong with a request, and let the client read it before the end."""
        unread = Head("GET", "/", 1, {}, keeps_alive=False)
        text, body = encode(refusal(why.status, why.reason), unread, closes=True)
        self._sock.sendall(text + body)
        # Closing with bytes unread would reset the connection, and the answer with it.
        socket.socket.shutdown(self._sock, socket.SHUT_WR)
        deadline, most = time.monotonic() + _LINGER_SECONDS, _LINGER_BYTES
        while most > 0 and (left := deadline - time.monotonic()) > 0:
            self._sock.settimeout(left)
            piece = self._sock.recv(65536)
            if not piece:
                return
            most -= len(piece)
