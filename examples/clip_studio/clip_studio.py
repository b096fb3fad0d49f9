"""A small application that makes clips with Runway: what pytest-runway is for.

Nothing here knows about tests. Read it first, then ``test_clip_studio.py``.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from runwayml import AsyncRunwayML, RunwayML, TaskFailedError, TaskTimeoutError

MODEL = "gen4_turbo"
RATIO = "1280:720"
SECONDS = 5


class Rejected(Exception):
    """Runway's moderation refused the request: asking again would cost, and end the same way."""


class TryLater(Exception):
    """Runway could not do it now; the same request may work later."""


@dataclass(frozen=True)
class Clip:
    """A finished clip, and where it can be downloaded for a day."""

    task: str
    url: str


def make_clip(image: str, prompt: str) -> Clip:
    """Make one clip and wait for it.

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
        done = task.wait_for_task_output(timeout=300)
    except TaskFailedError as failed:
        raise _reason(failed) from failed
    except TaskTimeoutError as late:
        client.tasks.delete(task.id)
        raise TryLater(f"task {task.id} was not done after 300 s") from late
    return Clip(task.id, done.output[0])


async def make_clips(image: str, prompts: list[str]) -> list[Clip]:
    """Make several clips side by side."""
    async with AsyncRunwayML() as client:
        return await asyncio.gather(*(_make_one(client, image, prompt) for prompt in prompts))


async def _make_one(client: AsyncRunwayML, image: str, prompt: str) -> Clip:
    task = await client.image_to_video.create(
        model=MODEL,
        prompt_image=image,
        prompt_text=prompt,
        ratio=RATIO,
        duration=SECONDS,
    )
    try:
        done = await task.wait_for_task_output(timeout=300)
    except TaskFailedError as failed:
        raise _reason(failed) from failed
    return Clip(task.id, done.output[0])


def _reason(failed: TaskFailedError) -> Exception:
    code = getattr(failed.task_details, "failure_code", None) or "INTERNAL"
    if "SAFETY" in code:
        return Rejected(code)
    return TryLater(code)
