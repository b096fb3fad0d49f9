"""Virtual time beside others who own time: freezegun, time-machine, patches, uvloop, forks."""

from __future__ import annotations

import asyncio
import datetime as dt
import multiprocessing
import multiprocessing.dummy
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import TYPE_CHECKING, Any

import freezegun
import pytest
import time_machine

from pytest_runway.clock import VirtualClock, virtual_time
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

NEW_YEAR = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)


# --- freezegun and time-machine


def test_a_freeze_inside_stands_still_while_sleeps_cost_virtual_time(clock: VirtualClock) -> None:
    with freezegun.freeze_time("2026-01-01"):
        time.sleep(600)
        assert time.time() == NEW_YEAR.timestamp()
        asyncio.run(asyncio.sleep(30))
    assert clock.elapsed == 630
    started = time.time()
    time.sleep(10)
    assert time.time() - started == pytest.approx(10)


def test_a_freeze_around_says_where_virtual_time_starts() -> None:
    with freezegun.freeze_time("2026-01-01"):
        with virtual_time() as clock:
            assert clock.now == NEW_YEAR.timestamp()
            time.sleep(600)
            assert time.time() == NEW_YEAR.timestamp() + 600
        assert time.time() == NEW_YEAR.timestamp()
    assert time.time() > NEW_YEAR.timestamp()


def test_a_freeze_around_is_kept_to_the_millisecond() -> None:
    with freezegun.freeze_time("2026-01-01 00:00:00.250001"), virtual_time() as clock:
        assert 0.25 <= clock.now - NEW_YEAR.timestamp() < 0.253


def test_a_journey_inside_goes_on_by_virtual_time(clock: VirtualClock) -> None:
    with time_machine.travel(NEW_YEAR, tick=True):
        started = time.time()
        assert abs(started - NEW_YEAR.timestamp()) < 60
        time.sleep(600)
        assert 600 <= time.time() - started < 660
    assert clock.elapsed == 600


def test_a_journey_inside_that_stands_still_stands_still(clock: VirtualClock) -> None:
    with time_machine.travel(NEW_YEAR, tick=False):
        time.sleep(600)
        assert time.time() == NEW_YEAR.timestamp()
        assert time.time_ns() == NEW_YEAR.timestamp() * 1_000_000_000
    assert clock.elapsed == 600


def test_a_journey_around_says_where_virtual_time_starts() -> None:
    with time_machine.travel(NEW_YEAR, tick=False):
        with virtual_time() as clock:
            time.sleep(600)
            assert clock.now == time.time() == NEW_YEAR.timestamp() + 600


# --- the user's own patches


