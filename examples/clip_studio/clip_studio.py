"""A small application that makes clips with Runway: what pytest-runway is for.

Nothing here knows about tests. Read it first, then ``test_clip_studio.py``.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import httpx
from runwayml import AsyncRunwayML, RunwayML, TaskFailedError, TaskTimeoutError

MODEL = "gen4_turbo"
RATIO = "1280:720"
SECONDS = 5
PATIENCE_SECONDS = 300


class Rejected(Exception):
    """Runway's moderation refused the request: asking again would cost, and end the same way."""


class TryLater(Exception):
    """Runway could not do it now; the same request may work later."""


@dataclass(frozen=True)
class Clip:
    """A finished clip: the file itself, since Runway's link to it lasts for a day or two."""

    task: str
    video: bytes


def make_clip(image: str, prompt: str) -> Clip:
    """Make one clip, wait for it, and download it.

    The official SDK repeats a request that met a 429 or a 5xx. It does not stop waiting for a
    cancelled task, so the wait is bounded, and what it gives up on is cancelled.
    """
    client = RunwayML()
    task = client.image_to_video.create(
        model=MODEL,
        prompt_image=image,
        prompt_text=prompt,
        ratio=RATIO,
        duration=SECONDS,
    )
    try:
        done = task.wait_for_task_output(timeout=PATIENCE_SECONDS)
    except TaskFailedError as failed:
        raise _reason(failed) from failed
    except TaskTimeoutError as late:
        client.tasks.delete(task.id)
        raise _too_late(task.id) from late
    return Clip(task.id, httpx.get(done.output[0]).raise_for_status().content)


async def make_clips(image: str, prompts: list[str]) -> list[Clip]:
    """Make several clips side by side."""
    async with AsyncRunwayML() as client, httpx.AsyncClient() as web:
        return await asyncio.gather(*(_make_one(client, web, image, each) for each in prompts))


async def _make_one(client: AsyncRunwayML, web: httpx.AsyncClient, image: str, prompt: str) -> Clip:
    task = await client.image_to_video.create(
        model=MODEL,
        prompt_image=image,
        prompt_text=prompt,
        ratio=RATIO,
        duration=SECONDS,
    )
    try:
        done = await task.wait_for_task_output(timeout=PATIENCE_SECONDS)
    except TaskFailedError as failed:
        raise _reason(failed) from failed
    except TaskTimeoutError as late:
        await client.tasks.delete(task.id)
        raise _too_late(task.id) from late
    return Clip(task.id, (await web.get(done.output[0])).raise_for_status().content)


def _reason(failed: TaskFailedError) -> Exception:
    code = getattr(failed.task_details, "failure_code", None) or "INTERNAL"
    if "SAFETY" in code:
        return Rejected(code)
    return TryLater(code)


def _too_late(task: str) -> TryLater:
    return TryLater(f"task {task} was not done after {PATIENCE_SECONDS} s")
