"""Where redirected connections go: one server a process, started when it is first needed."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_runway.errors import UsageError
from pytest_runway.transports import attached, certificates
from pytest_runway.transports.hosts import HOSTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.transports.loopback import LoopbackServer

_lock = threading.Lock()
_server: LoopbackServer | None = None
_port = 0  # any, and then the same again: a process that was told it may have outlived the server


def is_runways(name: object) -> bool:
    """Whether a name, as text or bytes, is one of Runway's hosts."""
    if isinstance(name, (bytes, bytearray)):
        name = name.decode("ascii", "replace")
    return isinstance(name, str) and name.rstrip(".").lower() in HOSTS


def address() -> tuple[str, int]:
    """Return where the fake answers; start its server if there is none yet."""
    return _started().address


def url() -> str:
    """Return the same as a URL, for programs: for them the server is a proxy too."""
    return _started().url


def _started() -> LoopbackServer:
    global _server, _port  # noqa: PLW0603 - one process, one server
    with _lock:
        if _server is None:
            # Most suites never need it, and all would pay for its import.
            from pytest_runway.transports.loopback import LoopbackServer
            from pytest_runway.transports.loopback.site import Site

            site = Site(attached.receiver_of, is_proxy=True)
            try:
                _server = LoopbackServer(site, port=_port).start()
            except UsageError:  # somebody else has it by now
                _server = LoopbackServer(site).start()
            _port = _server.address[1]
        return _server


@contextmanager
def known_and_paused() -> Iterator[None]:
    """Have an address and an authority that a fork knows, and no thread that serves inside."""
    address()
    certificates.authority()
    from pytest_runway.transports.loopback.server import pause_all, resume_all

    servers = pause_all()
    try:
        yield
    finally:
        resume_all(servers)


def is_address(peer: object) -> bool:
    """Whether a socket's peer is the server."""
    server = _server
    return server is not None and isinstance(peer, tuple) and peer[:2] == server.address


def rest() -> None:
    """Go on serving other processes, and leave this one's sockets as they are."""
    if _server is not None:
        from pytest_runway.transports.loopback import stalls

        stalls.stop(_server.address)


def go_on() -> None:
    """Look after this process's sockets again, if the server has rested."""
    if _server is not None:
        from pytest_runway.transports.loopback import stalls

        stalls.start(_server.address)


def stop() -> None:
    """Stop the server, if one was started."""
    global _server
    with _lock:
        server, _server = _server, None
    if server is not None:
        server.stop()
