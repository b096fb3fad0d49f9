"""What is served at a loopback address: the fake, and pages of the server's own."""

from __future__ import annotations

import traceback
from contextlib import nullcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from pytest_runway.contract import load
from pytest_runway.engine.resources.uploads import STORAGE_HOST
from pytest_runway.transports.hosts import API_HOST
from pytest_runway.transports.loopback.outgoing import refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from pytest_runway.transports.receiver import Clock, Receiver
    from pytest_runway.wire import Break, Reply, Request

IDLE_SECONDS = 75.0
SLOW_SECONDS = 10.0


class Pages(Protocol):
    """Paths that are the server's own and not Runway's."""

    def page(self, request: Request) -> Reply | None:
        """Answer a request that was sent to the server's own name, or leave it to the fake."""


class Site:
    """What a connection asks of whom it serves. Called from any thread."""

    def __init__(
        self,
        receiver_of: Callable[[Request | None], Receiver | None],
        *,
        pages: Pages | None = None,
        is_proxy: bool = False,
        idle_seconds: float = IDLE_SECONDS,
        slow_seconds: float = SLOW_SECONDS,
    ) -> None:
        """Serve what ``receiver_of`` finds for a request; for None it says who answers by default.

        ``is_proxy`` lets clients reach hosts that are not Runway's through this one.
        ``idle_seconds`` is how long a connection may rest between requests, ``slow_seconds`` how
        long a head may take, and each piece of a body.
        """
        self._receiver_of = receiver_of
        self._pages = pages
        self.is_proxy = is_proxy
        self.idle_seconds = idle_seconds
        self.slow_seconds = slow_seconds
        self.url = ""

    def answer(self, request: Request, *, is_own: bool) -> Reply | Break:
        """Answer one request."""
        # Below /~host the other hosts' paths are served, whose "/" is theirs and no page of ours.
        if is_own and request.host == API_HOST and self._pages is not None:
            page = self._pages.page(request)
            if page is not None:
                return page
        receiver = self._receiver_of(request)
        if receiver is None:
            return refusal(503, "no fake is on any more: this request came after its test")
        try:
            return receiver.handle(request)
        except Exception as error:  # noqa: BLE001 - the client would see a bug of ours as its own
            said = "".join(traceback.format_exception(error))
            receiver.note_problem(f"the fake failed at {request.method} {request.path}:\n{said}")
            return refusal(500, f"the fake failed: {error!r}")

    def clock(self) -> Clock | None:
        """The clock of who answers now."""
        receiver = self._receiver_of(None)
        return None if receiver is None else receiver.clock

    def sleep(self, seconds: float) -> None:
        """Wait in the time of who answers now."""
        clock = self.clock()
        if clock is not None:
            clock.sleep(seconds)

    def keep_pace(self) -> None:
        """Let happen what is due by real time: the client lives in that."""
        receiver = self._receiver_of(None)
        if receiver is not None:
            receiver.keep_pace()

    def exempt(self) -> AbstractContextManager[object]:
        """Keep the current thread, and those that it starts in the block, out of that time."""
        clock = self.clock()
        return nullcontext() if clock is None else clock.exempt()

    def taking_part(self) -> AbstractContextManager[object]:
        """Let the current thread's own steps take place in that time."""
        clock = self.clock()
        return nullcontext() if clock is None else clock.taking_part()

    def note_problem(self, problem: str) -> None:
        """Record misuse that the client must not hear of."""
        receiver = self._receiver_of(None)
        if receiver is not None:
            receiver.note_problem(problem)

    def hold(self) -> AbstractContextManager[object]:
        """Keep virtual time from jumping while an answer is on its way."""
        clock = self.clock()
        return nullcontext() if clock is None else clock.hold()


@lru_cache
def most_bytes(host: str) -> int:
    """Return how much of a body is kept: what the host takes, and a byte to see that it is more."""
    limits = load().limits
    if host == STORAGE_HOST:
        return int(limits["upload_bytes"][1]) + 64 * 1024
    return int(limits["body_bytes"]) + 1
