"""The official SDK in virtual time: its waits cost nothing and its limits are true."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from runwayml import TaskTimeoutError

if TYPE_CHECKING:
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


def test_the_sync_client_waits_ten_virtual_minutes(clock: VirtualClock, service: Any) -> None:
    assert wait_for_clip(service.client()).status == "SUCCEEDED"
    assert 599 <= clock.elapsed < 609


def test_the_asyncio_client_waits_ten_virtual_minutes(clock: VirtualClock, service: Any) -> None:
    assert asyncio.run(async_wait_for_clip(service.async_client())).status == "SUCCEEDED"
    assert 599 <= clock.elapsed < 609


def test_the_sync_client_times_out_after_600_virtual_seconds(
    clock: VirtualClock, service: Any
) -> None:
    service.done_at = 10_000
    with pytest.raises(TaskTimeoutError):
        wait_for_clip(service.client())
    assert 600 < clock.elapsed <= 609


def test_the_asyncio_client_times_out_after_600_virtual_seconds(
    clock: VirtualClock, service: Any
) -> None:
    service.done_at = 10_000
    with pytest.raises(TaskTimeoutError):
        asyncio.run(async_wait_for_clip(service.async_client()))
    assert 600 < clock.elapsed <= 609


@pytest.mark.parametrize(("asked", "least", "most"), [(1, 1, 1), (59, 59, 59), (61, 0.3, 0.6)])
def test_a_retry_after_costs_what_the_sdk_makes_of_it(
    clock: VirtualClock, service: Any, asked: int, least: float, most: float
) -> None:
    """Over 60 s the SDK ignores the header and backs off by itself (runwayml 5.24.0)."""
    service.rejections.append((429, {"retry-after": str(asked)}))
    service.client().image_to_video.create(**CLIP)
    assert least <= clock.elapsed <= most
