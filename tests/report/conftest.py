from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests.keys.conftest import git

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["git"]

APPLICATION = """
import httpx
import pytest
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from runwayml import NotFoundError, RunwayML

from pytest_runway.media import sample
from pytest_runway.media.forge import flawed
from pytest_runway.media_fields import limits_of


@dataclass
class Clip:
    task: str
    url: str


def make_clip(prompt, image="https://example.com/portrait.jpg"):
    client = RunwayML()
    task = client.image_to_video.create(
        model="gen4_turbo", prompt_image=image, prompt_text=prompt, ratio="1280:720", duration=5
    )
    return Clip(task.id, task.wait_for_task_output().output[0])


def delete_clip(clip):
    try:
        RunwayML().tasks.delete(clip.task)
    except NotFoundError:
        pass
"""


@pytest.fixture
def run_golive(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., pytest.RunResult]:
    """Run a suite with the checklist, in a process of its own, warnings as errors."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(Path(pytester.path).parent))

    def run(source: str, *args: str) -> pytest.RunResult:
        pytester.makeini("[pytest]\nfilterwarnings = error\n")
        pytester.makepyfile(application=APPLICATION)
        pytester.makepyfile(test_suite="from application import *\n" + dedent(source))
        return pytester.runpytest_subprocess("-p", "runway", *args)

    return run
