"""A draft is made small, and enhanced by a task that names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from runwayml import BadRequestError, RunwayML

from pytest_runway import FakeRunway
from tests.assets.downloading import facts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"


@pytest.fixture
def runway() -> Iterator[FakeRunway]:
    with FakeRunway() as fake:
        yield fake


def make(**body: Any) -> Any:
    body = {"model": "seedance2_5", **body}
    told: Any = RunwayML().post("/v1/text_to_video", body=body, cast_to=object)
    return told["id"]


def draft(**body: Any) -> Any:
    return make(promptText="a lighthouse", ratio="640:640", duration=7, draft=True, **body)


def refused(id_: str) -> Any:
    with pytest.raises(BadRequestError) as caught:
        make(draftTaskId=id_)
    told: Any = caught.value.body
    (issue,) = told["issues"]
    assert (issue["code"], issue["path"]) == ("custom", ["draftTaskId"])
    return issue["message"]


def test_a_draft_comes_back_as_long_and_in_1080_lines(runway: FakeRunway) -> None:
    first = draft()
    runway.clock.advance(60)
    enhanced = make(draftTaskId=first.upper())
    facts = facts_of(RunwayML().tasks.retrieve(enhanced).wait_for_task_output())
    assert (facts.width, facts.height, facts.duration_ms) == (1080, 1080, 7000)


def test_what_is_no_draft_of_this_account_is_refused(runway: FakeRunway) -> None:
    assert refused(NOBODY) == "Could not find the draft task."
    plain = make(promptText="a lighthouse")
    runway.clock.advance(60)
    assert refused(plain) == "The task is no draft."
    first = draft()
    assert refused(first) == "The draft has not succeeded: it is PENDING."
    runway.clock.advance(60)
    RunwayML().tasks.delete(first)
    assert refused(first) == "Could not find the draft task."
    assert len(runway.tasks) == 2


def test_a_draft_that_failed_is_refused(runway: FakeRunway) -> None:
    runway.next_task.fails("INTERNAL")
    first = draft()
    runway.clock.advance(60)
    assert refused(first) == "The draft has not succeeded: it is FAILED."
