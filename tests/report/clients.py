"""Clients as people write them, over httpx: what they have in common."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx

from pytest_runway import FakeRunway

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.fake.verdict import Verdict

    Play = Callable[[FakeRunway], object]

CLIP: dict[str, Any] = {
    "model": "gen4_turbo",
    "promptImage": "https://example.com/a.jpg",
    "promptText": "a slow dolly-in",
    "ratio": "1280:720",
    "duration": 5,
}
VERSION = {"X-Runway-Version": "2024-11-06"}
VERSION = {"X-Runway-Version": "2024-11-06"}
FINAL = ("SUCCEEDED", "FAILED", "CANCELLED")
UNEVEN = (5.13, 6.471, 5.718, 7.032, 6.289, 5.517)


def verdict_on(play: Play, **settings: Any) -> Verdict:
    """What is found of a client at work, its fake being stopped."""
    with FakeRunway(**settings) as runway:
        play(runway)
    return runway.verdict()


def client(runway: FakeRunway, **options: Any) -> httpx.Client:
    options.setdefault("headers", {"Authorization": f"Bearer {runway.api_key}", **VERSION})
    return httpx.Client(base_url=f"{runway.base_url}/v1/", **options)


def create(http: httpx.Client, **changes: Any) -> httpx.Response:
    return http.post("image_to_video", json={**CLIP, **changes})


def created(http: httpx.Client, **changes: Any) -> str:
    id_: str = create(http, **changes).raise_for_status().json()["id"]
    return id_


def poll(http: httpx.Client, id_: str) -> dict[str, Any]:
    body: dict[str, Any] = http.get(f"tasks/{id_}").raise_for_status().json()
    return body


def wait(http: httpx.Client, id_: str, *, most: int = 60) -> dict[str, Any]:
    """Wait as one should: unevenly, not too often, to any end, with a limit, then cancel."""
    for turn in range(most):
        time.sleep(UNEVEN[turn % len(UNEVEN)])
        task = poll(http, id_)
        if task["status"] in FINAL:
            return task
    http.delete(f"tasks/{id_}")
    raise TimeoutError(id_)


def wait_and_store(http: httpx.Client, id_: str) -> None:
    for url in wait(http, id_)["output"]:
        httpx.get(url).raise_for_status()
