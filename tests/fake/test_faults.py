"""Faults of the wire, as the official SDK meets them."""

from __future__ import annotations

import httpx
import pytest
import runwayml
from runwayml import AsyncRunwayML, RunwayML

from pytest_runway import FakeRunway
from pytest_runway.errors import HarnessProblem, UsageError
from tests.fake.conftest import CLIP


def statuses(runway: FakeRunway, operation: str = "image_to_video") -> list[int | None]:
    return [exchange.status for exchange in runway.requests(operation)]


def test_one_429_costs_two_posts_and_the_task_succeeds() -> None:
    with FakeRunway() as runway:
        runway.on("image_to_video").reply(429)
        done = RunwayML().image_to_video.create(**CLIP).wait_for_task_output()
        assert done.status == "SUCCEEDED"
        assert statuses(runway) == [429, 200]
        assert len(runway.tasks) == 1


def test_three_503_are_an_internal_server_error() -> None:
    with FakeRunway() as runway:
        runway.on("image_to_video").reply(503, times=3)
        with pytest.raises(runwayml.InternalServerError):
            RunwayML().image_to_video.create(**CLIP)
        assert statuses(runway) == [503, 503, 503]
        assert (len(runway.tasks), runway.credits.charged) == (0, 0)


@pytest.mark.parametrize(("by", "waited"), [("timeout", 60), ("reset", 0), ("502", 0), ("504", 0)])
def test_a_lost_reply_is_committed_and_billed_and_asked_for_again(by: str, waited: int) -> None:
    with FakeRunway() as runway:
        runway.on("image_to_video").loses_reply(by=by)  # type: ignore[arg-type]  # each in turn
        RunwayML().image_to_video.create(**CLIP)
        assert len(runway.tasks) == 2
        assert runway.credits.charged == 50
        assert waited <= runway.clock.elapsed < waited + 2


def test_a_reply_after_commit_hides_a_task_that_exists() -> None:
    with FakeRunway() as runway:
        runway.on("image_to_video").reply(500, after_commit=True)
        RunwayML(max_retries=0)
        with pytest.raises(runwayml.InternalServerError):
            RunwayML(max_retries=0).image_to_video.create(**CLIP)
        assert len(runway.tasks) == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, runwayml.BadRequestError),
        (401, runwayml.AuthenticationError),
        (403, runwayml.PermissionDeniedError),
        (404, runwayml.NotFoundError),
        (409, runwayml.ConflictError),
        (413, runwayml.APIStatusError),
        (422, runwayml.UnprocessableEntityError),
        (429, runwayml.RateLimitError),
        (500, runwayml.InternalServerError),
        (502, runwayml.InternalServerError),
        (503, runwayml.InternalServerError),
        (504, runwayml.InternalServerError),
        (418, runwayml.APIStatusError),
    ],
)
def test_every_status_has_a_body_of_its_own(
    status: int, error: type[runwayml.APIStatusError]
) -> None:
    with FakeRunway() as runway:
        runway.on("image_to_video").reply(status)
        with pytest.raises(error) as raised:
            RunwayML(max_retries=0).image_to_video.create(**CLIP)
        assert raised.value.status_code == status
        assert raised.value.response.text


@pytest.mark.parametrize(
    ("wait", "least", "most"), [("59s", 59, 60), (61, 0, 1), ("1500ms", 1.5, 2)]
)
def test_a_retry_after_costs_virtual_time(wait: str | int, least: float, most: float) -> None:
    # The SDK obeys a Retry-After of up to 60 s and ignores longer ones (facts §7).
    with FakeRunway() as runway:
        runway.on("image_to_video").reply(429, retry_after=wait)
        RunwayML().image_to_video.create(**CLIP)
        assert least <= runway.clock.elapsed <= most


BREAKS = [
    ("refuse", httpx.ConnectError, 0),
    ("hang", httpx.ReadTimeout, 0),
    ("reset", httpx.ReadError, 0),
    ("cut", httpx.RemoteProtocolError, 1),
]


@pytest.mark.parametrize(("kind", "error", "tasks"), BREAKS)
def test_a_break_is_seen_as_httpx_shows_the_real_one(
    kind: str, error: type[Exception], tasks: int
) -> None:
    with FakeRunway() as runway:
        runway.on("image_to_video").breaks(kind)  # type: ignore[arg-type]  # each in turn
        with pytest.raises(runwayml.APIConnectionError) as raised:
            RunwayML(max_retries=0).image_to_video.create(**CLIP)
        assert isinstance(raised.value.__cause__, error)
        assert len(runway.tasks) == tasks
        assert statuses(runway) == [None]
        assert runway.clock.elapsed == (60 if kind == "hang" else 0)


@pytest.mark.asyncio
@pytest.mark.parametrize(("kind", "error", "tasks"), BREAKS)
async def test_a_break_is_the_same_for_an_async_client(
    kind: str, error: type[Exception], tasks: int
) -> None:
    with FakeRunway() as runway:
        runway.on("image_to_video").breaks(kind)  # type: ignore[arg-type]  # each in turn
        with pytest.raises(runwayml.APIConnectionError) as raised:
            await AsyncRunwayML(max_retries=0).image_to_video.create(**CLIP)
        assert isinstance(raised.value.__cause__, error)
        assert len(runway.tasks) == tasks
        assert runway.clock.elapsed == (60 if kind == "hang" else 0)


