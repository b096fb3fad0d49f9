"""All connections of a server in one thread; what would make it wait goes on in another.

A thread for each connection answered 6,400 requests a second where this answers 10,300: under load
the interpreter spends its time on handing itself from one thread to the next.
"""

from __future__ import annotations

import errno
import itertools
import selectors
import socket
import threading
import time
from typing import TYPE_CHECKING, cast

from pytest_runway.transports.loopback.connection import Connection
from pytest_runway.transports.loopback.waiting import PIECE, TLS_HANDSHAKE, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_runway.transports.loopback.connection import Ending
    from pytest_runway.transports.loopback.site import Site

THREAD_NAME = "pytest-runway loopback"
MOST_CONNECTIONS = 1024
_STOP_SECONDS = 2.0
_SMALL_PIECE = 32 * 1024  # what most requests need; more is taken from the system each time


class Loop:
    """Serves what connects to a listener, from ``start`` to ``stop``."""

    def __init__(self, listener: socket.socket, site: Site) -> None:
        """Take over a socket that listens."""
        self._listener = listener
        self._site = site
        self._selector = selectors.DefaultSelector()
        self._waker, self._woken = socket.socketpair()
        self._connections: dict[socket.socket, Connection] = {}
        self._lock = threading.Lock()
        self._threads: dict[threading.Thread, Waiting] = {}
        self._thread: threading.Thread | None = None
        self._look_seconds = min(1.0, site.slow_seconds / 4)

    def start(self) -> None:
        """Listen; ``resume`` is when to answer."""
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._selector.register(self._woken, selectors.EVENT_READ, None)

    def pause(self) -> None:
        """Serve nobody, without a thread; who asks meanwhile is answered after ``resume``."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._waker.send(b"\0")
            thread.join(_STOP_SECONDS)
            self._woken.recv(1)

    def resume(self) -> None:
        """Begin to answer, or go on."""
        self._thread = threading.Thread(target=self._run, name=THREAD_NAME, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close every socket and end every thread."""
        self.pause()
        self._close()
        for sock in (self._listener, self._waker, self._woken):
            sock.close()
        with self._lock:
            left = dict(self._threads)
        for waiting in left.values():
            waiting.interrupt()
        deadline = time.monotonic() + _STOP_SECONDS
        for thread in left:
            thread.join(max(deadline - time.monotonic(), 0))

    def forget(self) -> None:
        """Close this process's copies of the sockets; after a fork they are the parent's."""
        self._selector.close()
        for sock in (self._listener, self._waker, self._woken, *self._connections):
            socket.socket.close(sock)
        for waiting in self._threads.values():
            waiting.disown()

    def _run(self) -> None:
        next_look = time.monotonic() + self._look_seconds
        while self._thread is threading.current_thread():
            rests = None if not self._connections else self._look_seconds
            for key, _ in self._selector.select(rests):
                if key.data is not None:
                    cast("Callable[[socket.socket], None]", key.data)(
                        cast("socket.socket", key.fileobj)
                    )
            if time.monotonic() >= next_look:
                self._look_for_the_late()
                next_look = time.monotonic() + self._look_seconds

    def _close(self) -> None:
        self._selector.close()
        for sock, connection in self._connections.items():
            connection.let_go()
            sock.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                sock, peer = listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE):
                    time.sleep(0.01)  # those that are served will give some back
                return
            if len(self._connections) + len(self._threads) >= MOST_CONNECTIONS:
                sock.close()
                continue
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connections[sock] = Connection(self._site, peer[1])
            self._selector.register(sock, selectors.EVENT_READ, self._read)

    def _read(self, sock: socket.socket) -> None:
        connection = self._connections[sock]
        try:
            if connection.is_new and sock.recv(1, socket.MSG_PEEK) == TLS_HANDSHAKE:
                self._hand_over(sock)
                return
            data = sock.recv(PIECE if connection.is_asking else _SMALL_PIECE)
            if data:
                self._answer(sock, connection, data)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        except Exception as error:  # noqa: BLE001 - one answer of ours must not end all the others
            self._site.note_problem(f"a connection was lost to a failure of the fake: {error!r}")
            data = b""
        if sock in self._connections and (not data or connection.is_over):
            self._drop(sock).let_go()
            sock.close()

    def _answer(self, sock: socket.socket, connection: Connection, data: bytes) -> None:
        steps = connection.steps(data)
        for step in steps:
            if not isinstance(step, bytes):
                self._hand_over(sock, [step])
                return
            try:
                sent = sock.send(step)
            except BlockingIOError:
                sent = 0
            if sent < len(step):  # it reads slowly, or much came at once
                self._hand_over(sock, itertools.chain([step[sent:]], steps))
                return

    def _look_for_the_late(self) -> None:
        now = time.monotonic()
        for sock, connection in list(self._connections.items()):
            if connection.deadline > now:
                continue
            late = connection.too_late()
            if late is not None:
                self._hand_over(sock, [late])
            else:
                self._drop(sock)
                sock.close()

    def _drop(self, sock: socket.socket) -> Connection:
        self._selector.unregister(sock)
        return self._connections.pop(sock)

    def _hand_over(self, sock: socket.socket, left: Iterable[bytes | Ending] = ()) -> None:
        waiting = Waiting(sock, self._drop(sock))
        thread = threading.Thread(
            target=self._wait, name=THREAD_NAME, daemon=True, args=(waiting, left)
        )
        with self._lock:
            self._threads[thread] = waiting
        thread.start()

    def _wait(self, waiting: Waiting, left: Iterable[bytes | Ending]) -> None:
        try:
            waiting.run(left)
        finally:
            with self._lock:
                self._threads.pop(threading.current_thread(), None)
