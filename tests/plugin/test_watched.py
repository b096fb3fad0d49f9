"""What the go-live checklist asks to be watched, in the summary of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

SUITE = """
import pytest, runwayml
from runwayml import RunwayML

IMAGE = dict(model="gen4_image", prompt_text="a meadow", ratio="1920:1080")

@pytest.mark.runway(tier=1)
def test_throttled(runway):
    for _ in range(3):
        RunwayML().text_to_image.create(**IMAGE)

def test_moderated(runway):
    runway.moderate(prompt=True)
    task = RunwayML().text_to_image.create(**IMAGE)
    with pytest.raises(runwayml.TaskFailedError):
        task.wait_for_task_output()

def test_refused(runway):
    with pytest.raises(runwayml.BadRequestError):
        RunwayML().text_to_image.create(**{**IMAGE, "ratio": "1:1"})
"""


def test_errors_throttled_and_moderated_tasks_are_added_up(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SUITE)
    result = pytester.runpytest_subprocess("--runway-fake")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        ["to watch: 1 error (*% of requests), 1 throttled task, 1 moderated task"]
    )


def test_a_run_without_any_says_nothing_of_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "from runwayml import RunwayML\n"
        "def test_it(runway): assert RunwayML().organization.retrieve()\n"
    )
    result = pytester.runpytest_subprocess("--runway-fake")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("to watch:*")
