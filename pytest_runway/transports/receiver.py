"""What a transport needs of the fake that it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pytest_runway.wire import Break, Reply, Request


class Receiver(Protocol):
    """Somebody who answers requests. Called from any thread."""

    def handle(self, request: Request) -> Reply | Break:
        """Answer one request, or say how its connection breaks."""

    def note_problem(self, problem: str) -> None:
        """Record what the client must not hear of, for the end of the test."""

    def knows(self, request: Request) -> bool:
        """Whether the request is about something that was created here."""
