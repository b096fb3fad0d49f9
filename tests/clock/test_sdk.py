"""The official SDK in virtual time: its waits cost nothing and its limits are true."""

from __future__ import annotations

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import trio
from runwayml import TaskFailedError, TaskTimeoutError

from pytest_runway.clock import VirtualTimeLimit, virtual_time
from tests.clock.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable

    from runwayml import AsyncRunwayML, RunwayML

    from pytest_runway.clock import VirtualClock

CLIP: dict[str, Any] = {
    "model": "gen4_turbo",
    "prompt_image": "https://example.com/a.jpg",
    "ratio": "1280:720",
}


def wait_for_clip(client: RunwayML, **options: Any) -> Any:
    return client.image_to_video.create(**CLIP).wait_for_task_output(**options)


async def async_wait_for_clip(client: AsyncRunwayML, **options: Any) -> Any:
    return await (await client.image_to_video.create(**CLIP)).wait_for_task_output(**options)


def in_sync(service: Any, **options: Any) -> Any:
    return wait_for_clip(service.client(), **options)


def in_asyncio(service: Any, **options: Any) -> Any:
    return asyncio.run(async_wait_for_clip(service.async_client(), **options))


def in_trio(service: Any, **options: Any) -> Any:
    async def main() -> Any:
        return await async_wait_for_clip(service.async_client(), **options)

    return trio.run(main)


WAYS = [in_sync, in_asyncio, in_trio]


@pytest.mark.parametrize("way", WAYS)
def test_a_clip_takes_ten_virtual_minutes(
    clock: VirtualClock, service: Any, way: Callable[..., Any]
) -> None:
    assert way(service).status == "SUCCEEDED"
    assert 599 <= clock.elapsed < 607
    assert 80 <= len(service.seen) <= 135


@pytest.mark.parametrize("way", WAYS)
def test_the_clients_limit_of_600_seconds_is_true(
    clock: VirtualClock, service: Any, way: Callable[..., Any]
) -> None:
    service.done_at = 10_000
    with pytest.raises(TaskTimeoutError):
        way(service)
    assert 600 < clock.elapsed <= 609


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("limit", [30, 60, 1_200])
def test_a_limit_of_the_callers_own_is_true(
    clock: VirtualClock, service: Any, way: Callable[..., Any], limit: int
) -> None:
    service.done_at = 10_000
    with pytest.raises(TaskTimeoutError):
        way(service, timeout=limit)
    assert limit < clock.elapsed <= limit + 7.5


def test_a_wait_for_of_30_seconds_ends_at_30(clock: VirtualClock, service: Any) -> None:
    async def main() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(async_wait_for_clip(service.async_client()), 30)

    asyncio.run(main())
    assert clock.elapsed == 30


def test_a_fail_after_of_30_seconds_ends_at_30(clock: VirtualClock, service: Any) -> None:
    async def main() -> None:
        with pytest.raises(trio.TooSlowError):
            with trio.fail_after(30):
                await async_wait_for_clip(service.async_client())

    trio.run(main)
    assert clock.elapsed == 30


@pytest.mark.parametrize(("asked", "least", "most"), [(1, 1, 1), (59, 59, 59), (61, 0.3, 0.6)])
def test_a_retry_after_costs_what_the_sdk_makes_of_it(
    clock: VirtualClock, service: Any, asked: int, least: float, most: float
) -> None:
    """Over 60 s the SDK ignores the header and backs off by itself (runwayml 5.24.0)."""
    service.rejections.append((429, {"retry-after": str(asked)}))
    service.client().image_to_video.create(**CLIP)
    assert least <= clock.elapsed <= most


def test_a_cancelled_task_keeps_the_sync_client_polling_to_its_limit(
    clock: VirtualClock, service: Any
) -> None:
    """As in production: runwayml 5.24.0 takes CANCELLED for an end in its async client only."""
    service.status, service.done_at = "CANCELLED", 60
    with pytest.raises(TaskTimeoutError):
        in_sync(service)
    assert 600 < clock.elapsed <= 609


def test_a_cancelled_task_ends_the_async_client(clock: VirtualClock, service: Any) -> None:
    service.status, service.done_at = "CANCELLED", 60
    with pytest.raises(TaskFailedError):
        in_asyncio(service)
    assert 60 <= clock.elapsed < 68


def test_polling_a_cancelled_task_without_limit_is_ended_and_named() -> None:
    with virtual_time(limit="2h") as clock:
        service = Service(clock, done_at=60, status="CANCELLED")
        clock.on_limit = service.explain
        with pytest.raises(VirtualTimeLimit) as caught:
            in_sync(service, timeout=None)
    said = str(caught.value)
    assert "limit of 2 h" in said
    assert "runwayml/lib/polling.py:" in said
    assert "in wait_for_task_output" in said
    assert "test_sdk.py:" in said
    assert "GET 00000000-0000-4000-8000-000000000001" in said
    assert "since CANCELLED at 6" in said


def many_in_threads(service: Any, many: int) -> None:
    client = service.client()
    with ThreadPoolExecutor(many) as pool:
        clips = [pool.submit(wait_for_clip, client) for _ in range(many)]
        assert all(clip.result().status == "SUCCEEDED" for clip in clips)


def many_in_asyncio(service: Any, many: int) -> None:
    async def main() -> None:
        client = service.async_client()
        clips = await asyncio.gather(*(async_wait_for_clip(client) for _ in range(many)))
        assert all(clip.status == "SUCCEEDED" for clip in clips)

    asyncio.run(main())


def many_in_trio(service: Any, many: int) -> None:
    async def main() -> None:
        client = service.async_client()
        async with trio.open_nursery() as nursery:
            for _ in range(many):
                nursery.start_soon(async_wait_for_clip, client)

    trio.run(main)


CROWDS = [many_in_threads, many_in_asyncio, many_in_trio]


@pytest.mark.parametrize("crowd", CROWDS)
def test_a_hundred_clips_at_once_take_as_long_as_one(
    clock: VirtualClock, service: Any, crowd: Callable[[Any, int], None]
) -> None:
    service.done_at = 30
    crowd(service, 100)
    assert 30 <= clock.elapsed < 38
    assert len(service.created) == 100
    assert set(service.created.values()) == {0}
    times = [when for when, _, _ in service.seen]
    assert times == sorted(times)


@pytest.mark.parametrize("crowd", [many_in_threads, many_in_asyncio])
def test_the_order_of_events_is_the_same_in_20_runs(
    crowd: Callable[[Any, int], None],
) -> None:
    def run_once() -> list[tuple[float, str, str]]:
        random.seed(1)  # the SDK's jitter
        with virtual_time() as clock:
            service = Service(clock, done_at=15)
            crowd(service, 15)
        return service.seen

    first = run_once()
    assert len(first) >= 3 * 15
    assert all(run_once() == first for _ in range(19))
