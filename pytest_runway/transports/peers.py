"""Which clients of our servers live in this process, and so in its time; by their ports."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

_servers: set[int] = set()
_here: set[int] = set()


def serve(port: int) -> None:
    """Note who connects to a server from now on."""
    _servers.add(port)


def leave(port: int) -> None:
    """Stop that."""
    _servers.discard(port)


def note(sock: socket.socket, to: Any) -> None:
    """Be told by a socket of this process where it has connected to, or has begun to."""
    if _servers and isinstance(to, tuple) and len(to) > 1 and to[1] in _servers:
        with contextlib.suppress(OSError, TypeError, IndexError):
            _here.add(sock.getsockname()[1])


def is_here(port: int) -> bool:
    """Return whether the client at a port is of this process. To be asked once: then it is over."""
    try:
        _here.remove(port)
    except KeyError:
        return False
    return True
