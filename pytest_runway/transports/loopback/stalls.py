"""Connections that are silent on purpose, as a blocking client in this process meets them.

A client that waits in ``recv`` waits in C, by the real clock, and for virtual time it works: a
hang of 60 s would last 60 s. So a blocking read from one of these servers waits here first, until
there is something to read. Once the server has said that it will be silent, the rest of the wait
is one on an event, which costs nothing in virtual time; in real time nothing changes.
"""

from __future__ import annotations

import select
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any

from pytest_runway.transports.methods import Methods

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

_LOOK_MS = 5
_FOREVER_SECONDS = 10 * 365 * 86_400.0

# Keyed by the client's own address.
_stalls: dict[Any, Stall] = {}
_servers: set[Any] = set()
_reads = Methods(socket.socket)
_secured_reads = Methods(ssl.SSLSocket)


class Stall:
    """One connection's silence: it may be broken now and then, by the bytes of a drip."""

    def __init__(self, client: Any, complain: Callable[[str], None]) -> None:
        """Be silent to ``client``; ``complain`` hears of one that would wait for ever."""
        self._client = client
        self.complain = complain
        self._waiting: threading.Event | None = None

    def __enter__(self) -> Self:
        _stalls[self._client] = self
        return self

    def __exit__(self, *_: object) -> None:
        _stalls.pop(self._client, None)
        self.broke()

    def broke(self) -> None:
        """Let the client look: something has come."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.set()

    def outlast(self, sock: socket.socket, seconds: float | None) -> bool:
        """Wait in the client's time until the silence is broken; return whether it was in time."""
        # Made in the client's thread, so that waiting for it is waiting in the client's time.
        self._waiting = event = threading.Event()
        if _has_something(sock, 0):
            return True
        if seconds is None:
            self.complain(
                "a blocking socket with no timeout waits for an answer that never comes: without "
                "a timeout the client waits for ever. Give the client a timeout."
            )
        return event.wait(_FOREVER_SECONDS if seconds is None else seconds)


def start(server: Any) -> None:
    """Look after the clients of a server, known by its address."""
    _servers.add(server)
    if len(_servers) == 1:
        for name in ("recv", "recv_into"):
            _reads.replace(name, _reading)
        _secured_reads.replace("read", _reading)


def stop(server: Any) -> None:
    """Leave them alone."""
    _servers.discard(server)
    if not _servers:
        _reads.put_back()
        _secured_reads.put_back()


def _reading(real: Any) -> Any:
    def read(self: socket.socket, *args: Any, **kwargs: Any) -> Any:
        seconds = self.gettimeout()
        if seconds != 0:
            _wait(self, seconds)
        return real(self, *args, **kwargs)

    return read


def _wait(sock: socket.socket, seconds: float | None) -> None:
    try:
        if sock.getpeername()[:2] not in _servers:
            return
        client = sock.getsockname()
    except (OSError, TypeError, IndexError):
        return  # not connected, or not of this kind
    left_ms = None if seconds is None else seconds * 1000
    while not _has_something(sock, _LOOK_MS):
        stall = _stalls.get(client)
        if stall is not None:
            if stall.outlast(sock, seconds):
                return
            raise TimeoutError("timed out")
        if left_ms is not None:
            left_ms -= _LOOK_MS
            if left_ms <= 0:
                raise TimeoutError("timed out")


def _has_something(sock: socket.socket, ms: int) -> bool:
    if isinstance(sock, ssl.SSLSocket) and sock.pending():
        return True
    if not hasattr(select, "poll"):
        return bool(select.select([sock], [], [], ms / 1000)[0])
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(ms))
