"""Requests as any client sends them: bytes and headers, no SDK that retries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from pytest_runway import FakeRunway

BODY = {
    "model": "gen4_turbo",
    "promptImage": "https://example.com/a.jpg",
    "promptText": "a slow dolly-in",
    "ratio": "1280:720",
    "duration": 5,
}


def ask(runway: FakeRunway, method: str, path: str, body: Any = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {runway.api_key}", "X-Runway-Version": "2024-11-06"}
    return httpx.request(
        method, f"{runway.base_url}/v1/{path}", json=body, headers=headers, timeout=60
    )


def post(runway: FakeRunway) -> httpx.Response:
    return ask(runway, "POST", "image_to_video", BODY)


def poll(runway: FakeRunway) -> dict[str, Any]:
    answer = ask(runway, "GET", f"tasks/{runway.tasks[0].id}")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def statuses(runway: FakeRunway) -> list[int | None]:
    return [exchange.status for exchange in runway.requests()]


def text_of(runway: FakeRunway) -> str:
    try:
        return ask(runway, "GET", "organization").text[:9]
    except httpx.TransportError:
        return "lost"
