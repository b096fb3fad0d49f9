"""What would hang: found, named, ended."""

from __future__ import annotations

import _thread
import asyncio
import os
import re
import select
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from pytest_runway.clock import VirtualTimeDeadlock, VirtualTimeLimit, virtual_time
from pytest_runway.errors import HarnessProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.clock import VirtualClock


@pytest.fixture
def hasty() -> Iterator[VirtualClock]:
    """A clock that waits for the outside for a tenth of a second only."""
    with virtual_time(patience=0.1) as clock:
        yield clock


def retry_for_ever() -> None:
    while True:
        with suppress(Exception):  # as the SDK's retries do
            time.sleep(6)


def test_a_loop_without_end_is_named_with_its_place() -> None:
    with virtual_time(limit="1h") as clock:
        with pytest.raises(VirtualTimeLimit) as caught:
            retry_for_ever()
    said = str(caught.value)
    assert "limit of 1 h" in said
    assert "'MainThread'" in said
    assert "slept 600 times" in said
    assert "test_stuck.py:" in said
    assert said.count("in retry_for_ever") == 1
    assert clock.elapsed == 3600


def test_the_limit_adds_what_the_fake_knows_of_the_loop() -> None:
    with virtual_time(limit="1h") as clock:
        clock.on_limit = lambda: "GET task 1, 600 times since CANCELLED"
        with pytest.raises(VirtualTimeLimit, match="GET task 1, 600 times since CANCELLED"):
            retry_for_ever()


def test_the_limit_names_the_task_of_an_event_loop() -> None:
    async def poll_for_ever() -> None:
        while True:
            await asyncio.sleep(6)

    async def main() -> None:
        await asyncio.create_task(poll_for_ever(), name="the poller")

    with virtual_time(limit="1h"), pytest.raises(VirtualTimeLimit) as caught:
        asyncio.run(main())
    said = str(caught.value)
    assert "'the poller'" in said
    assert said.count("in poll_for_ever") == 1
    assert "woke 60" in said


def test_the_limit_in_another_thread_reaches_the_test() -> None:
    with pytest.raises(VirtualTimeLimit, match="'worker'"):
        with virtual_time(limit="1h"):
            thread = threading.Thread(target=swallow_everything, name="worker")
            thread.start()
            thread.join()


def swallow_everything() -> None:
    with suppress(BaseException):
        retry_for_ever()


def test_cleanup_may_sleep_beyond_the_limit() -> None:
    with virtual_time(limit="1h") as clock:
        try:
            retry_for_ever()
        except VirtualTimeLimit:
            time.sleep(60)
    assert clock.elapsed == 3660


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("time", 1), ("monotonic", 1), ("time_ns", 1_000_000_000), ("monotonic_ns", 1_000_000_000)],
)
def test_a_busy_loop_that_looks_at_the_time_ends(
    clock: VirtualClock, name: str, seconds: int
) -> None:
    end = getattr(time, name)() + 2 * seconds
    while getattr(time, name)() < end:
        pass
    assert 2 <= clock.elapsed < 2.01


def test_a_busy_loop_without_end_reaches_the_limit() -> None:
    with virtual_time(limit="1h"), pytest.raises(VirtualTimeLimit, match="a busy loop"):
        while True:
            time.monotonic()


def test_a_busy_event_loop_ends(clock: VirtualClock) -> None:
    async def main() -> None:
        end = asyncio.get_running_loop().time() + 2
        while asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0)

    asyncio.run(main())
    assert 2 <= clock.elapsed < 2.01


def test_yielding_by_a_sleep_of_nothing_lets_the_others_run(clock: VirtualClock) -> None:
    done: list[float] = []
    thread = threading.Thread(target=lambda: done.append(clock.elapsed))
    thread.start()
    while not done:
        time.sleep(0)
    assert done == [0]
    thread.join()


def test_a_loop_that_neither_waits_nor_looks_lets_the_others_on(hasty: VirtualClock) -> None:
    done: list[float] = []

    def finish() -> None:
        time.sleep(10)
        done.append(hasty.elapsed)

    thread = threading.Thread(target=finish)
    thread.start()
    while not done:
        pass
    assert done == [10]
    thread.join()


