"""CONNECT: a client that was told to use this server as its proxy asks for a host by name.

Runway's hosts are served here, over TLS of our own; every other host is reached as it would be
without a proxy, unread.
"""

from __future__ import annotations

import selectors
import socket
from typing import TYPE_CHECKING

from pytest_runway.transports.hosts import HOSTS
from pytest_runway.transports.loopback.addressing import host_of
from pytest_runway.transports.loopback.head import BadRequest

if TYPE_CHECKING:
    from pytest_runway.transports.loopback.head import Head

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_CONNECT_SECONDS = 30.0
_PIECE = 64 * 1024


def is_runways(head: Head) -> bool:
    """Whether a CONNECT asks for one of Runway's hosts."""
    return host_of(head.target) in HOSTS


def dig(head: Head, sock: socket.socket) -> None:
    """Connect to the host that was asked for, and carry bytes both ways until one side ends.

    Raises:
        BadRequest: 400 for a target without a port, 502 for a host that cannot be reached.
    """
    name, _, port = head.target.rpartition(":")
    if not name or not port.isdecimal():
        raise BadRequest(400, "CONNECT takes a host and a port")
    try:
        other = socket.create_connection((name.strip("[]"), int(port)), _CONNECT_SECONDS)
    except OSError as error:
        raise BadRequest(502, f"{head.target} cannot be reached: {error}") from error
    with other, selectors.DefaultSelector() as selector:
        sock.sendall(ESTABLISHED)
        ways = ((sock, other), (other, sock))
        for way in ways:
            way[0].settimeout(None)
            selector.register(way[0], selectors.EVENT_READ, way)
        while selector.get_map():
            for key, _ in selector.select():
                from_, to = key.data
                piece = from_.recv(_PIECE)
                if piece:
                    to.sendall(piece)
                else:
                    selector.unregister(from_)
                    to.shutdown(socket.SHUT_WR)
