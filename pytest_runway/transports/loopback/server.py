"""The server: a listening socket, and a thread for each connection."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import threading
import time
import weakref
from typing import TYPE_CHECKING

from pytest_runway.errors import UsageError
from pytest_runway.transports.hosts import OWN_NAMES
from pytest_runway.transports.loopback import stalls
from pytest_runway.transports.loopback.connection import Connection

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from pytest_runway.transports.loopback.site import Site

MOST_CONNECTIONS = 1024
_BACKLOG = 512
_STOP_SECONDS = 2.0
_THREAD_NAME = "pytest-runway loopback"


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
        self._acceptor: threading.Thread | None = None
        self._lock = threading.Lock()
        self._open: dict[Connection, threading.Thread] = {}
        self._stopping = False

    def listen(self) -> None:
        """Take the address, so that it is known; who connects is kept waiting until ``start``.

        Raises:
            UsageError: where the port is in use or not allowed, or the host has no address.
        """
        self._listener = self._listen()
        self._port = self._listener.getsockname()[1]
        self._site.url = self.url
        stalls.start(self.address)

    def start(self) -> Self:
        """Serve. Raises ``UsageError`` like ``listen``, which it does where nobody has."""
        if self._listener is None:
            self.listen()
        listener = self._listener
        with self._site.hold(), self._site.exempt():
            self._acceptor = threading.Thread(
                target=self._accept, name=_THREAD_NAME, daemon=True, args=(listener,)
            )
            self._acceptor.start()
        _running.add(self)
        return self

    def stop(self) -> None:
        """Close every socket and end every thread. Harmless when done twice."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        self._stopping = True
        if self._acceptor is not None:
            _wake(listener, self.address)
            self._acceptor.join(_STOP_SECONDS)
        listener.close()
        with self._lock:
            left = dict(self._open)
        for connection in left:
            connection.interrupt()
        deadline = time.monotonic() + _STOP_SECONDS
        for thread in left.values():
            thread.join(max(deadline - time.monotonic(), 0))
        stalls.stop(self.address)
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
        if self._listener is not None:
            self._listener.close()
        self._listener = None
        for connection in self._open:
            connection.disown()
        self._open.clear()

    def _listen(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        try:
            return socket.create_server(self.address, family=family, backlog=_BACKLOG)
        except OSError as error:
            raise UsageError(_why_not(error, self._host, self._port)) from error

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError as error:
                if self._stopping or error.errno in (errno.EBADF, errno.EINVAL):
                    return
                time.sleep(0.01)  # too many open files: those that serve will give some back
                continue
            if self._stopping or len(self._open) >= MOST_CONNECTIONS:
                sock.close()
                continue
            self._serve(Connection(sock, self._site))

    def _serve(self, connection: Connection) -> None:
        thread = threading.Thread(
            target=self._run, name=_THREAD_NAME, daemon=True, args=(connection,)
        )
        with self._lock:
            self._open[connection] = thread
        thread.start()

    def _run(self, connection: Connection) -> None:
        try:
            connection.run()
        finally:
            with self._lock:
                self._open.pop(connection, None)


_running: weakref.WeakSet[LoopbackServer] = weakref.WeakSet()


def _forget_all() -> None:
    for server in list(_running):
        server.forget()
    _running.clear()


if hasattr(os, "register_at_fork"):
    # A child has the parent's sockets and none of its threads: what it held open would neither
    # be answered nor refused. Its own requests go to the parent, whose server goes on.
    os.register_at_fork(after_in_child=_forget_all)


def _wake(listener: socket.socket, address: tuple[str, int]) -> None:
    """Let ``accept`` return in the thread that waits in it."""
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)  # enough on Linux
        return
    with contextlib.suppress(OSError):
        socket.create_connection(address, timeout=_STOP_SECONDS).close()


def _why_not(error: OSError, host: str, port: int) -> str:
    where = f"the server cannot listen on {host}, port {port}"
    if error.errno == errno.EADDRINUSE:
        return f"{where}: something else does already. Choose another port, or 0 for any."
    if error.errno == errno.EACCES:
        return f"{where}: ports below 1024 need rights that this user lacks. Choose a higher one."
    if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return f"{where}: this machine has no such address. Choose host 127.0.0.1."
    return f"{where}: {error}"
