"""Scripted tasks, outputs, pages and rules that nothing met fail the test, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from runwayml import InternalServerError, RunwayML

from pytest_runway.errors import UsageError
from tests.fake.conftest import CLIP
from tests.fake.noticing import create, noticed, wait

if TYPE_CHECKING:
    from pytest_runway import FakeRunway


def test_a_scripted_task_that_was_never_made_is_named_with_the_requests_that_made_none() -> None:
    def refuse(runway: FakeRunway) -> None:
        runway.next_task.running("9m").succeeds()
        runway.on("image_to_video").reply(503)
        with pytest.raises(InternalServerError):
            create()

    (problem,) = noticed(refuse)
    assert problem == (
        "a task was scripted and never created: next_task.running(540s) -> SUCCEEDED. "
        "0 tasks created, 1 scripted. Requests that made none: "
        "1 x POST image_to_video -> 503 (reply(503))."
    )


def test_a_wrong_output_that_nobody_fetched_is_named() -> None:
    def leave(runway: FakeRunway) -> None:
        runway.next_task.succeeds(output="html")
        runway.next_task.succeeds(output="empty")
        wait()
        create()

    first, second = noticed(leave)
    assert "an output was scripted to be 'html' and that never showed: task 1 (" in first
    assert "nobody fetched one of its files" in first
    assert "task 2 (image_to_video, gen4_turbo); it never succeeded: it was PENDING" in second


def test_a_wrong_output_that_was_fetched_has_struck() -> None:
    def fetch(runway: FakeRunway) -> None:
        runway.next_task.succeeds(output="html")
        done: Any = RunwayML().image_to_video.create(**CLIP).wait_for_task_output()
        assert "html" in httpx.get(done.output[0]).headers["content-type"]

    assert noticed(fetch) == []


@pytest.mark.parametrize(
    "fault",
    [{"status": 404}, {"redirect": "https://x.com/"}, {"slow": "11s"}, {"no_head": True}],
)
def test_a_page_that_cannot_be_fetched_and_was_never_asked_for_is_named(fault: object) -> None:
    def leave(runway: FakeRunway) -> None:
        runway.web.put("https://example.com/other.jpg", **fault)  # type: ignore[arg-type]
        runway.web.put("https://example.com/good.jpg", b"picture", content_type="image/jpeg")
        create(prompt_image="https://example.org/a.jpg")

    (problem,) = noticed(leave)
    assert problem == (
        "a page that cannot be fetched was put at https://example.com/other.jpg and never asked "
        "for. The URLs that bodies named: https://example.org/a.jpg."
    )


def test_a_page_that_was_asked_for_has_struck() -> None:
    def ask(runway: FakeRunway) -> None:
        runway.web.put("https://example.com/a.jpg", status=404)
        with pytest.raises(Exception, match="Validation of body failed"):
            create()

    assert noticed(ask) == []


def test_a_moderation_rule_that_never_struck_is_named_with_what_it_looked_at() -> None:
    def leave(runway: FakeRunway) -> None:
        runway.moderate(prompt="violence")
        create()
        create()

    (problem,) = noticed(leave)
    assert problem == (
        "a moderation rule was set and never struck: moderate(prompt='violence'). "
        "It looked at 2 requests, the last of which said 'a slow dolly-in'."
    )


def test_a_moderation_rule_that_let_pass_says_so() -> None:
    def leave(runway: FakeRunway) -> None:
        runway.moderate(prompt=True, public_figure=True)
        create(content_moderation={"public_figure_threshold": "low"})

    (problem,) = noticed(leave)
    assert "It looked at 1 request, and let 1 pass for publicFigureThreshold." in problem


def test_a_moderation_rule_need_not_strike_where_that_is_said() -> None:
    assert noticed(lambda r: r.moderate(prompt="violence", must_strike=False)) == []


def test_a_script_that_was_refused_is_waited_for_by_nobody() -> None:
    def mistype(runway: FakeRunway) -> None:
        with pytest.raises(UsageError, match=r"no failure code begins like 'SAFETY\.INPUT\.TXT'"):
            runway.next_task.running("1m").fails("SAFETY.INPUT.TXT")
        with pytest.raises(UsageError, match="not a duration"):
            runway.next_task.pending("5 parsecs")
        runway.next_task.cancelled()
        create()
        runway.clock.advance("1m")
        assert [task.status for task in runway.tasks] == ["CANCELLED"]

    assert noticed(mistype) == []


def test_scripts_that_say_the_same_are_one_problem() -> None:
    def forget(runway: FakeRunway) -> None:
        for _ in range(2):
            runway.next_task.sticks("PENDING")

    (problem,) = noticed(forget)
    assert problem.startswith("2 tasks were scripted and never created: next_task.pending()")
