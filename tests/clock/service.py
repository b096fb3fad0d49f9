"""A tiny stateful stand-in for the API, so that the clock's tests need nothing but the clock."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
from runwayml import AsyncRunwayML, RunwayML

if TYPE_CHECKING:
    from pytest_runway.clock import VirtualClock


@dataclass
class Service:
    """Tasks that succeed at a virtual age, and everything it was asked, in order."""

    clock: VirtualClock
    done_at: float = 599.0
    status: str = "SUCCEEDED"
    rejections: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    seen: list[tuple[float, str, str]] = field(default_factory=list)
    created: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ids = itertools.count(1)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        task = request.url.path.rpartition("/")[2]
        self.seen.append((self.clock.elapsed, request.method, task))
        if request.method == "POST":
            if self.rejections:
                status, headers = self.rejections.pop(0)
                return httpx.Response(status, json={"error": "no"}, headers=headers)
            task = f"00000000-0000-4000-8000-{next(self._ids):012}"
            self.created[task] = self.clock.elapsed
            return httpx.Response(200, json={"id": task})
        return httpx.Response(200, json=self._body(task))

    def _body(self, task: str) -> dict[str, Any]:
        body: dict[str, Any] = {"id": task, "createdAt": "2026-01-01T00:00:00.000Z"}
        if self.clock.elapsed - self.created[task] < self.done_at:
            return body | {"status": "RUNNING", "progress": 0.5}
        if self.status == "SUCCEEDED":
            return body | {"status": "SUCCEEDED", "output": ["https://example.com/a.mp4"]}
        return body | {"status": self.status}

    def client(self, **options: Any) -> RunwayML:
        http = httpx.Client(transport=httpx.MockTransport(self))
        return RunwayML(api_key="key_fake", http_client=http, **options)

    def async_client(self, **options: Any) -> AsyncRunwayML:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return AsyncRunwayML(api_key="key_fake", http_client=http, **options)

    def explain(self) -> str:
        """Say who has polled what, and since when that was over."""
        _, method, task = self.seen[-1]
        polls = sum(entry[1:] == (method, task) for entry in self.seen)
        over = next(when for when, _, name in self.seen if name == task and when >= self.done_at)
        return f"{method} {task}, {polls} times, since {self.status} at {over:g} s"
