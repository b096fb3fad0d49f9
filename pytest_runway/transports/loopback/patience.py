"""How long a socket waits, told to the kernel where that is possible.

Python's own timeouts poll the socket before each call, which doubles the system calls of a request
and the times at which its thread lets go of the interpreter and has to get it back: a tenth to a
fifth of the server's time for a small request.
"""

from __future__ import annotations

import socket
import ssl
import struct
import sys


def wait_to_receive(sock: socket.socket, seconds: float | None) -> None:
    """Let ``recv`` give up after so many seconds, None for never."""
    if isinstance(sock, ssl.SSLSocket):  # OpenSSL would try again for ever
        sock.settimeout(seconds)
    else:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _packed(seconds))


def wait_to_send(sock: socket.socket, seconds: float) -> None:
    """Let ``send`` give up after so many seconds."""
    if not isinstance(sock, ssl.SSLSocket):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _packed(seconds))


def _packed(seconds: float | None) -> bytes:
    ms = 0 if seconds is None else max(1, round(seconds * 1000))
    if sys.platform == "win32":
        return struct.pack("L", ms)
    return struct.pack("ll", *divmod(ms * 1000, 1_000_000))
