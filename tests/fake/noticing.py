"""What the harness notices of a test that does something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runwayml import RunwayML

from pytest_runway import FakeRunway
from tests.fake.conftest import CLIP

if TYPE_CHECKING:
    from collections.abc import Callable


def noticed(does: Callable[[FakeRunway], object], **settings: Any) -> list[str]:
    runway = FakeRunway(**settings).start()
    try:
        does(runway)
    finally:
        runway.stop()
    return runway.problems


def create(**changes: object) -> None:
    RunwayML(max_retries=0).image_to_video.create(**{**CLIP, **changes})


def wait() -> None:
    RunwayML(max_retries=0).image_to_video.create(**CLIP).wait_for_task_output()
