"""The life of a task: statuses, bodies key for key, credits."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pytest_runway.engine.timeline import Ending, Phase, Timeline
from tests.engine.conftest import CLIP, Caller, new_caller


class Script:
    def __init__(self, *phases: Phase, ending: Ending | None) -> None:
        self.timeline = Timeline(phases, ending)


def script(call: Caller, *phases: Phase, ending: Ending | None) -> None:
    call.engine.state.scripts.append(Script(*phases, ending=ending))


def test_a_create_answers_with_id_and_estimate(call: Caller) -> None:
    reply = call.reply("POST", "/v1/image_to_video", CLIP)
    body = reply.json()
    assert reply.status == 200
    assert list(body) == ["id", "estimatedCost"]
    assert body["estimatedCost"] == {"credits": 25}
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", body["id"]
    )


def test_the_default_life_goes_from_pending_over_running_to_succeeded(call: Caller) -> None:
    task = call.create()
    seen = [call.at(second).task(task)["status"] for second in (0, 4.999, 5, 14.999, 15, 10_000)]
    assert seen == ["PENDING", "PENDING", "RUNNING", "RUNNING", "SUCCEEDED", "SUCCEEDED"]


def test_each_status_has_its_keys_in_the_order_of_the_wire(call: Caller) -> None:
    task = call.create()
    live = ["id", "createdAt", "status", "estimatedCost"]
    assert list(call.at(1).task(task)) == live
    assert list(call.at(6).task(task)) == ["id", "createdAt", "status", "progress", "estimatedCost"]
    done = call.at(20).task(task)
    assert list(done) == ["id", "createdAt", "status", "output", "cost"]
    assert done["createdAt"] == "2027-01-15T08:00:00.000Z"
    assert done["cost"] == {"credits": 25}


def test_progress_grows_and_never_reaches_one(call: Caller) -> None:
    task = call.create()
    seen = [call.at(second).task(task)["progress"] for second in (5, 7.5, 10, 14.999)]
    assert seen == [0.02, 0.25, 0.5, 0.98]


@pytest.mark.parametrize(
    ("code", "cost"),
    [
        ("SAFETY.INPUT.TEXT", 25),
        ("SAFETY.INPUT.IMAGE", 25),
        ("SAFETY.INPUT.VIDEO", 25),
        ("SAFETY.INPUT.AUDIO", 25),
        ("SAFETY.OUTPUT.VIDEO", 0),
        ("SAFETY.OUTPUT.IMAGE", 0),
        ("INPUT_PREPROCESSING.SAFETY.TEXT", 0),
        ("INPUT_PREPROCESSING.SAFETY.THIRD_PARTY", 0),
        ("INPUT_PREPROCESSING.INTERNAL", 0),
        ("INTERNAL.BAD_OUTPUT.CODE01", 0),
        ("INTERNAL", 0),
        (None, 0),
        ("ASSET.INVALID", 0),
        ("THIRD_PARTY.UNAVAILABLE", 0),
        ("THIRD_PARTY.INPUT_VALIDATION", 0),
    ],
)
def test_a_failed_task_is_refunded_by_the_table(call: Caller, code: str | None, cost: int) -> None:
    script(call, Phase("RUNNING", ms=1000), ending=Ending("FAILED", code, "It failed."))
    task = call.create()
    body = call.at(2).task(task)
    keys = ["id", "createdAt", "status", "failure", "failureCode", "cost"]
    assert list(body) == [key for key in keys if code or key != "failureCode"]
    assert body["failure"] == "It failed."
    assert body["cost"] == {"credits": cost}
    assert call.engine.state.ledger.charged == cost


@pytest.mark.parametrize(
    ("second", "charged"), [(1, 0), (6, 25), (20, 25)], ids=["pending", "running", "finished"]
)
def test_a_delete_refunds_only_what_was_not_running(
    call: Caller, second: float, charged: int
) -> None:
    task = call.create()
    call.at(second)
    gone = call.reply("DELETE", f"/v1/tasks/{task}")
    assert (gone.status, gone.body) == (204, b"")
    for method in ("GET", "DELETE"):
        reply = call.reply(method, f"/v1/tasks/{task}")
        assert (reply.status, reply.json()) == (404, {"error": "Could not find Task"})
    assert call.engine.state.ledger.charged == charged


def test_a_task_cancelled_elsewhere_stays_cancelled(call: Caller) -> None:
    script(call, Phase("RUNNING", ms=1000), ending=Ending("CANCELLED"))
    task = call.create()
    for second in (2, 3, 9_000):
        body = call.at(second).task(task)
        assert list(body) == ["id", "createdAt", "status", "cost"]
        assert (body["status"], body["cost"]) == ("CANCELLED", {"credits": 25})


def test_a_phase_counted_in_polls_is_seen_so_often(call: Caller) -> None:
    phases = (Phase("THROTTLED", polls=1), Phase("PENDING", polls=2), Phase("RUNNING", polls=2))
    script(call, *phases, ending=Ending("SUCCEEDED"))
    task = call.create()
    seen = [call.task(task)["status"] for _ in range(7)]
    assert seen == [
        "THROTTLED",
        "PENDING",
        "PENDING",
        "RUNNING",
        "RUNNING",
        "SUCCEEDED",
        "SUCCEEDED",
    ]


def test_a_stuck_task_never_ends(call: Caller) -> None:
    script(call, Phase("RUNNING"), ending=None)
    task = call.create()
    assert call.at(10**7).task(task)["status"] == "RUNNING"


def test_an_unknown_task_is_not_found_and_a_malformed_id_is_refused(call: Caller) -> None:
    unknown = call.reply("GET", "/v1/tasks/182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e")
    assert (unknown.status, unknown.json()) == (404, {"error": "Could not find Task"})
    malformed = call.reply("GET", "/v1/tasks/not-a-uuid")
    assert malformed.status == 400
    assert [issue["path"] for issue in malformed.json()["issues"]] == [["id"]]


def test_concurrency_throttles_and_starts_tasks_in_order_of_submission() -> None:
    # Tier 1 runs one video task per model at a time (facts §5.1).
    call = new_caller(tier=1)
    tasks = [call.at(second).create() for second in (0, 1, 2)]
    other = call.create(model="gen4.5", promptText="x")
    seen: dict[float, list[Any]] = {}
    for second in (3, 16, 31):
        call.at(second)
        seen[second] = [call.task(task)["status"] for task in (*tasks, other)]
    assert seen == {
        3: ["PENDING", "THROTTLED", "THROTTLED", "PENDING"],
        16: ["SUCCEEDED", "PENDING", "THROTTLED", "RUNNING"],
        31: ["SUCCEEDED", "SUCCEEDED", "PENDING", "SUCCEEDED"],
    }


def test_deleting_a_throttled_task_takes_it_out_of_the_line() -> None:
    call = new_caller(tier=1)
    first, second, third = (call.create() for _ in range(3))
    call.reply("DELETE", f"/v1/tasks/{second}")
    call.at(15)
    assert call.task(first)["status"] == "SUCCEEDED"
    assert call.task(third)["status"] == "PENDING"


def test_the_daily_count_is_a_rolling_window() -> None:
    call = new_caller(tier=1)
    for second in range(50):
        call.at(second).create()
    assert call.at(86_399).reply("POST", "/v1/image_to_video", CLIP).status == 429
    assert call.at(86_400).reply("POST", "/v1/image_to_video", CLIP).status == 200
    assert call.reply("POST", "/v1/image_to_video", CLIP).status == 429


def test_the_organization_shows_tier_balance_and_use() -> None:
    call = new_caller(tier=1, credits_=100)
    call.create()
    body = call.reply("GET", "/v1/organization").json()
    assert list(body) == ["tier", "creditBalance", "usage"]
    assert body["tier"]["maxMonthlyCreditSpend"] == 10_000
    assert body["tier"]["models"]["gen4_turbo"] == {
        "maxConcurrentGenerations": 1,
        "maxDailyGenerations": 50,
    }
    assert body["creditBalance"] == 75
    assert body["usage"] == {"models": {"gen4_turbo": {"dailyGenerations": 1}}}


def test_the_same_seed_gives_the_same_ids() -> None:
    first, same, other = (new_caller(seed=seed) for seed in ("a", "a", "b"))
    assert first.create() == same.create() != other.create()
