"""Tasks that go wrong by a plan, in process and over a socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_runway import FakeRunway, FaultPlan, RunwayServer
from pytest_runway.errors import HarnessProblem, UsageError
from pytest_runway.report.recording import record_of
from pytest_runway.report.timeline import lines
from tests.fake.asking import BODY, ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx


@pytest.fixture(params=[FakeRunway, RunwayServer], ids=["in process", "over loopback"])
def runway(request: pytest.FixtureRequest) -> Iterator[FakeRunway]:
    with request.param() as fake:
        yield fake


def post(runway: FakeRunway, **changes: Any) -> httpx.Response:
    return ask(runway, "POST", "image_to_video", {**BODY, **changes})


def told_after(runway: FakeRunway, duration: str) -> dict[str, Any]:
    """What is told of the task that was made last, after so long."""
    runway.clock.advance(duration)
    body: dict[str, Any] = ask(runway, "GET", f"tasks/{runway.tasks[-1].id}").json()
    return body


@pytest.mark.parametrize(
    ("plan", "ends"),
    [
        ("fails", {"status": "FAILED", "failureCode": "INTERNAL"}),
        ("fails null", {"status": "FAILED", "failureCode": None}),
        ("fails codeless", {"status": "FAILED"}),
        ("fails SAFETY.INPUT.TEXT", {"status": "FAILED", "failureCode": "SAFETY.INPUT.TEXT"}),
        ("cancelled on create", {"status": "CANCELLED"}),
        ("sticks RUNNING", {"status": "RUNNING"}),
        ("sticks PENDING", {"status": "PENDING"}),
        ("sticks THROTTLED", {"status": "THROTTLED"}),
        ("throttled 10m on image_to_video", {"status": "THROTTLED"}),
    ],
)
def test_a_plan_says_how_a_task_ends(plan: str, ends: dict[str, Any]) -> None:
    with FakeRunway(faults=plan) as runway:
        assert post(runway).status_code == 200
        told = told_after(runway, "9m")
    assert {key: told[key] for key in ("status", "failureCode") if key in told} == ends


def test_a_failure_is_paid_or_refunded_as_its_code_says(runway: FakeRunway) -> None:
    runway.on("create").dooms("fails SAFETY.INPUT.TEXT").dooms("fails ASSET.INVALID")
    for paid in (25, 25):
        post(runway)
        told_after(runway, "1m")
        assert runway.credits.charged == paid


def test_a_throttled_task_succeeds_later(runway: FakeRunway) -> None:
    runway.on("create").dooms("throttled 10m")
    post(runway)
    assert told_after(runway, "599s")["status"] == "THROTTLED"
    assert told_after(runway, "16s")["status"] == "SUCCEEDED"


def test_a_script_of_the_test_goes_before_a_plan(runway: FakeRunway) -> None:
    runway.arm("fails ASSET.INVALID: always")
    runway.next_task.succeeds()
    ends = []
    for _ in range(2):
        post(runway)
        ends.append(told_after(runway, "1m")["status"])
    assert ends == ["SUCCEEDED", "FAILED"]


def test_only_what_makes_a_task_is_counted(runway: FakeRunway) -> None:
    runway.arm("fails on *#2")
    for _ in range(3):
        ask(runway, "GET", "organization")
    ends = []
    for _ in range(3):
        post(runway)
        ends.append(told_after(runway, "1m")["status"])
    assert ends == ["SUCCEEDED", "FAILED", "SUCCEEDED"]


def test_a_request_that_is_refused_leaves_the_doom_to_the_next(runway: FakeRunway) -> None:
    armed = runway.on("create").dooms("cancelled")
    assert post(runway, duration=99).status_code == 400
    assert armed.fired == 0
    post(runway)
    assert (armed.fired, told_after(runway, "1m")["status"]) == (1, "CANCELLED")


def test_a_doom_is_a_step_of_a_script(runway: FakeRunway) -> None:
    runway.on("image_to_video").replies(503, "fails THIRD_PARTY.UNAVAILABLE", 200, strict=True)
    assert [post(runway).status_code for _ in range(3)] == [503, 200, 200]
    runway.clock.advance("1m")
    assert [task.status for task in runway.tasks] == ["FAILED", "SUCCEEDED"]


def test_chance_dooms_as_many_tasks_as_it_says() -> None:
    with FakeRunway(seed=3, faults="fails: 20%") as runway:
        for _ in range(200):
            post(runway)
        runway.clock.advance("1m")
        ended = [task.status for task in runway.tasks]
    assert 20 <= ended.count("FAILED") <= 60
    assert ended.count("FAILED") + ended.count("SUCCEEDED") == 200


def test_a_doom_that_no_task_met_is_named() -> None:
    with pytest.raises(HarnessProblem, match="armed and never fired") as raised:
        with FakeRunway() as runway:
            runway.on("create").dooms("cancelled")
            post(runway, duration=99)
    assert "on('create') dooms('cancelled')" in str(raised.value)
    assert "not what it needs, which is a request that makes a task" in str(raised.value)


def test_a_wrong_output_that_a_test_armed_has_to_show_and_one_of_the_run_need_not() -> None:
    with FakeRunway(background_faults="output expired: always") as runway:
        post(runway)
        runway.clock.advance("1m")
    with pytest.raises(HarnessProblem, match="output was scripted to be 'expired'"):
        with FakeRunway(faults="output expired") as runway:
            post(runway)
            runway.clock.advance("1m")


def test_the_answer_has_no_fault_and_the_timeline_names_it(runway: FakeRunway) -> None:
    runway.on("create").dooms("fails ASSET.INVALID")
    post(runway)
    assert runway.requests()[0].fault is None
    assert not runway.verdict(over=False)
    record = record_of(runway.engine.state, test="t", outcome="passed", seconds=0)
    told = " ".join(" ".join(lines(record)).split())
    assert "PENDING, fault: on('create') dooms('fails ASSET.INVALID')" in told


def test_what_is_no_life_of_a_task_is_refused(runway: FakeRunway) -> None:
    with pytest.raises(UsageError, match="'503' is nothing that a task goes through"):
        runway.on("create").dooms("503")
    with pytest.raises(UsageError, match="'tasks' makes no task that could go wrong"):
        runway.on("tasks").dooms("cancelled")
    with pytest.raises(UsageError, match="did you mean 'expired'"):
        runway.on("create").dooms("output expird")


@pytest.mark.parametrize(
    "text",
    [
        "fails INTERNAL",
        "fails null on create",
        "fails codeless: 3",
        "fails SAFETY.INPUT.TEXT on image_to_video of gen4_turbo: 5%",
        "cancelled",
        "sticks RUNNING",
        "throttled 10m",
        "output expired: always",
        "503 then cancelled then 200 on create exactly",
    ],
)
def test_what_a_plan_prints_it_reads(text: str) -> None:
    plan = FaultPlan.parse(text)
    assert str(plan) == text
    assert {plan, FaultPlan.parse(str(plan))} == {plan}


@pytest.mark.parametrize(
    ("text", "at", "why"),
    [
        ("fails SAFTEY", 7, "no failure code begins like 'SAFTEY'; known are SAFETY.INPUT.TEXT"),
        ("sticks", 7, "expected a live status: THROTTLED, PENDING, RUNNING, got the end"),
        ("sticks SUCCEEDED", 8, "expected a live status, got 'SUCCEEDED'"),
        ("throttled soon", 11, "not a duration: 'soon'"),
        ("output expird", 8, "did you mean 'expired'?"),
        ("canceled", 1, "did you mean 'cancelled'?"),
        ("503, fails on poll", 6, "'poll' makes no task that could go wrong"),
        ("fails on downloads", 1, "'downloads' makes no task"),
    ],
)
def test_what_says_no_doom_is_refused_with_the_place(text: str, at: int, why: str) -> None:
    with pytest.raises(UsageError) as raised:
        FaultPlan.parse(text)
    assert f"is wrong at character {at}: " in str(raised.value)
    assert why in str(raised.value)
