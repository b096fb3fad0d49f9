"""What the verdict adds to a faked test: the same tests with it and without it, side by side.

Run with ``pytest benchmarks/test_verdict.py -s``. The rounds alternate, so that a slow moment of
the machine hits both; the ratio of the medians is what counts, and what is printed.
"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from runwayml import RunwayML

from benchmarks.test_requests import CLIP
from pytest_runway import FakeRunway

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 60


def a_clip(runway: FakeRunway) -> None:
    task = RunwayML().image_to_video.create(**CLIP).wait_for_task_output()
    assert task.status == "SUCCEEDED"
    httpx.get(task.output[0])


def only_a_create(runway: FakeRunway) -> None:
    RunwayML().image_to_video.create(**CLIP)


def a_long_wait(runway: FakeRunway) -> None:
    runway.next_task.running("9m").succeeds()
    RunwayML().image_to_video.create(**CLIP).wait_for_task_output()


def an_outage(runway: FakeRunway) -> None:
    runway.on("image_to_video").reply(503, times=2)
    runway.on("tasks", method="GET").reply(503, times=2)
    a_clip(runway)


def spent(play: Callable[[FakeRunway], None]) -> tuple[float, float]:
    """Seconds that a test took, and its verdict beside that."""
    started = time.process_time()
    with FakeRunway() as runway:
        play(runway)
    ended = time.process_time()
    runway.verdict()
    return ended - started, time.process_time() - ended


@pytest.mark.parametrize("play", [only_a_create, a_clip, an_outage, a_long_wait])
def test_what_it_adds(play: Callable[[FakeRunway], None]) -> None:
    for _ in range(3):
        spent(play)
    rounds = [spent(play) for _ in range(ROUNDS)]
    test, verdict = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(
        f"\n{play.__name__}: test {test * 1e3:.2f} ms, verdict {verdict * 1e6:,.0f} µs: "
        f"{1 + verdict / test:.3f} times"
    )
    assert verdict < 0.05 * test
