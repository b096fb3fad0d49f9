"""Threads, locks, queues and pools in virtual time."""

from __future__ import annotations

import queue
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import TYPE_CHECKING

import pytest

from pytest_runway.clock import virtual_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.clock import VirtualClock


def wait_on_an_event(seconds: float) -> None:
    assert not threading.Event().wait(seconds)


def wait_on_a_condition(seconds: float) -> None:
    condition = threading.Condition()
    with condition:
        assert not condition.wait_for(lambda: False, seconds)


def wait_on_a_queue(seconds: float) -> None:
    with pytest.raises(queue.Empty):
        queue.Queue[None]().get(timeout=seconds)


def wait_on_a_simple_queue(seconds: float) -> None:
    with pytest.raises(queue.Empty):
        queue.SimpleQueue[None]().get(timeout=seconds)


def wait_on_a_semaphore(seconds: float) -> None:
    assert not threading.Semaphore(0).acquire(timeout=seconds)


def wait_on_a_lock(seconds: float) -> None:
    lock = threading.Lock()
    with lock:
        assert not lock.acquire(timeout=seconds)


def wait_on_a_barrier(seconds: float) -> None:
    with pytest.raises(threading.BrokenBarrierError):
        threading.Barrier(2).wait(seconds)


def wait_on_a_future(seconds: float) -> None:
    with pytest.raises(FutureTimeoutError):
        Future[None]().result(timeout=seconds)


def wait_on_futures(seconds: float) -> None:
    assert wait([Future[None]()], timeout=seconds).not_done


def wait_for_the_first_future(seconds: float) -> None:
    with pytest.raises(FutureTimeoutError):
        next(as_completed([Future[None]()], timeout=seconds))


WAITS: list[Callable[[float], None]] = [
    wait_on_an_event,
    wait_on_a_condition,
    wait_on_a_queue,
    wait_on_a_simple_queue,
    wait_on_a_semaphore,
    wait_on_a_lock,
    wait_on_a_barrier,
    wait_on_a_future,
    wait_on_futures,
    wait_for_the_first_future,
]


@pytest.mark.parametrize("wait_for", WAITS)
def test_a_timeout_costs_its_virtual_seconds(
    clock: VirtualClock, wait_for: Callable[[float], None]
) -> None:
    wait_for(90)
    assert clock.elapsed_ms == 90_000


def test_a_join_gives_up_at_its_timeout(clock: VirtualClock) -> None:
    thread = threading.Thread(target=time.sleep, args=(100,))
    thread.start()
    thread.join(40)
    assert thread.is_alive()
    assert clock.elapsed == 40
    thread.join()
    assert clock.elapsed == 100


def test_a_timer_fires_at_its_time(clock: VirtualClock) -> None:
    fired = threading.Event()
    threading.Timer(30, fired.set).start()
    assert fired.wait(60)
    assert clock.elapsed == 30


def test_a_cancelled_timer_costs_nothing(clock: VirtualClock) -> None:
    timer = threading.Timer(30, lambda: None)
    timer.start()
    timer.cancel()
    timer.join()
    assert clock.elapsed == 0


def test_a_waiter_wakes_at_the_moment_of_the_event(clock: VirtualClock) -> None:
    event, woken = threading.Event(), []

    def wake_later() -> None:
        time.sleep(12)
        event.set()
        time.sleep(5)

    thread = threading.Thread(target=wake_later)
    thread.start()
    assert event.wait(600)
    woken.append(clock.elapsed)
    thread.join()
    assert woken == [12]


def test_a_lock_held_while_sleeping_makes_the_next_one_wait(clock: VirtualClock) -> None:
    lock, order = threading.Lock(), []

    def limited(name: int) -> None:
        with lock:
            time.sleep(10)
            order.append((name, clock.elapsed))

    threads = [threading.Thread(target=limited, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert order == [(0, 10), (1, 20), (2, 30), (3, 40)]


def test_a_producer_and_a_consumer_meet_in_time(clock: VirtualClock) -> None:
    items: queue.Queue[int] = queue.Queue(maxsize=1)
    got = []

    def produce() -> None:
        for number in range(3):
            time.sleep(5)
            items.put(number)

    producer = threading.Thread(target=produce)
    producer.start()
    for _ in range(3):
        number = items.get(timeout=600)
        got.append((number, clock.elapsed))
        time.sleep(1)
    producer.join()
    assert got == [(0, 5), (1, 10), (2, 15)]


def test_futures_come_in_the_order_of_their_virtual_ends(clock: VirtualClock) -> None:
    def job(seconds: int) -> int:
        time.sleep(seconds)
        return seconds

    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(job, seconds) for seconds in (40, 10, 30, 20)]
        ended = [(future.result(), clock.elapsed) for future in as_completed(futures)]
    assert ended == [(10, 10), (20, 20), (30, 30), (40, 40)]


def test_a_pool_runs_as_many_jobs_at_once_as_it_has_threads(clock: VirtualClock) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(time.sleep, [10] * 7))
    assert clock.elapsed == 30


def test_a_pool_older_than_the_clock_takes_part_job_by_job() -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(abs, range(2)))
        for _ in range(2):
            with virtual_time() as clock:
                list(pool.map(time.sleep, [10] * 6))
                assert clock.elapsed == 30


def test_many_threads_interleave_in_the_same_order_every_time() -> None:
    def run_once() -> list[tuple[float, int]]:
        log: list[tuple[float, int]] = []

        def poll(number: int) -> None:
            for _ in range(5):
                time.sleep(1 + number % 3)
                log.append((clock.elapsed, number))

        with virtual_time() as clock:
            threads = [threading.Thread(target=poll, args=(number,)) for number in range(20)]
            for thread in threads:
                thread.start()
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(poll, range(20, 40)))
            for thread in threads:
                thread.join()
        return log

    first = run_once()
    assert len(first) == 200
    assert [time for time, _ in first] == sorted(time for time, _ in first)
    assert all(run_once() == first for _ in range(19))


def test_an_exception_in_a_thread_does_not_stop_the_others(clock: VirtualClock) -> None:
    def fail() -> None:
        time.sleep(5)
        raise RuntimeError("no")

    with ThreadPoolExecutor(2) as pool:
        failing, fine = pool.submit(fail), pool.submit(time.sleep, 10)
        assert isinstance(failing.exception(), RuntimeError)
        assert clock.elapsed == 5
        fine.result()
    assert clock.elapsed == 10
