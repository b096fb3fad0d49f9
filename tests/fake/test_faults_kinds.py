"""Every kind of fault, in process and over a socket."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from runwayml import RunwayML

from pytest_runway import FakeRunway, RunwayServer
from pytest_runway.contract import load
from tests.fake.asking import ask, poll, post
from tests.fake.conftest import CLIP

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=[FakeRunway, RunwayServer], ids=["in process", "over loopback"])
def runway(request: pytest.FixtureRequest) -> Iterator[FakeRunway]:
    with request.param() as fake:
        yield fake


# Garbled answers


def test_html_empty_and_truncated_are_200_and_no_json(runway: FakeRunway) -> None:
    runway.on("image_to_video").garbles("html").garbles("empty").garbles("truncated")
    html, empty, cut, whole = (post(runway) for _ in range(4))
    assert (html.status_code, html.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert html.text.startswith("<!DOCTYPE html>")
    assert (empty.status_code, empty.content) == (200, b"")
    assert (cut.status_code, cut.headers["content-length"]) == (200, str(len(cut.content)))
    assert (
        cut.content
        == whole.content.replace(runway.tasks[3].id.encode(), runway.tasks[2].id.encode())[
            : len(whole.content) // 2
        ]
    )
    assert [each.fault for each in runway.requests()] == [
        "garbles('html')",
        "garbles('empty')",
        "garbles('truncated')",
        None,
    ]
    assert runway.credits.charged == 100


def test_a_missing_field_is_the_one_that_matters(runway: FakeRunway) -> None:
    runway.on("image_to_video").garbles("missing_field")
    runway.on("poll").garbles("missing_field")
    created = post(runway)
    assert (created.status_code, created.json()) == (200, {"estimatedCost": {"credits": 25}})
    assert list(poll(runway)) == ["id", "createdAt", "estimatedCost"]


def test_an_unknown_status_is_none_of_runways(runway: FakeRunway) -> None:
    runway.on("poll").garbles("unknown_status")
    post(runway)
    assert poll(runway)["status"] == "ARCHIVED"
    assert poll(runway)["status"] == "PENDING"


def test_percent_waits_for_a_running_task(runway: FakeRunway) -> None:
    runway.on("tasks").garbles("percent")
    post(runway)
    assert "progress" not in poll(runway)
    runway.clock.advance("10s")
    assert [poll(runway)["progress"] for _ in range(2)] == [50, 0.5]


def test_no_output_waits_for_a_task_that_succeeded(runway: FakeRunway) -> None:
    runway.on("tasks").garbles("no_output")
    post(runway)
    assert poll(runway)["status"] == "PENDING"
    runway.clock.advance("20s")
    first, second = poll(runway), poll(runway)
    assert (first["status"], first["output"], len(second["output"])) == ("SUCCEEDED", [], 1)


def test_backwards_is_the_status_before_the_one_that_was_told(runway: FakeRunway) -> None:
    runway.on("tasks").garbles("backwards", times=2)
    post(runway)
    assert poll(runway)["status"] == "PENDING"
    runway.clock.advance("6s")
    assert poll(runway)["status"] == "RUNNING"
    assert list(poll(runway)) == ["id", "createdAt", "status", "estimatedCost"]
    runway.clock.advance("20s")
    assert poll(runway)["status"] == "SUCCEEDED"
    back = poll(runway)
    assert (back["status"], back["progress"]) == ("RUNNING", 0.5)
    assert poll(runway)["status"] == "SUCCEEDED"


def test_stale_says_again_what_was_told_before(runway: FakeRunway) -> None:
    runway.on("tasks").garbles("stale")
    post(runway)
    pending = poll(runway)
    assert poll(runway) == pending
    assert runway.requests("tasks")[1].fault is None
    runway.clock.advance("20s")
    assert poll(runway) == pending
    assert poll(runway)["status"] == "SUCCEEDED"


def test_a_refusal_is_not_garbled(runway: FakeRunway) -> None:
    runway.on("image_to_video").garbles("html")
    assert ask(runway, "POST", "image_to_video", {}).status_code == 400
    assert post(runway).text.startswith("<!DOCTYPE")


# Retry-After


@pytest.mark.parametrize(
    ("wait", "form", "name", "value"),
    [
        ("3s", "seconds", "retry-after", "3"),
        ("1500ms", "seconds", "retry-after", "1.5"),
        (10**9, "seconds", "retry-after", "1000000000"),
        ("1500ms", "milliseconds", "retry-after-ms", "1500"),
        ("-1", "text", "retry-after", "-1"),
        ("abc", "text", "retry-after", "abc"),
        (-1, "text", "retry-after", "-1"),
    ],
)
def test_retry_after_is_sent_in_the_form_that_is_asked_for(
    runway: FakeRunway, wait: Any, form: Any, name: str, value: str
) -> None:
    runway.on("organization").reply(429, retry_after=wait, retry_after_as=form)
    headers = ask(runway, "GET", "organization").headers
    assert headers[name] == value
    assert {"retry-after", "retry-after-ms"} & set(headers) == {name}


def test_retry_after_as_a_date_is_one_of_virtual_time(runway: FakeRunway) -> None:
    runway.clock.advance("1h")
    runway.on("organization").reply(503, retry_after="30s", retry_after_as="date")
    date = ask(runway, "GET", "organization").headers["retry-after"]
    until = datetime.strptime(date, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=timezone.utc)
    assert 30 <= until.timestamp() - runway.clock.now < 31


@pytest.mark.parametrize(
    ("form", "wait", "least", "most"),
    [
        ("seconds", "59s", 59, 60),
        ("milliseconds", "2500ms", 2.5, 3),
        ("date", "20s", 19, 22),
        ("text", "-1", 0, 1),
        ("text", "soon", 0, 1),
    ],
)
def test_the_sdk_waits_as_long_as_it_is_told_if_that_makes_sense(
    form: Any, wait: str, least: float, most: float
) -> None:
    with FakeRunway() as runway:
        runway.on("image_to_video").reply(429, retry_after=wait, retry_after_as=form)
        RunwayML().image_to_video.create(**CLIP)
        assert least <= runway.clock.elapsed <= most


# Failures


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (("THIRD_PARTY.UNAVAILABLE",), {"failureCode": "THIRD_PARTY.UNAVAILABLE"}),
        ((None,), {}),
        ((), {"failureCode": "INTERNAL"}),
    ],
)
def test_a_failure_has_a_code_or_none(
    runway: FakeRunway, said: tuple[str | None, ...], shown: dict[str, str | None]
) -> None:
    runway.next_task.fails(*said)
    post(runway)
    runway.clock.advance("20s")
    told = poll(runway)
    assert {key: told[key] for key in told if key == "failureCode"} == shown
    assert told["cost"] == {"credits": 0}


def test_a_failure_code_may_be_null(runway: FakeRunway) -> None:
    runway.next_task.fails(null_code=True)
    post(runway)
    runway.clock.advance("20s")
    told = poll(runway)
    assert list(told) == ["id", "createdAt", "status", "failure", "failureCode", "cost"]
    assert (told["failureCode"], told["cost"]) == (None, {"credits": 0})


# Ambiguous commits


@pytest.mark.parametrize("by", [502, 504, "502"])
def test_a_lost_reply_of_a_refused_request_waits_for_one_that_commits(
    runway: FakeRunway, by: Any
) -> None:
    runway.on("image_to_video").loses_reply(by=by)
    assert ask(runway, "POST", "image_to_video", {}).status_code == 400
    assert post(runway).status_code == int(by)
    assert len(runway.tasks) == 1


@pytest.mark.parametrize("error", sorted(load().document["x-runway-errors"]))
def test_each_of_runways_errors_can_be_the_answer(runway: FakeRunway, error: str) -> None:
    runway.on("image_to_video").reply(error)
    stated = load().document["x-runway-errors"][error]
    answer = post(runway)
    assert answer.status_code == stated["status"]
    assert not re.search(r"\{[a-z_]+\}", answer.text)
    assert len(runway.tasks) == 0


def test_a_hang_after_the_commit_leaves_a_task(runway: FakeRunway) -> None:
    runway.on("image_to_video").breaks("hang", after_commit=True)
    with pytest.raises(httpx.ReadTimeout):
        post(runway)
    assert len(runway.tasks) == 1
