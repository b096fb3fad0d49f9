from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from pytest_runway.contract import load
from pytest_runway.contract.schema import Compiler
from pytest_runway.engine.engine import Engine
from pytest_runway.engine.state import new_state
from pytest_runway.wire import Break, Reply, Request

if TYPE_CHECKING:
    from pytest_runway.contract import Operation

START_MS = 1_800_000_000_000
# What stands before every operation answers with these (facts §2.2).
ANY_OPERATION_MAY = {400, 401, 403, 413, 429}
NO_BODY = object()
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
        request = Request(method, host, path, query, kept, data)
        answer = self.engine.handle(request, self.now_ms)
        if isinstance(answer, Reply) and not self.engine.state.faults.faults:
            check_against_document(request, answer)
        return answer

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


def check_against_document(request: Request, reply: Reply) -> None:
    """Every answer of every test is what the document says, key for key."""
    found = load().match(request.method, request.path)
    if found is None:
        return
    check = answer_check(found.operation, reply.status)
    if check is None:
        assert reply.status in ANY_OPERATION_MAY, (request.method, request.path, reply)
    elif check is NO_BODY:
        assert reply.body == b""
    else:
        issues = list(check(reply.json()))
        assert issues == [], (request.method, request.path, reply.json())


@cache
def answer_check(operation: Operation, status: int) -> Any:
    """Return what finds the issues of an answer; None for a status that is not documented."""
    document = load().document
    stated = document["paths"][operation.path][operation.method.lower()]["responses"]
    if str(status) not in stated:
        return None
    response = stated[str(status)]
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
    if "content" not in response:
        return NO_BODY
    schema = response["content"]["application/json"]["schema"]
    return Compiler(document["components"]["schemas"], closed=status < 300).check(schema)


@pytest.fixture
def call() -> Caller:
    return new_caller()


def new_caller(*, conformance: bool = False, **settings: Any) -> Caller:
    state = new_state(now_ms=START_MS, **settings)
    return Caller(Engine(load(), state, conformance=conformance))
