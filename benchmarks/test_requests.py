"""What a faked request costs, beside the floor: the same SDK call on a trivial MockTransport.

Run with ``pytest benchmarks``. The rounds alternate between floor and fake, so that a slow moment
of the machine hits both; the ratio of the medians is what counts, and what is printed.
"""

from __future__ import annotations

import statistics
import time
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from runwayml import RunwayML

from pytest_runway import FakeRunway
from pytest_runway.media import forge

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_benchmark.fixture import BenchmarkFixture

KEY = "key_" + "fa4e" * 32
CLIP: dict[str, Any] = {
    "model": "gen4_turbo",
    "prompt_image": "https://example.com/a.jpg",
    "prompt_text": "a slow dolly-in",
    "ratio": "1280:720",
    "duration": 5,
}
TASK = {
    "id": "17f20503-6c24-4c16-946b-35dbbce2af2f",
    "createdAt": "2026-08-26T06:30:33.796Z",
    "status": "PENDING",
    "estimatedCost": {"credits": 25},
}
ROUNDS, CALLS = 40, 10


def trivial(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=TASK)


def median_seconds(
    floor: Callable[[], object], faked: Callable[[], object], *, rounds: int = ROUNDS
) -> tuple[float, float]:
    """Medians of ``CALLS`` calls each, in alternating rounds."""
    spent: dict[int, list[float]] = {0: [], 1: []}
    for _ in range(rounds):
        for place, call in enumerate((floor, faked)):
            started = time.perf_counter()
            for _ in range(CALLS):
                call()
            spent[place].append((time.perf_counter() - started) / CALLS)
    return statistics.median(spent[0]), statistics.median(spent[1])


def report(benchmark: BenchmarkFixture, name: str, floor: float, faked: float) -> None:
    benchmark.extra_info.update(floor_us=floor * 1e6, faked_us=faked * 1e6, ratio=faked / floor)
    times = f"floor {floor * 1e6:,.0f} µs, faked {faked * 1e6:,.0f} µs"
    print(f"\n{name}: {times}: {faked / floor:.2f} times")


@pytest.fixture
def floor_client() -> RunwayML:
    http = httpx.Client(transport=httpx.MockTransport(trivial))
    return RunwayML(api_key=KEY, http_client=http)


def test_get_task(benchmark: BenchmarkFixture, floor_client: RunwayML) -> None:
    with FakeRunway() as runway:
        runway.next_task.by_hand()
        client = RunwayML()
        task_id = client.image_to_video.create(**CLIP).id

        def faked() -> object:
            return client.tasks.retrieve(task_id)

        for _ in range(20):
            faked()
        report(
            benchmark,
            "GET task",
            *median_seconds(lambda: floor_client.tasks.retrieve(task_id), faked),
        )
        benchmark(faked)


def test_create(benchmark: BenchmarkFixture, floor_client: RunwayML) -> None:
    with FakeRunway():
        client = RunwayML()

        def faked() -> object:
            return client.image_to_video.create(**CLIP)

        for _ in range(5):
            faked()
        floor = lambda: floor_client.image_to_video.create(**CLIP)  # noqa: E731 - one line, one call
        report(benchmark, "create, small body", *median_seconds(floor, faked))
        benchmark(faked)


def test_create_with_four_megabytes(benchmark: BenchmarkFixture, floor_client: RunwayML) -> None:
    picture = forge.image("png", 1280, 720)
    padded = picture.data + bytes(3 * 1024 * 1024 - len(picture.data))
    uri = f"data:{picture.content_type};base64,{b64encode(padded).decode()}"
    clip = {**CLIP, "prompt_image": uri}
    with FakeRunway():
        client = RunwayML()

        def faked() -> object:
            return client.image_to_video.create(**clip)

        faked()
        floor = lambda: floor_client.image_to_video.create(**clip)  # noqa: E731 - one line, one call
        report(benchmark, "create, 4 MB data URI", *median_seconds(floor, faked, rounds=8))
        benchmark(faked)


def test_making_a_client(benchmark: BenchmarkFixture) -> None:
    def real() -> object:
        return RunwayML(api_key=KEY)

    started = time.perf_counter()
    for _ in range(5):
        real()
    unfaked = (time.perf_counter() - started) / 5
    with FakeRunway():
        spent = []
        for _ in range(50):
            started = time.perf_counter()
            real()
            spent.append(time.perf_counter() - started)
        faked = statistics.median(spent)
        print(f"\nRunwayML(): unfaked {unfaked * 1e3:.1f} ms, faked {faked * 1e3:.2f} ms")
        benchmark(real)
