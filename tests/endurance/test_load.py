"""Ten thousand tasks: in order, within the tier, in time and memory that grow as they should."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from functools import partial
from typing import TYPE_CHECKING

import pytest

from pytest_runway.media import forge
from tests.engine.conftest import CLIP, START_MS, new_caller

if TYPE_CHECKING:
    from collections.abc import Callable

MANY = 10_000
# Facts §5.1, video models.
CONCURRENT = {1: 1, 2: 3, 3: 5, 4: 10, 5: 20}
DAILY = {1: 50, 2: 500, 3: 1_000, 4: 5_000, 5: 25_000}
LIFE_MS = 15_000


@pytest.mark.parametrize("tier", [1, 2, 3, 4, 5])
def test_concurrency_order_and_daily_cap_hold_exactly(tier: int) -> None:
    call = new_caller(tier=tier)
    statuses = [call.reply("POST", "/v1/image_to_video", CLIP).status for _ in range(MANY)]
    accepted = min(MANY, DAILY[tier])
    assert statuses == [200] * accepted + [429] * (MANY - accepted)
    tasks = call.engine.state.tasks
    call.engine.advance(START_MS + MANY * LIFE_MS)
    # Rounds of as many as fit: task n starts in round n // fit, and none overtakes.
    fit = CONCURRENT[tier]
    for place, task in enumerate(tasks):
        began = next(at for at, status in task.history if status == "PENDING")
        assert began == START_MS + (place // fit) * LIFE_MS
        assert task.status == "SUCCEEDED"


def test_the_cap_rolls_by_the_millisecond() -> None:
    call = new_caller(tier=1)
    for second in range(50):
        call.at(second).create()
    day = 86_400
    seen = [
        call.at(second).reply("POST", "/v1/image_to_video", CLIP).status
        for second in (day - 0.001, day, day, day + 1, day + 1)
    ]
    assert seen == [429, 200, 429, 200, 429]


def calls_of(work: Callable[[], object]) -> int:
    """How many functions a piece of work calls: its cost, whatever else the machine does."""
    counted = 0

    def count(_frame: object, event: str, _arg: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    gc.disable()  # whatever others left to be finalized is not what the work costs
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
        gc.enable()
    return counted


def test_a_create_costs_hardly_more_after_ten_thousand_in_line() -> None:
    call = new_caller(tier=5)

    def create() -> None:
        call.reply("POST", "/v1/image_to_video", CLIP)

    for _ in range(50):
        create()
    early = calls_of(create)
    for _ in range(MANY):
        create()
    assert calls_of(create) <= 1.1 * early


def test_cancelling_from_the_middle_of_the_line_is_as_quick() -> None:
    call = new_caller(tier=1)
    call.engine.state.account.tier = 5
    ids = [call.create() for _ in range(5_000)]
    costs = [
        calls_of(partial(call.reply, "DELETE", f"/v1/tasks/{id_}")) for id_ in ids[4_999:20:-2]
    ]
    assert max(costs[1:]) <= 1.1 * min(costs[1:])
    line = call.engine.state.account.waiting["gen4_turbo"]
    assert [task.id for task in line.values()] == ids[20:4_999:2]


def test_a_finished_task_keeps_less_than_two_kilobytes() -> None:
    call = new_caller()
    for _ in range(200):
        call.create()
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(2_000):
            call.create()
        call.engine.advance(START_MS + LIFE_MS)
        gc.collect()
        kept = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert kept / 2_000 < 2_000


def test_a_body_of_megabytes_is_not_kept() -> None:
    call = new_caller()
    image = forge.image("jpeg", 640, 640, size=3_000_000)
    call.create(promptImage=image.data_uri)
    (task,) = call.engine.state.tasks
    assert len(task.request_body["promptImage"]) < 200
    assert task.request_body is call.engine.state.journal.exchanges[0].body
