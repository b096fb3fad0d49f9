"""What a transport needs of the fake that it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pytest_runway.wire import Break, Reply, Request


class Clock(Protocol):
    """The time in which a fake lives, as a transport with real sockets needs it."""

    @property
    def now(self) -> float:
        """Unix seconds."""

    def sleep(self, seconds: float) -> None:
        """Wait in this time, from any thread."""

    def hold(self) -> AbstractContextManager[object]:
        """Keep virtual time from jumping while an answer is on its way."""

    def taking_part(self) -> AbstractContextManager[object]:
        """Make time wait for the current thread's steps, though it lives in real time."""

    def exempt(self) -> AbstractContextManager[object]:
        """Keep the current thread, and threads it starts in the block, in real time."""


class Receiver(Protocol):
    """Somebody who answers requests. Called from any thread."""

    @property
    def clock(self) -> Clock:
        """The time in which it answers."""

    def handle(self, request: Request) -> Reply | Break:
        """Answer one request, or say how its connection breaks."""

    def keep_pace(self) -> None:
        """Let happen what is due by real time, for a client that lives in it."""

    def note_problem(self, problem: str) -> None:
        """Record what the client must not hear of, for the end of the test."""

    def knows(self, request: Request) -> bool:
        """Whether the request is about something that was created here."""
