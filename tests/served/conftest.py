from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from pytest_runway import RunwayServer

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY = {
    "model": "gen4_turbo",
    "promptImage": "https://example.com/a.jpg",
    "promptText": "a slow dolly-in",
    "ratio": "1280:720",
    "duration": 5,
}


class Visitor:
    """A client in another language: bytes over a socket, JSON in them."""

    def __init__(self, server: RunwayServer) -> None:
        self.server = server
        address = urlsplit(server.url)
        self._connection = http.client.HTTPConnection(str(address.hostname), address.port)

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        sent = None if body is None else json.dumps(body)
        self._connection.request(method, path, sent, headers or {})
        response = self._connection.getresponse()
        raw = response.read()
        is_json = response.headers.get("content-type", "").startswith("application/json")
        return response.status, json.loads(raw) if is_json else raw.decode()

    def api(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {
            "Authorization": f"Bearer {self.server.api_key}",
            "X-Runway-Version": "2024-11-06",
            "Content-Type": "application/json",
        }
        return self.ask(method, f"/v1/{path}", body, headers)

    def control(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        given = {"X-Runway-Token": self.server.token, **headers}
        return self.ask(method, f"/__runway/{path}", body, given)

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def served() -> Iterator[RunwayServer]:
    """A server whose time stands still until it is moved."""
    server = RunwayServer(speed=0, tier=1).start()
    yield server
    server.stop()


@pytest.fixture
def visitor(served: RunwayServer) -> Iterator[Visitor]:
    found = Visitor(served)
    yield found
    found.close()