def test_a_drip_is_whole_but_late() -> None:
    with FakeRunway() as runway:
        runway.on("image_to_video").breaks("drip")
        task = RunwayML().image_to_video.create(**CLIP)
        assert task.id == runway.tasks[0].id
        assert runway.clock.elapsed >= 5


def test_a_hang_without_a_timeout_is_ended_and_reported() -> None:
    with pytest.raises(HarnessProblem, match="no read timeout"), FakeRunway() as runway:
        runway.on("organization").breaks("hang")
        with pytest.raises(BaseException, match="virtual"):
            RunwayML(timeout=None, max_retries=0).organization.retrieve()


def test_faults_strike_in_the_order_in_which_they_were_armed() -> None:
    with FakeRunway() as runway:
        runway.on("image_to_video").reply(429).reply(502)
        runway.on("*").reply(503, times=2)
        RunwayML(max_retries=5).image_to_video.create(**CLIP)
        assert statuses(runway) == [429, 502, 503, 503, 200]


def test_a_fault_can_wait_for_a_model_a_method_and_the_nth_request() -> None:
    with FakeRunway() as runway:
        runway.on("image_to_video", model="gen4.5").reply(503)
        runway.on("tasks", method="GET", nth=2).reply(404)
        client = RunwayML(max_retries=0)
        task = client.image_to_video.create(**CLIP)
        with pytest.raises(runwayml.InternalServerError):
            client.image_to_video.create(**{**CLIP, "model": "gen4.5"})
        client.tasks.retrieve(task.id)
        with pytest.raises(runwayml.NotFoundError):
            client.tasks.retrieve(task.id)
        client.tasks.delete(task.id)
        assert statuses(runway, "tasks") == [200, 404, 204]


def test_a_body_goes_out_as_it_is_given() -> None:
    with FakeRunway() as runway:
        runway.on("organization").reply(200, body="<html>busy</html>")
        runway.on("organization").reply(200, body=b'{"tier": ')
        runway.on("organization").reply(200, body={"tier": None}, headers={"X-Mine": "yes"})
        url, headers = f"{runway.base_url}/v1/organization", {"X-Runway-Version": "2024-11-06"}
        html, cut, custom = (httpx.get(url, headers=headers) for _ in range(3))
        assert (html.text, html.headers["content-type"][:9]) == ("<html>busy</html>", "text/html")
        assert cut.content == b'{"tier": '
        assert (custom.json(), custom.headers["x-mine"]) == ({"tier": None}, "yes")


def test_a_fault_that_never_fired_is_raised_at_the_end() -> None:
    with pytest.raises(HarnessProblem, match=r"never fired: on\('text_to_video'\) reply\(503\)"):
        with FakeRunway() as runway:
            runway.on("text_to_video").reply(503)
            RunwayML().image_to_video.create(**CLIP)


def test_an_error_in_the_block_is_not_replaced() -> None:
    with pytest.raises(ZeroDivisionError), FakeRunway() as runway:
        runway.on("text_to_video").reply(503)
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("arm", "message"),
    [
        (lambda r: r.on("image_to_vido"), "image_to_video"),
        (lambda r: r.on("image_to_video", method="GET"), "expected one of POST"),
        (lambda r: r.on("image_to_video", nth=0), "nth=0"),
        (lambda r: r.on("*").reply(99), "expected a whole number, 200 to 599"),
        (lambda r: r.on("*").reply("503"), "expected a whole number, 200 to 599"),
        (lambda r: r.on("*").reply(503, times=0), "times=0"),
        (lambda r: r.on("*").reply(503, retry_after="soon"), "not a duration: 'soon'"),
        (lambda r: r.on("*").reply(200, body=object()), "not JSON"),
        (lambda r: r.on("*").breaks("explode"), "refuse, hang, reset, cut, drip"),
        (lambda r: r.on("*").breaks("refuse", after_commit=True), "nothing is committed"),
        (lambda r: r.on("*").breaks("cut", after_commit=False), "has taken effect"),
        (lambda r: r.on("*").loses_reply(by="magic"), "timeout, reset, 502, 504"),
        (lambda r: r.requests("image_to_vido"), "image_to_video"),
        (lambda r: r.next_task.fails("SAFTY.INPUT"), "SAFETY.INPUT.TEXT"),
        (lambda r: r.next_task.fails("ASSET.INVALID", null_code=True), "got 'ASSET.INVALID'"),
        (lambda r: r.next_task.sticks("SUCCEEDED"), "THROTTLED, PENDING, RUNNING"),
        (lambda r: r.next_task.pending(), "either a duration or polls"),
        (lambda r: r.next_task.pending("5s", polls=1), "either a duration or polls"),
        (lambda r: r.next_task.pending(polls=0), "polls=0"),
        (lambda r: r.next_task.running("1s").pending("1s"), "never PENDING again"),
        (lambda r: r.next_task.succeeds().fails(), "has ended already"),
        (lambda r: r.next_task.running("-1s"), "not a duration: '-1s'"),
    ],
)
def test_misuse_is_refused_at_the_call_and_names_what_is_valid(arm: object, message: str) -> None:
    runway = FakeRunway().start()
    try:
        with pytest.raises(UsageError) as raised:
            arm(runway)  # type: ignore[operator]  # a table of calls
        assert message in str(raised.value)
    finally:
        runway.stop()
