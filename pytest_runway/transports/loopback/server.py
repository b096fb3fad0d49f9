"""The server: a socket that listens, and the loop that serves who connects."""

from __future__ import annotations

import errno
import os
import socket
import weakref
from typing import TYPE_CHECKING

from pytest_runway.errors import UsageError
from pytest_runway.transports import peers
from pytest_runway.transports.hosts import OWN_NAMES
from pytest_runway.transports.loopback import stalls
from pytest_runway.transports.loopback.loop import Loop

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from typing_extensions import Self

    from pytest_runway.transports.loopback.site import Site

_BACKLOG = 512


class LoopbackServer:
    """An HTTP server for one site on the loopback interface: HTTP/1.1, and https on the same port.

    ``with`` starts and stops it. Its threads take no part in virtual time.
    """

    def __init__(self, site: Site, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Describe the server; port 0 takes any that is free.

        Raises:
            UsageError: for a host that is not of the loopback interface, or a port that is none.
        """
        if host not in OWN_NAMES:
            raise UsageError(
                f"host={host!r} is not valid; expected one of {', '.join(sorted(OWN_NAMES))}: "
                "the fake has no business on a network"
            )
        if not 0 <= port <= 65535:
            raise UsageError(f"port={port!r} is not valid; expected 0 (any) to 65535")
        self._site = site
        self._host = "127.0.0.1" if host == "localhost" else host
        self._port = port
        self._listener: socket.socket | None = None
        self._loop: Loop | None = None

    def listen(self) -> None:
        """Take the address, so that it is known; who connects is kept waiting until ``start``.

        Raises:
            UsageError: where the port is in use or not allowed, or the host has no address.
        """
        self._listener = self._listen()
        self._port = self._listener.getsockname()[1]
        self._site.url = self.url
        stalls.start(self.address)
        peers.serve(self._port)

    def start(self) -> Self:
        """Serve. Raises ``UsageError`` like ``listen``, which it does where nobody has."""
        if self._listener is None:
            self.listen()
        assert self._listener is not None  # noqa: S101 - for the type checker
        self._loop = Loop(self._listener, self._site)
        self._loop.start()
        self.resume()
        _running.add(self)
        return self

    def pause(self) -> None:
        """Serve nobody and have no thread for it, but for connections that have one each."""
        if self._loop is not None:
            self._loop.pause()

    def resume(self) -> None:
        """Go on. Who has asked meanwhile is answered now."""
        if self._loop is not None:
            with self._site.hold(), self._site.exempt():
                self._loop.resume()

    def stop(self) -> None:
        """Close every socket and end every thread. Harmless when done twice."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        loop, self._loop = self._loop, None
        if loop is not None:
            loop.stop()
        listener.close()
        stalls.stop(self.address)
        peers.leave(self._port)
        _running.discard(self)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def address(self) -> tuple[str, int]:
        """The address that the server listens on, once it has started."""
        return self._host, self._port

    @property
    def url(self) -> str:
        """The server's own URL, without a slash at the end."""
        name = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{name}:{self._port}"

    def forget(self) -> None:
        """Close this process's copies of the sockets; after a fork they are the parent's."""
        if self._loop is not None:
            self._loop.forget()
        self._loop = self._listener = None

    def _listen(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        try:
            return socket.create_server(self.address, family=family, backlog=_BACKLOG)
        except OSError as error:
            raise UsageError(_why_not(error, self._host, self._port)) from error


_running: weakref.WeakSet[LoopbackServer] = weakref.WeakSet()


def pause_all() -> list[LoopbackServer]:
    """Let every server that runs wait without a thread; return them."""
    servers = list(_running)
    for server in servers:
        server.pause()
    return servers


def resume_all(servers: Iterable[LoopbackServer]) -> None:
    """Let servers go on; those that a fork has made another process's do not."""
    for server in servers:
        server.resume()


def _forget_all() -> None:
    for server in list(_running):
        server.forget()
    _running.clear()


if hasattr(os, "register_at_fork"):
    # A child has the parent's sockets and none of its threads: what it held open would neither
    # be answered nor refused. Its own requests go to the parent, whose server goes on.
    os.register_at_fork(after_in_child=_forget_all)


def _why_not(error: OSError, host: str, port: int) -> str:
    where = f"the server cannot listen on {host}, port {port}"
    if error.errno == errno.EADDRINUSE:
        return f"{where}: something else does already. Choose another port, or 0 for any."
    if error.errno == errno.EACCES:
        return f"{where}: ports below 1024 need rights that this user lacks. Choose a higher one."
    if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return f"{where}: this machine has no such address. Choose host 127.0.0.1."
    return f"{where}: {error}"
