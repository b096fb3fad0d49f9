"""One connection's share of the protocol: what goes out for what comes in, and in which order."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from pytest_runway.transports.hosts import API_HOST
from pytest_runway.transports.loopback.addressing import led_back
from pytest_runway.transports.loopback.head import BadRequest
from pytest_runway.transports.loopback.incoming import Incoming
from pytest_runway.transports.loopback.outgoing import CONTINUE, encode, is_framed
from pytest_runway.transports.peers import is_here
from pytest_runway.transports.ranges import ranged
from pytest_runway.wire import Break, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from pytest_runway.transports.loopback.head import Head
    from pytest_runway.transports.loopback.incoming import Asked
    from pytest_runway.transports.loopback.site import Site


@dataclass(frozen=True, slots=True)
class Broken:
    """The connection ends as a break says."""

    how: Break
    head: Head


@dataclass(frozen=True, slots=True)
class Refused:
    """The connection ends with an error that the client is to read."""

    why: BadRequest


@dataclass(frozen=True, slots=True)
class Tunnel:
    """The connection is handed on to the host that a CONNECT names."""

    head: Head


Ending: TypeAlias = Broken | Refused | Tunnel
"""The end of a connection, which may take its time."""


class Connection:
    """A client's connection, without its socket: who has that may wait for it, or may not.

    Virtual time is held from the first byte of a request to the last of its answer. ``deadline``
    is the real time by which the client must have said more. It has ``idle_seconds`` to begin a
    request, ``slow_seconds`` for a whole head, and as long for each further piece of a body.
    """

    def __init__(self, site: Site, port: int) -> None:
        """Begin with nothing read, from a client at a port."""
        self.site = site
        self._port = port
        self._is_here: bool | None = None
        self.is_over = False
        self.deadline = time.monotonic() + site.idle_seconds
        self._incoming = Incoming()
        self._held: AbstractContextManager[object] | None = None

    @property
    def is_new(self) -> bool:
        """Whether nothing was read from it yet."""
        return self._incoming.is_new

    @property
    def is_asking(self) -> bool:
        """Whether a request has begun and is not whole."""
        return self._incoming.has_begun

    def inside(self) -> Connection:
        """Return the connection that begins in a tunnel through this one."""
        inner = Connection(self.site, self._port)
        inner._is_here = self._is_here
        return inner

    def steps(self, data: bytes) -> Iterator[bytes | Ending]:
        """Yield what is to be sent for what came, and after it all perhaps an ending.

        A request is looked at once the answer to the one before is sent. After an ending, and
        where ``is_over``, the connection is of no more use.
        """
        self._hold()
        was_in_head = self._incoming.in_head
        try:
            self._incoming.feed(data)
            refused = None
        except BadRequest as error:
            refused = error
        while self._incoming.asked and not self.is_over:
            yield self._answer(self._incoming.asked.popleft())
        if refused is not None and not self.is_over:
            yield self._end(Refused(refused))
        elif self._incoming.waits_to_go_on:
            yield CONTINUE
        self._wait(since_before=was_in_head)

    def too_late(self) -> Refused | None:
        """Return what the client is told whose deadline has passed; None for one that rests."""
        if not self._incoming.has_begun:
            return None
        what = "head" if self._incoming.in_head else "body"
        said = f"the {what} of the request took longer than {self.site.slow_seconds:g} s"
        ending = Refused(BadRequest(408, said))
        self._end(ending)
        return ending

    def let_go(self) -> None:
        """Let virtual time pass again."""
        held, self._held = self._held, None
        if held is not None:
            held.__exit__(None, None, None)

    def _hold(self) -> None:
        if self._held is None:
            held = self.site.hold()
            held.__enter__()
            self._held = held

    def _wait(self, *, since_before: bool) -> None:
        """Give the client its time for what comes next."""
        if self.is_over or not self._incoming.has_begun:
            self.let_go()
        if not (self._incoming.in_head and since_before):
            site = self.site
            seconds = site.slow_seconds if self._incoming.has_begun else site.idle_seconds
            self.deadline = time.monotonic() + seconds

    def _end(self, ending: Ending) -> Ending:
        self.is_over = True
        self.let_go()
        return ending

    def _answer(self, asked: Asked) -> bytes | Ending:
        head, request = asked.head, asked.request
        if self._is_here is None:  # it has said so by now: it connects before it asks
            self._is_here = is_here(self._port)
        if request is None:
            return self._end(Tunnel(head))
        if not self._is_here:
            self.site.keep_pace()
        answer = self.site.answer(request, is_own=asked.is_own)
        if not isinstance(answer, Reply):
            return self._end(Broken(answer, head))
        if request.host != API_HOST:
            answer = ranged(request, answer)
        if asked.is_own:
            answer = led_back(answer, self.site.url)
        self.is_over = not head.keeps_alive or not is_framed(answer)
        text, body = encode(answer, head, closes=self.is_over)
        return text + body
