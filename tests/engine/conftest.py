from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from pytest_runway.contract import load
from pytest_runway.engine.engine import Engine
from pytest_runway.engine.state import new_state
from pytest_runway.wire import Break, Reply, Request

START_MS = 1_800_000_000_000
KEY = "key_" + "0123456789abcdef" * 8
CLIP = {
    "model": "gen4_turbo",
    "promptImage": "https://example.com/a.jpg",
    "promptText": "a slow dolly-in",
    "ratio": "1280:720",
    "duration": 5,
}


@dataclass
class Caller:
    """A client that says exactly what it is told to, at the virtual time it is told to."""

    engine: Engine
    now_ms: int = START_MS

    def at(self, seconds: float) -> Caller:
        self.now_ms = START_MS + round(seconds * 1000)
        return self

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        host: str = "api.dev.runwayml.com",
        headers: dict[str, str | None] | None = None,
        raw: bytes | None = None,
        query: str = "",
    ) -> Reply | Break:
        said: dict[str, str | None] = {
            "authorization": f"Bearer {KEY}",
            "x-runway-version": "2024-11-06",
            "content-type": "application/json",
        }
        said |= headers or {}
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        kept = {name: value for name, value in said.items() if value is not None}
        return self.engine.handle(Request(method, host, path, query, kept, data), self.now_ms)

    def reply(self, *args: Any, **kwargs: Any) -> Reply:
        answer = self.send(*args, **kwargs)
        assert isinstance(answer, Reply)
        return answer

    def create(self, **changes: Any) -> str:
        answer = self.reply("POST", "/v1/image_to_video", {**CLIP, **changes})
        assert answer.status == 200, answer.body
        return str(answer.json()["id"])

    def task(self, task_id: str) -> dict[str, Any]:
        answer = self.reply("GET", f"/v1/tasks/{task_id}")
        assert answer.status == 200, answer.body
        body: dict[str, Any] = answer.json()
        return body


@pytest.fixture
def call() -> Caller:
    return new_caller()


def new_caller(**settings: Any) -> Caller:
    state = new_state(now_ms=START_MS, **settings)
    return Caller(Engine(load(), state))
