"""One connection: requests in, answers out, until either side has had enough."""

from __future__ import annotations

import contextlib
import socket
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_runway.errors import RunwayFakeError
from pytest_runway.transports import certificates
from pytest_runway.transports.hosts import API_HOST
from pytest_runway.transports.loopback import breaks, tunnel
from pytest_runway.transports.loopback.addressing import addressed, led_back
from pytest_runway.transports.loopback.head import BadRequest, Head, parse_head
from pytest_runway.transports.loopback.incoming import Gone, Incoming
from pytest_runway.transports.loopback.outgoing import CONTINUE, encode, is_framed, refusal
from pytest_runway.transports.loopback.patience import wait_to_receive, wait_to_send
from pytest_runway.transports.loopback.site import most_bytes
from pytest_runway.transports.ranges import ranged
from pytest_runway.wire import Break, Reply

if TYPE_CHECKING:
    from pytest_runway.transports.loopback.site import Site

_TLS_HANDSHAKE = b"\x16"
_LINGER_SECONDS = 1.0
_LINGER_BYTES = 4 * 1024 * 1024


class Connection:
    """A client's connection. ``run`` serves it."""

    def __init__(self, sock: socket.socket, site: Site) -> None:
        """Take over an accepted socket."""
        self._sock = sock
        self._site = site

    def run(self) -> None:
        """Serve the connection to its end. Nothing that a client does raises from here."""
        try:
            self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._secure_if_asked()
            self._serve()
        except (OSError, Gone):
            pass  # the client has left, or speaks bad TLS: nobody to answer
        finally:
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

    def _secure_if_asked(self) -> None:
        """Shake hands where the client's first byte is that of TLS."""
        wait_to_receive(self._sock, self._site.idle_seconds)
        wait_to_send(self._sock, self._site.slow_seconds)
        if self._sock.recv(1, socket.MSG_PEEK) == _TLS_HANDSHAKE:
            self._sock.settimeout(self._site.slow_seconds)
            try:
                context = certificates.server_context()
            except RunwayFakeError as error:
                self._site.note_problem(f"a client asked for https and got no answer: {error}")
                raise Gone from error
            self._sock = context.wrap_socket(self._sock, server_side=True)

    def _serve(self) -> None:
        incoming = Incoming(
            self._sock,
            idle_seconds=self._site.idle_seconds,
            slow_seconds=self._site.slow_seconds,
        )
        goes_on = True
        while goes_on:
            incoming.wait()
            try:
                goes_on = self._exchange(incoming)
            except BadRequest as error:
                self._refuse(error)
                return

    def _exchange(self, incoming: Incoming) -> bool:
        """Answer one request; return whether the connection can take another one."""
        answer: Reply | Break | None = None
        with self._site.hold():
            head = parse_head(incoming.head())
            if head.method != "CONNECT":
                answer = self._answer(head, incoming)
                if isinstance(answer, Reply):
                    return self._send(answer, head)
        if isinstance(answer, Break):
            breaks.realise(answer, head, self._sock, self._site)
        else:
            self._connect(head)
        return False

    def _answer(self, head: Head, incoming: Incoming) -> Reply | Break:
        request, is_own = addressed(head)
        if head.length != 0:
            if head.expects_continue and incoming.is_empty:
                self._sock.sendall(CONTINUE)
            body = incoming.body(head.length, most_bytes(request.host))
            request = replace(request, body=body)
        answer = self._site.answer(request, is_own=is_own)
        if not isinstance(answer, Reply):
            return answer
        if request.host != API_HOST:
            answer = ranged(request, answer)
        return led_back(answer, self._site.url) if is_own else answer

    def _connect(self, head: Head) -> None:
        if tunnel.is_runways(head):
            self._sock.sendall(tunnel.ESTABLISHED)
            self._secure_if_asked()
            self._serve()
        elif self._site.is_proxy:
            tunnel.dig(head, self._sock)
        else:
            raise BadRequest(405, "this server is no proxy but for Runway's own hosts")

    def _send(self, reply: Reply, head: Head) -> bool:
        closes = not head.keeps_alive or not is_framed(reply)
        text, body = encode(reply, head, closes=closes)
        self._sock.sendall(text + body)
        return not closes

    def _refuse(self, error: BadRequest) -> None:
        """Say what is wrong with a request, and let the client read it before the end."""
        unread = Head("GET", "/", 1, {}, 0)
        text, body = encode(refusal(error.status, error.reason), unread, closes=True)
        self._sock.sendall(text + body)
        # Closing with bytes unread would reset the connection, and the answer with it.
        socket.socket.shutdown(self._sock, socket.SHUT_WR)
        deadline, most = time.monotonic() + _LINGER_SECONDS, _LINGER_BYTES
        while most > 0 and (left := deadline - time.monotonic()) > 0:
            wait_to_receive(self._sock, left)
            piece = self._sock.recv(65536)
            if not piece:
                return
            most -= len(piece)
