"""What belongs together is one finding, that counts."""

from __future__ import annotations

import pytest

from tests.report.story import Story
from tests.report.tells import moderated, tries


def words(story: Story, rule: str) -> list[str]:
    from pytest_runway.report.verdict import judge

    return [finding.message for finding in judge(story.state) if finding.rule == rule]


LEFT = "(image_to_video, gen4_turbo) is PENDING"


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (3, f"task 2 {LEFT}, task 3 {LEFT}: 75 credits"),
        (5, f"task 3 {LEFT} and 2 more: 125 credits"),
    ],
)
def test_orphans_are_one_finding_that_names_three(count: int, said: str) -> None:
    story = Story()
    for place in range(count):
        story.create(clip={"promptText": f"number {place}"})
    (message,) = words(story, "orphan_running")
    assert said in message


def test_an_input_that_is_sent_for_a_third_time_is_one_finding() -> None:
    story = Story()
    moderated(again=6)(story)
    ending = story.state.tasks[0].ending
    assert ending is not None
    story.engine.lifecycle.end(story.state.tasks[1], ending)
    story.poll("FAILED", 12, task=2)
    story.create(12)
    (message,) = words(story, "retried_moderation")
    assert message.endswith("the same input was sent again, 2 times: requests 3 and 6")


def test_being_early_twice_is_one_finding() -> None:
    story = Story()
    tries(1, 2, 3, retry_after_ms=2_500)(story)
    (message,) = words(story, "retry_after_ignored")
    assert message == (
        "POST /v1/image_to_video was answered with 503 and Retry-After 2.5 s at 0 s, and sent "
        "again after 1 s, 2 times in all"
    )