def test_a_thread_blocked_in_c_lets_the_others_on(clock: VirtualClock) -> None:
    lock, order = _thread.allocate_lock(), []

    def hold() -> None:
        with lock:
            time.sleep(10)
            order.append(("holder", clock.elapsed))

    def want() -> None:
        time.sleep(1)
        with lock:  # a lock of C, which tells nobody
            order.append(("other", clock.elapsed))
            time.sleep(10)

    def wait_long() -> None:
        time.sleep(100)
        order.append(("long", clock.elapsed))

    threads = [threading.Thread(target=target) for target in (hold, want, wait_long)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert order == [("holder", 10), ("other", 10), ("long", 100)]
    assert clock.elapsed == 100
    assert clock.stats.stalls == 1


def test_a_thread_slow_to_start_is_not_taken_for_blocked(clock: VirtualClock) -> None:
    class Late(threading.Thread):
        def _bootstrap(self) -> None:
            select.select([], [], [], 0.2)  # as where the machine is busy
            vars(threading.Thread)["_bootstrap"](self)

    threads = [threading.Thread(target=time.sleep, args=(20,)), Late(target=time.sleep, args=(10,))]
    for thread in threads:
        thread.start()
    assert clock.stats.stalls == 0
    for thread in threads:
        thread.join()
    assert clock.elapsed == 20


def test_a_thread_blocked_in_c_for_good_costs_others_no_time(clock: VirtualClock) -> None:
    reader, writer = os.pipe()
    thread = threading.Thread(target=os.read, args=(reader, 1))
    thread.start()
    for _ in range(200):
        time.sleep(6)
    assert clock.elapsed == 1200
    os.write(writer, b"x")
    thread.join()
    os.close(reader)
    os.close(writer)


def test_a_deadlock_is_told_to_the_test_with_everybodys_place(hasty: VirtualClock) -> None:
    event = threading.Event()
    thread = threading.Thread(target=event.wait, name="the other")
    thread.start()
    with pytest.raises(VirtualTimeDeadlock) as caught:
        thread.join()
    said = str(caught.value)
    assert "'MainThread' waits in a join" in said
    assert re.search(r"'the other' waits in a lock\n    \S*threading\.py:\d+ in wait\n", said)
    assert "test_stuck.py:" in said
    assert "bin/pytest" not in said
    assert "<module>" not in said
    event.set()
    thread.join()


def test_two_locks_taken_in_two_orders_are_a_deadlock(hasty: VirtualClock) -> None:
    first, second = threading.Lock(), threading.Lock()

    def other_way_round() -> None:
        with second:
            time.sleep(1)
            with first:
                pass

    thread = threading.Thread(target=other_way_round)
    thread.start()
    with pytest.raises(VirtualTimeDeadlock):
        with first:
            time.sleep(1)
            with second:
                pass
    thread.join()


def test_a_task_that_nobody_wakes_is_a_deadlock(hasty: VirtualClock) -> None:
    async def wait_for_nobody() -> None:
        await asyncio.Event().wait()

    with pytest.raises(VirtualTimeDeadlock, match="an event loop") as caught:
        asyncio.run(wait_for_nobody())
    assert re.search(
        r"task 'Task-\d+' waits at \S*test_stuck.py:\d+ in wait_for_nobody", str(caught.value)
    )


def test_a_sleeper_that_outlives_the_test_is_named_and_ended() -> None:
    with pytest.raises(HarnessProblem) as caught:
        with virtual_time():
            thread = threading.Thread(target=time.sleep, args=(600,), name="the heartbeat")
            thread.start()
    assert "'the heartbeat'" in str(caught.value)
    assert "10 min" in str(caught.value)
    thread.join(timeout=10)
    assert not thread.is_alive()


def test_a_sleeper_that_outlives_a_failing_test_does_not_hide_the_failure() -> None:
    with pytest.raises(KeyError):
        with virtual_time():
            threading.Thread(target=time.sleep, args=(600,)).start()
            raise KeyError("the test's own")


def test_a_waiter_for_an_event_goes_on_waiting_in_real_time() -> None:
    event, woken = threading.Event(), threading.Event()

    def wait_then_tell() -> None:
        event.wait()
        woken.set()

    with virtual_time():
        thread = threading.Thread(target=wait_then_tell)
        thread.start()
        time.sleep(1)
    assert not woken.is_set()
    event.set()
    thread.join(timeout=10)
    assert woken.is_set()


def test_jobs_cancelled_on_their_way_keep_nobody_waiting(clock: VirtualClock) -> None:
    pool = ThreadPoolExecutor(1)
    futures = [pool.submit(time.sleep, 10) for _ in range(5)]
    futures[3].cancel()
    time.sleep(15)
    pool.shutdown(cancel_futures=True)
    time.sleep(100)
    assert clock.elapsed == 120
    assert [future.cancelled() for future in futures] == [False, False, True, True, True]
    assert clock.stats.stalls == 0


def test_a_job_of_a_thread_that_never_comes_is_no_hang(clock: VirtualClock) -> None:
    class Stillborn(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    with pytest.raises(RuntimeError):
        Stillborn().start()
    time.sleep(10)
    assert clock.elapsed == 10