def test_a_patch_of_sleep_inside_wins(clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    naps: list[float] = []
    with monkeypatch.context() as patch:
        patch.setattr(time, "sleep", naps.append)
        time.sleep(600)
    assert naps == [600]
    assert clock.elapsed == 0
    time.sleep(600)
    assert clock.elapsed == 600


def test_a_patch_of_the_sdks_sleep_inside_wins(
    clock: VirtualClock, monkeypatch: pytest.MonkeyPatch, service: Any
) -> None:
    naps: list[float] = []
    service.done_at = 0
    monkeypatch.setattr("runwayml.lib.polling.time.sleep", naps.append)
    client = service.client()
    clip = {"model": "gen4_turbo", "prompt_image": "https://example.com/a.jpg"}
    client.image_to_video.create(**clip, ratio="1280:720").wait_for_task_output()
    assert len(naps) == 1
    assert clock.elapsed == 0


def test_a_patch_of_sleep_around_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    naps: list[float] = []
    monkeypatch.setattr(time, "sleep", naps.append)
    with virtual_time() as clock:
        time.sleep(600)
    assert naps == [600]
    assert clock.elapsed == 0


# --- uvloop, nest_asyncio


@pytest.fixture
def uvloop() -> Any:
    return pytest.importorskip("uvloop")


def test_a_new_loop_of_uvloop_is_a_plain_one(clock: VirtualClock, uvloop: Any) -> None:
    uvloop.run(asyncio.sleep(600))
    loop = uvloop.new_event_loop()
    loop.run_until_complete(asyncio.sleep(600))
    loop.close()
    assert clock.elapsed == 1200


def test_a_loop_of_uvloop_older_than_the_clock_is_refused(uvloop: Any) -> None:
    loop = uvloop.new_event_loop()
    with virtual_time():
        with pytest.raises(UsageError, match=r"uvloop\.Loop keeps time where"):
            loop.run_forever()
    loop.close()


def test_virtual_time_cannot_start_inside_uvloop(uvloop: Any) -> None:
    async def main() -> None:
        with pytest.raises(UsageError, match="selector event loop"):
            VirtualClock().start()

    uvloop.run(main())


NESTED = """
import asyncio, nest_asyncio
from pytest_runway.clock import virtual_time

async def main():
    asyncio.get_running_loop().run_until_complete(asyncio.sleep(600))

for _ in range(2):
    with virtual_time() as clock:
        loop = asyncio.new_event_loop()
        nest_asyncio.apply(loop)
        loop.run_until_complete(main())
        loop.close()
        assert clock.elapsed == 600
    with virtual_time() as clock:
        asyncio.run(asyncio.sleep(600))
        assert clock.elapsed == 600
"""


def test_a_nested_run_waits_in_virtual_time() -> None:
    """In a process of its own: nest_asyncio stays for good."""
    subprocess.run([sys.executable, "-c", NESTED], check=True, timeout=60)


# --- other processes


def test_a_fork_lives_in_real_time(clock: VirtualClock) -> None:
    time.sleep(600)
    child = os.fork()
    if child == 0:
        real = abs(time.time() - Path(f"/proc/{os.getpid()}").stat().st_ctime) < 300
        os._exit(0 if real and time.sleep.__module__ == "time" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    time.sleep(600)
    assert clock.elapsed == 1200


@pytest.mark.usefixtures("no_old_pools")
def test_a_job_in_another_process_lets_no_time_pass(clock: VirtualClock) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        assert pool.submit(abs, -42).result(timeout=30) == 42
    assert clock.elapsed == 0


@pytest.mark.usefixtures("no_old_pools")
def test_nor_does_one_that_a_loop_waits_for(clock: VirtualClock) -> None:
    async def main() -> int:
        loop = asyncio.get_running_loop()
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            return await asyncio.wait_for(loop.run_in_executor(pool, abs, -42), 30)

    assert asyncio.run(main()) == 42
    assert clock.elapsed == 0


@pytest.mark.usefixtures("no_old_pools")
def test_nor_do_the_jobs_of_multiprocessings_pool() -> None:
    """They take longer than it takes to call a deadlock one."""
    with (
        virtual_time(patience="100ms") as clock,
        multiprocessing.get_context("spawn").Pool(1) as pool,
    ):
        assert pool.apply_async(abs, (-42,)).get(timeout=30) == 42
        assert pool.map(abs, [-1, -2]) == [1, 2]
        assert list(pool.imap_unordered(abs, [-3])) == [3]
        assert pool.map(abs, []) == []
        pool.apply_async(_rest, (60,))
        pool.terminate()
        assert clock.elapsed == 0
        time.sleep(600)  # what was thrown away keeps no time
        assert clock.elapsed == 600


def _rest(seconds: int) -> None:
    time.sleep(seconds)


# --- multiprocessing's pools of threads


@pytest.mark.parametrize("make", [ThreadPool, multiprocessing.dummy.Pool])
def test_a_thread_pool_of_multiprocessing_waits_in_virtual_time(
    clock: VirtualClock, make: Callable[[int], ThreadPool]
) -> None:
    with make(2) as pool:
        pool.map(_rest, [60, 60, 60, 60], chunksize=1)
        assert clock.elapsed == 120
        pool.apply_async(_rest, (60,)).get(timeout=90)
        assert clock.elapsed == 180
        with pytest.raises(multiprocessing.TimeoutError):
            pool.apply_async(_rest, (500,)).get(timeout=60)
        assert clock.elapsed == 240


def test_a_thread_pool_that_is_closed_is_waited_for_without_waiting(clock: VirtualClock) -> None:
    began = time.perf_counter()
    pool = ThreadPool(2)
    for _ in range(4):
        pool.apply_async(_rest, (60,))
    pool.close()
    pool.join()
    assert clock.elapsed == 120
    assert time.perf_counter() - began < 1.5


def test_a_thread_dressed_as_a_process_waits_in_virtual_time(clock: VirtualClock) -> None:
    process = multiprocessing.dummy.Process(target=_rest, args=(600,))
    process.start()
    process.join()
    assert clock.elapsed == 600
