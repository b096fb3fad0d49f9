"""Whether an answer is on its way: what a loop's sockets have sent and received.

A loop that waits for a real answer (from a loopback server, a subprocess) must not see time jump
meanwhile, or every timeout fires at once. A socket that has sent and not yet received expects an
answer; one that has received last is an idle connection, soon. What stays silent for too long is
idle too, until it does something: a server may hang on purpose.
"""

from __future__ import annotations

import os
import selectors
import socket
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_runway.clock import active, originals

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.clock.participants import Participant
    from pytest_runway.clock.patching import Patches

SLICE_S = 0.005
"""Real seconds for which a loop looks at its I/O before it looks at the whole again."""

GRACE_S = 0.01
"""Likewise, for a connection that has just received, or of which nothing is known: the rest of an
answer may follow."""

_SENDS = ("send", "sendall", "sendmsg", "sendto", "sendfile")
_RECEIVES = ("recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg", "recvmsg_into")


class _Line:
    """What one socket of a participant did last, and when: a count of all such doings."""

    __slots__ = ("address", "participant", "received", "sent")

    def __init__(self, participant: Participant) -> None:
        self.participant = participant
        self.sent = 0
        self.received = 0
        self.address: tuple[Any, Any] | None = None


_lines: dict[int, _Line] = {}
_by_address: dict[tuple[Any, Any], _Line] = {}
_doings = 0


def install(patches: Patches) -> None:
    """Watch what participants send and receive."""
    for name in _SENDS:
        if hasattr(socket.socket, name):
            patches.set(socket.socket, name, _noting(getattr(socket.socket, name), "sent"))
    for name in _RECEIVES:
        if hasattr(socket.socket, name):
            patches.set(socket.socket, name, _noting(getattr(socket.socket, name), "received"))
    for name in ("close", "detach"):
        patches.set(socket.socket, name, _forgetting(getattr(socket.socket, name)))


def forget() -> None:
    """Drop what was noted."""
    _lines.clear()
    _by_address.clear()


def _noting(real: Callable[..., Any], what: str) -> Callable[..., Any]:
    def call(self: socket.socket, *args: Any) -> Any:
        participant = active.participant()
        if participant is None:
            return real(self, *args)
        if what == "received":
            result = real(self, *args)
            _note(self, participant, what)
            return result
        # Before it is sent: the other end may have read it before we are back.
        _tell_peer(_note(self, participant, what))
        return real(self, *args)

    return call


def _forgetting(real: Callable[..., Any]) -> Callable[..., Any]:
    def call(self: socket.socket) -> Any:
        line = _lines.pop(self.fileno(), None)
        if line is not None and line.address is not None:
            _by_address.pop(line.address, None)
        return real(self)

    return call


def _note(sock: socket.socket, participant: Participant, what: str) -> _Line:
    global _doings  # noqa: PLW0603
    _doings += 1
    fd = sock.fileno()
    line = _lines.get(fd)
    if line is None:
        line = _lines[fd] = _Line(participant)
    line.participant = participant
    if line.address is None:
        line.address = _address_of(sock)
        if line.address is not None:
            _by_address[line.address] = line
    setattr(line, what, _doings)
    return line


def _address_of(sock: socket.socket) -> tuple[Any, Any] | None:
    try:
        here, there = sock.getsockname(), sock.getpeername()
    except OSError:  # not connected yet
        return None
    return (here, there) if here and there else None


def _tell_peer(line: _Line) -> None:
    """Make the event loop ready that is at the other end, before any time can pass."""
    peer = _peer_of(line)
    clock = active.clock
    if peer is not None and clock is not None and peer.participant.interrupt is not None:
        clock.scheduler.wake(peer.participant)


def _peer_of(line: _Line) -> _Line | None:
    """Return the other end of a connection, if it is inside virtual time too."""
    if line.address is None:
        return None
    return _by_address.get((line.address[1], line.address[0]))


def _answer_is_outside(line: _Line) -> bool:
    """Return whether nobody inside virtual time has read what the socket sent."""
    if line.sent <= line.received:
        return False
    peer = _peer_of(line)
    return peer is None or peer.received < line.sent


class Watch:
    """The files that one event loop waits for, and how long each may keep time from passing."""

    def __init__(self, *, own_fd: int, patience_s: float) -> None:
        self._own_fd = own_fd
        self._patience_s = patience_s
        self._grace_s = GRACE_S * _crowding()
        self._since: dict[int, tuple[int, int, float]] = {}

    def expects(self, files: Any) -> bool:
        """Return whether something real is on its way to one of a selector's files."""
        now = originals.monotonic()
        return any(
            key.fd != self._own_fd and self._keeps_waiting(key.fd, key.events, now)
            for key in list(files.values())
        )

    def _keeps_waiting(self, fd: int, events: int, now: float) -> bool:
        line = _lines.get(fd)
        doings = 0 if line is None else max(line.sent, line.received)
        known = self._since.get(fd)
        if known is None or known[:2] != (doings, events):
            known = self._since[fd] = (doings, events, now)
        return now - known[2] < (
            self._patience_s if _is_awaited(fd, events, line) else self._grace_s
        )


def _crowding() -> float:
    """Return how much longer than usual a server on this machine waits for its turn, at least 1.

    Where there is more to do than cores, an answer's second half was seen to be 20 ms late.
    """
    if not hasattr(os, "getloadavg"):
        return 1
    return max(1, 2 * os.getloadavg()[0] / (os.cpu_count() or 1))


def _is_awaited(fd: int, events: int, line: _Line | None) -> bool:
    """Return whether something is on its way to a file, rather than possible."""
    if events & selectors.EVENT_WRITE:
        return True
    if line is not None:
        return _answer_is_outside(line)
    # A process at the other end of a pipe. For the end of one its loop waits in a way of its own.
    return not (_is_socket(fd) or _is_end_of_a_process(fd))


def _is_end_of_a_process(fd: int) -> bool:
    try:
        return str(Path(f"/proc/self/fd/{fd}").readlink()) == "anon_inode:[pidfd]"
    except OSError:
        return False


def _is_socket(fd: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:
        return False
