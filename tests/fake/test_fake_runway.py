"""The fake as a context manager: what it puts in place, what it leaves behind, what it shows."""

from __future__ import annotations

import os
import socket
import threading
import time

import httpx
import pytest
import runwayml
from runwayml import AsyncRunwayML, RunwayML, TaskFailedError, TaskTimeoutError

import pytest_runway
from pytest_runway import FakeRunway
from pytest_runway.clock import virtual_time
from pytest_runway.errors import HarnessProblem, UsageError
from tests.fake.conftest import CLIP


def test_the_environment_points_at_the_fake_inside_and_is_restored_outside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RUNWAYML_API_SECRET", "mine")
    monkeypatch.delenv("RUNWAYML_BASE_URL", raising=False)
    with FakeRunway() as runway:
        assert os.environ["RUNWAYML_API_SECRET"] == runway.api_key
        assert os.environ["RUNWAYML_BASE_URL"] == runway.base_url
    assert os.environ["RUNWAYML_API_SECRET"] == "mine"
    assert "RUNWAYML_BASE_URL" not in os.environ


@pytest.mark.parametrize("started_ms", [0, 0.1, 1.5, 63.4, 124.9])
def test_the_times_of_requests_do_not_depend_on_when_it_all_began(
    monkeypatch: pytest.MonkeyPatch, started_ms: float
) -> None:
    second_ns = time.time_ns() // 10**9 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: second_ns + int(started_ms * 10**6))
    with FakeRunway() as runway, RunwayML() as client:
        for pause in (1.317, 0.4825, 0.0004):
            time.sleep(pause)
            client.organization.retrieve()
        assert [request.at for request in runway.requests()] == [1.317, 1.799, 1.799]
    with virtual_time(), FakeRunway() as runway, RunwayML() as client:
        time.sleep(1.317)
        client.organization.retrieve()
        assert [request.at for request in runway.requests()] == [1.317]


def test_nothing_stays_patched() -> None:
    def patched() -> list[object]:
        return [
            httpx.HTTPTransport.handle_request,
            httpx.AsyncHTTPTransport.handle_async_request,
            httpx._transports.default.create_ssl_context,  # type: ignore[attr-defined]
            socket.getaddrinfo,
            time.sleep,
            time.time,
            time.monotonic,
            threading.Thread.start,
        ]

    before = patched()
    with FakeRunway():
        assert patched() != before
    with pytest.raises(KeyboardInterrupt), FakeRunway():
        raise KeyboardInterrupt
    assert patched() == before


def test_the_key_has_runways_shape_and_says_that_it_is_fake() -> None:
    with FakeRunway() as runway:
        assert runway.api_key.startswith("key_fa4e")
        assert len(runway.api_key) == len("key_") + 128


def test_the_innermost_of_two_fakes_answers_and_each_keeps_its_tasks() -> None:
    with FakeRunway(seed="outer") as outer:
        client = RunwayML()
        before = client.image_to_video.create(**CLIP)
        with FakeRunway(seed="inner") as inner:
            client.image_to_video.create(**CLIP)
            assert client.tasks.retrieve(before.id).id == before.id
            assert (len(outer.tasks), len(inner.tasks)) == (1, 1)
            time.sleep(30)
            assert (outer.clock.elapsed, inner.clock.elapsed) == (30, 30)
        time.sleep(5)
        assert (outer.clock.elapsed, inner.clock.elapsed) == (35, 30)


def test_a_fake_is_used_once() -> None:
    runway = FakeRunway()
    with pytest.raises(UsageError, match="has not started"):
        _ = runway.tasks
    with runway:
        pass
    with pytest.raises(UsageError, match="make a new one"):
        runway.start()
    runway.stop()


def test_what_happened_can_be_read_after_the_block() -> None:
    with FakeRunway() as runway:
        RunwayML().image_to_video.create(**CLIP).wait_for_task_output()
    assert runway.tasks[0].status == "SUCCEEDED"
    assert runway.requests()[0].status == 200
    assert runway.problems == []


def test_requests_say_what_was_asked_when_and_with_a_redacted_key() -> None:
    with FakeRunway() as runway:
        RunwayML().image_to_video.create(**{**CLIP, "prompt_text": "x" * 900})
        (asked,) = runway.requests("image_to_video")
        assert (asked.method, asked.path, asked.status) == ("POST", "/v1/image_to_video", 200)
        assert (asked.at, asked.model, asked.task) == (0.0, "gen4_turbo", 1)
        assert asked.headers["authorization"] == "Bearer key_fa4e…"
        assert asked.body["promptText"].endswith("… (900 characters)")
        assert runway.requests("tasks") == []


def test_tasks_are_counted_and_found_like_the_members_of_any_sequence() -> None:
    with FakeRunway() as runway, RunwayML() as client:
        assert runway.tasks.count == 0
        for _ in range(3):
            client.image_to_video.create(**CLIP)
        first, *_, last = runway.tasks
        assert runway.tasks.count == len(runway.tasks) == 3
        assert runway.tasks.count(last) == 1
        assert last in runway.tasks
        assert runway.tasks.index(last) == 2
        assert {first, last} == {runway.tasks[0], runway.tasks[-1]} != {first}


