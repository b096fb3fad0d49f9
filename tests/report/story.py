"""A journal written by hand: what was asked when, and what came of it, to the millisecond."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pytest_runway.contract import load
from pytest_runway.engine.engine import Engine
from pytest_runway.engine.keys import FAKE_KEY
from pytest_runway.engine.state import new_state
from pytest_runway.report.verdict import judge
from pytest_runway.wire import Request
from tests.report.clients import CLIP

if TYPE_CHECKING:
    from pytest_runway.engine.journal import Exchange

START_MS = 1_790_000_000_000
SUCCEEDED, RUNNING = "SUCCEEDED", "RUNNING"


class Story:
    """Asks a real engine, then writes over what the journal says of the answer."""

    def __init__(self) -> None:
        self.engine = Engine(load(), new_state(now_ms=START_MS))
        self.state = self.engine.state

    def ask(
        self,
        method: str,
        path: str,
        at: float,
        *,
        body: Any = None,
        flow: int = 1,
        headers: dict[str, str] | None = None,
        **written: Any,
    ) -> Exchange:
        given = {
            "authorization": f"Bearer {FAKE_KEY}",
            "x-runway-version": "2024-11-06",
            "content-type": "application/json",
            **(headers or {}),
        }
        content = b"" if body is None else json.dumps(body).encode()
        request = Request(method, "api.dev.runwayml.com", path, "", given, content, flow)
        self.engine.handle(request, START_MS + round(at * 1000))
        exchange = self.state.journal.exchanges[-1]
        for name, value in written.items():
            setattr(exchange, name, value)
        return exchange

    def create(self, at: float = 0, *, clip: dict[str, Any] | None = None, **more: Any) -> int:
        """Ask for a task; its number, also where the answer is written over."""
        self.ask("POST", "/v1/image_to_video", at, body={**CLIP, **(clip or {})}, **more)
        return len(self.state.tasks)

    def refused(self, status: int | None, *at: float, **more: Any) -> None:
        """Ask for tasks at these times, and be refused before anything is made."""
        for each in at:
            # A ratio that is none: nothing is made. What is written over it is another matter.
            body = {**CLIP, "ratio": "1:1"}
            self.ask("POST", "/v1/image_to_video", each, body=body, status=status, **more)

    def poll(self, told: str | None, *at: float, task: int = 1, **more: Any) -> None:
        """Poll at these times, and be told this; None is a 503."""
        path = f"/v1/tasks/{self.state.tasks[task - 1].id}"
        status = 200 if told else 503
        for each in at:
            self.ask("GET", path, each, **{"status": status, "told": told, **more})

    def delete(self, at: float, task: int = 1, **more: Any) -> None:
        self.ask("DELETE", f"/v1/tasks/{self.state.tasks[task - 1].id}", at, **more)

    def end(self, at: float = 100_000) -> set[str]:
        """The rules that find something, once the story is over."""
        self.engine.advance(START_MS + round(at * 1000))
        return {finding.rule for finding in judge(self.state)}
