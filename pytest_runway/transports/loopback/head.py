"""The head of an HTTP/1.x request, and what is wrong with it where it is refused."""

from __future__ import annotations

from dataclasses import dataclass


class BadRequest(Exception):
    """A request that is refused before anybody looks at what it asks for."""

    def __init__(self, status: int, reason: str) -> None:
        """Refuse with a status; ``reason`` is for the person who reads the answer."""
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Head:
    """A request's head. ``headers`` has lower-case names, ``minor`` is the 1 of HTTP/1.1."""

    method: str
    target: str
    minor: int
    headers: dict[str, str]
    keeps_alive: bool

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits to be told that its body is wanted."""
        return bool(self.minor) and self.headers.get("expect", "").lower() == "100-continue"