def test_sites_name_requests_the_same_way_in_each_run() -> None:
    def sites() -> list[str]:
        with FakeRunway() as runway:
            client = RunwayML()
            task = client.image_to_video.create(**CLIP)
            client.image_to_video.create(**CLIP)
            client.tasks.retrieve(task.id)
            client.tasks.retrieve(task.id)
            return [asked.site for asked in runway.requests()]

    first = sites()
    assert first == sites()
    assert len(set(first)) == 4


def test_a_wait_of_ten_minutes_times_out_after_ten_virtual_minutes() -> None:
    with FakeRunway() as runway:
        runway.next_task.sticks("RUNNING")
        task = RunwayML().image_to_video.create(**CLIP)
        with pytest.raises(TaskTimeoutError):
            task.wait_for_task_output()
        assert 600 <= runway.clock.elapsed <= 609


@pytest.mark.asyncio
async def test_the_async_wait_is_as_long() -> None:
    with FakeRunway() as runway:
        runway.next_task.sticks("RUNNING")
        async with AsyncRunwayML() as client:
            task = await client.image_to_video.create(**CLIP)
            with pytest.raises(TaskTimeoutError):
                await task.wait_for_task_output()
        assert 600 <= runway.clock.elapsed <= 609


def test_the_clock_can_be_advanced() -> None:
    with FakeRunway() as runway:
        client = RunwayML()
        task = client.image_to_video.create(**CLIP)
        runway.clock.advance("24h")
        assert runway.clock.elapsed == 86_400
        assert client.tasks.retrieve(task.id).status == "SUCCEEDED"


@pytest.mark.parametrize(
    "code",
    [
        "SAFETY.INPUT.TEXT",
        "SAFETY.INPUT.IMAGE",
        "SAFETY.INPUT.VIDEO",
        "SAFETY.INPUT.AUDIO",
        "SAFETY.OUTPUT.VIDEO",
        "SAFETY.OUTPUT.IMAGE",
        "INPUT_PREPROCESSING.SAFETY.TEXT",
        "INPUT_PREPROCESSING.SAFETY.THIRD_PARTY",
        "INPUT_PREPROCESSING.INTERNAL",
        "INTERNAL.BAD_OUTPUT.CODE01",
        "INTERNAL",
        "ASSET.INVALID",
        "THIRD_PARTY.UNAVAILABLE",
        "THIRD_PARTY.INPUT_VALIDATION",
    ],
)
def test_a_scripted_failure_reaches_the_sdk(code: str) -> None:
    with FakeRunway() as runway:
        runway.next_task.throttled("30s").pending("5s").running("9m").fails(code)
        task = RunwayML().image_to_video.create(**CLIP)
        with pytest.raises(TaskFailedError) as raised:
            task.wait_for_task_output()
        assert raised.value.task_details.failure_code == code  # type: ignore[union-attr]
        assert [status for _, status in runway.tasks[0].history] == [
            "THROTTLED",
            "PENDING",
            "RUNNING",
            "FAILED",
        ]
        assert [at for at, _ in runway.tasks[0].history] == [0, 30, 35, 575]


def test_a_task_can_be_moved_by_hand() -> None:
    with FakeRunway() as runway:
        runway.next_task.by_hand()
        client = RunwayML()
        task_id = client.image_to_video.create(**CLIP).id
        (task,) = runway.tasks
        seen = []
        for move in (task.throttle, task.pend, task.run, task.succeed):
            move()
            seen.append(client.tasks.retrieve(task_id).status)
        assert seen == ["THROTTLED", "PENDING", "RUNNING", "SUCCEEDED"]
        with pytest.raises(UsageError, match="a terminal status never changes"):
            task.fail()


def test_a_client_in_another_thread_is_answered_too() -> None:
    with FakeRunway() as runway:
        threads = [
            threading.Thread(target=lambda: RunwayML().image_to_video.create(**CLIP))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(runway.tasks) == 8
        assert runway.credits.charged == 200


def test_other_hosts_are_left_alone() -> None:
    with FakeRunway() as runway, httpx.Client() as client:
        with pytest.raises(httpx.ConnectError):
            client.get("http://127.0.0.1:1/")
        assert runway.requests() == []


def test_a_scripted_task_that_is_never_created_is_raised_at_the_end() -> None:
    with pytest.raises(HarnessProblem, match="a task was scripted and never created"):
        with FakeRunway() as runway:
            runway.next_task.fails("INTERNAL")


def test_a_low_balance_refuses_what_it_cannot_pay() -> None:
    with FakeRunway(credits=49) as runway:
        client = RunwayML()
        client.image_to_video.create(**CLIP)
        with pytest.raises(runwayml.BadRequestError, match="not have enough credits"):
            client.image_to_video.create(**CLIP)
        assert (runway.credits.charged, runway.credits.balance) == (25, 24)


def test_the_public_names_are_there_and_no_others() -> None:
    assert "FakeRunway" in dir(pytest_runway)
    with pytest.raises(AttributeError, match="no attribute 'FakeRunwai'"):
        pytest_runway.FakeRunwai  # noqa: B018
