"""Breaks on a real socket: what happens to the connection instead of an answer."""

from __future__ import annotations

import select
import socket
import struct
from typing import TYPE_CHECKING

from pytest_runway.transports.drip import DRIP_SECONDS, drops
from pytest_runway.transports.loopback.outgoing import encode
from pytest_runway.transports.loopback.stalls import Stall

if TYPE_CHECKING:
    from pytest_runway.transports.loopback.head import Head
    from pytest_runway.transports.loopback.site import Site
    from pytest_runway.wire import Break, Reply

_READING_SECONDS = 0.01
_NO_LINGER = struct.pack("ii", 1, 0)


def realise(broken: Break, head: Head, sock: socket.socket, site: Site) -> None:
    """Do to the connection what a break says. It is of no use afterwards.

    A ``refuse`` cannot be the kernel's own: whose turn it is to be refused is known once the
    request is read, so the connection is reset then, before anything takes effect.
    """
    reply = broken.reply
    if broken.kind == "hang":
        clock = site.clock()
        with Stall(sock.getpeername(), site.note_problem):
            with site.taking_part():
                # Nothing is read by this. It tells a virtual clock, which looks at the sockets of
                # those who take part, that no answer is on its way.
                socket.socket.recv(sock, 0)
            try:
                _wait_for_the_client_to_leave(sock)
            finally:
                if clock is not None and broken.gone is not None:
                    broken.gone(clock.now)
    elif broken.kind in ("refuse", "reset") or reply is None:
        _reset(sock)
    elif broken.kind == "cut":
        text, body = encode(reply, head, closes=False)
        sock.sendall(text + body[: len(body) // 2])
    else:
        _drip(reply, head, sock, site)


def _drip(reply: Reply, head: Head, sock: socket.socket, site: Site) -> None:
    text, body = encode(reply, head, closes=False)
    # Taking part first: a client that waits for the silence to end, and nobody else in its time,
    # would be at its timeout at once.
    with site.taking_part(), Stall(sock.getpeername(), site.note_problem) as stall:
        sock.sendall(text)
        stall.broke()
        for drop in drops(body):
            site.sleep(DRIP_SECONDS)
            sock.sendall(drop)
            stall.broke()
            # While this thread takes part, virtual time stands still: the client, woken by the
            # kernel and by nobody else, gets to its read before the next second passes.
            select.select([], [], [], _READING_SECONDS)


def _reset(sock: socket.socket) -> None:
    # Closed with a linger of zero, the kernel sends RST where it would send FIN.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    sock.close()


def _wait_for_the_client_to_leave(sock: socket.socket) -> None:
    sock.settimeout(None)
    while sock.recv(65536):
        pass
