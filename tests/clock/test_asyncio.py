"""asyncio in virtual time: any loop, in any thread, of any age."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from typing import TYPE_CHECKING

import anyio
import pytest

from pytest_runway.clock import VirtualClock, virtual_time
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


async def sleep_by_call_later(seconds: float) -> None:
    done = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, done.set)
    await done.wait()


async def sleep_by_call_at(seconds: float) -> None:
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    loop.call_at(time.monotonic() + seconds, done.set)
    await done.wait()


async def give_up_by_wait_for(seconds: float) -> None:
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), seconds)


async def give_up_by_wait(seconds: float) -> None:
    task = asyncio.ensure_future(asyncio.sleep(10 * seconds))
    done, _ = await asyncio.wait([task], timeout=seconds)
    assert not done
    task.cancel()


async def give_up_by_anyio(seconds: float) -> None:
    with anyio.move_on_after(seconds) as scope:
        await anyio.sleep_forever()
    assert scope.cancelled_caught


async def fail_by_anyio(seconds: float) -> None:
    with pytest.raises(TimeoutError):
        with anyio.fail_after(seconds):
            await anyio.sleep(10 * seconds)


async def sleep_in_a_thread(seconds: float) -> None:
    await asyncio.to_thread(time.sleep, seconds)


async def sleep_in_a_thread_of_anyio(seconds: float) -> None:
    await anyio.to_thread.run_sync(time.sleep, seconds)


async def block_the_loop(seconds: float) -> None:
    time.sleep(seconds)


WAITS: list[Callable[[float], Awaitable[None]]] = [
    asyncio.sleep,
    anyio.sleep,
    sleep_by_call_later,
    sleep_by_call_at,
    give_up_by_wait_for,
    give_up_by_wait,
    give_up_by_anyio,
    fail_by_anyio,
    sleep_in_a_thread,
    sleep_in_a_thread_of_anyio,
    block_the_loop,
]


@pytest.mark.parametrize("wait", WAITS)
def test_a_wait_costs_its_virtual_seconds(
    clock: VirtualClock, wait: Callable[[float], Awaitable[None]]
) -> None:
    async def main() -> None:
        await wait(30)
        assert clock.elapsed_ms == 30_000

    asyncio.run(main())


@pytest.mark.parametrize("wait", WAITS)
def test_a_wait_costs_as_much_in_a_loop_older_than_the_clock(
    wait: Callable[[float], Awaitable[None]],
) -> None:
    async def main() -> None:
        await asyncio.sleep(0)
        for _ in range(2):
            with virtual_time() as clock:
                await wait(30)
                assert clock.elapsed_ms == 30_000

    asyncio.run(main())


def test_asleep_takes_durations_as_people_write_them(clock: VirtualClock) -> None:
    asyncio.run(clock.asleep("10m"))
    assert clock.elapsed == 600


def test_a_timeout_scope_of_asyncio_ends_at_its_time(clock: VirtualClock) -> None:
    if not hasattr(asyncio, "timeout"):
        pytest.skip("asyncio.timeout came with Python 3.11")

    async def main() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(30):
                await asyncio.sleep(60)
        assert clock.elapsed == 30

    asyncio.run(main())


def test_tasks_wake_in_the_order_of_their_times(clock: VirtualClock) -> None:
    woken: list[tuple[int, float]] = []

    async def nap(seconds: int) -> None:
        await asyncio.sleep(seconds)
        woken.append((seconds, clock.elapsed))

    async def main() -> None:
        await asyncio.gather(*(nap(seconds) for seconds in (30, 10, 20)))

    asyncio.run(main())
    assert woken == [(10, 10), (20, 20), (30, 30)]


def test_threads_and_tasks_share_one_time(clock: VirtualClock) -> None:
    log: list[tuple[float, str]] = []

    def in_thread() -> None:
        for _ in range(3):
            time.sleep(20)
            log.append((clock.elapsed, "thread"))

    async def main() -> None:
        job = asyncio.ensure_future(asyncio.to_thread(in_thread))
        for _ in range(3):
            await asyncio.sleep(15)
            log.append((clock.elapsed, "task"))
        await job

    asyncio.run(main())
    assert log == [
        (15, "task"),
        (20, "thread"),
        (30, "task"),
        (40, "thread"),
        (45, "task"),
        (60, "thread"),
    ]


def test_two_loops_in_two_threads_share_one_time(clock: VirtualClock) -> None:
    log: list[tuple[float, int]] = []

    async def beat(period: int) -> None:
        for _ in range(4):
            await asyncio.sleep(period)
            log.append((clock.elapsed, period))

    threads = [threading.Thread(target=asyncio.run, args=(beat(period),)) for period in (3, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert log == [(3, 3), (5, 5), (6, 3), (9, 3), (10, 5), (12, 3), (15, 5), (20, 5)]


async def nap(clock: VirtualClock, seconds: float) -> float:
    await asyncio.sleep(seconds)
    return clock.elapsed


def test_a_coroutine_sent_to_another_threads_loop_is_waited_for(clock: VirtualClock) -> None:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    naps = [asyncio.run_coroutine_threadsafe(nap(clock, s), loop) for s in (30, 10, 20)]
    assert [future.result(timeout=100) for future in naps] == [30, 10, 20]
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_a_loop_in_a_thread_older_than_the_clock_takes_part_when_called() -> None:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    for _ in range(2):
        with virtual_time() as clock:
            future = asyncio.run_coroutine_threadsafe(nap(clock, 100), loop)
            assert future.result(timeout=500) == 100
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_a_loop_called_while_its_thread_is_out_of_sight_is_still_one(clock: VirtualClock) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(1)

        def call() -> None:
            time.sleep(1)
            loop.call_soon_threadsafe(int)

        thread = threading.Thread(target=call)
        thread.start()
        with clock.exempt():
            thread.join()
        await asyncio.sleep(5)

    asyncio.run(main())
    assert clock.elapsed == 7
    assert clock.stats.participants == 2


def test_the_time_of_a_loop_never_runs_backwards() -> None:
    loop = asyncio.new_event_loop()
    readings = [loop.time()]
    for _ in range(2):
        with virtual_time():
            readings.append(loop.time())
            loop.run_until_complete(asyncio.sleep(3600))
            readings.append(loop.time())
        readings.append(loop.time())
        loop.run_until_complete(asyncio.sleep(0))
        readings.append(loop.time())
    loop.close()
    assert readings == sorted(readings)
    assert readings[-1] - readings[0] >= 7200


def test_a_timer_set_before_the_clock_fires_at_its_time() -> None:
    loop, fired = asyncio.new_event_loop(), []

    async def later() -> None:
        loop.call_later(100, lambda: fired.append(clock.elapsed))

    async def wait() -> None:
        await asyncio.sleep(200)

    loop.run_until_complete(later())
    with virtual_time() as clock:
        loop.run_until_complete(wait())
    loop.close()
    assert len(fired) == 1
    assert 90 < fired[0] <= 100


def test_monotonic_time_never_runs_backwards_from_one_clock_to_the_next() -> None:
    readings = []
    for _ in range(3):
        with virtual_time():
            readings.append(time.monotonic())
            time.sleep(600)
            readings.append(time.monotonic())
    assert readings == sorted(readings)


def test_many_tasks_at_one_moment_do_not_make_time_drift(clock: VirtualClock) -> None:
    async def main() -> None:
        await asyncio.gather(*(asyncio.sleep(number % 5) for number in range(2_000)))

    asyncio.run(main())
    assert clock.elapsed_ms == 4_000


def test_a_loop_that_would_really_wait_is_refused(clock: VirtualClock) -> None:
    """As asyncio's proactor loop on Windows would."""

    class ForeignLoop(asyncio.BaseEventLoop):
        pass

    loop = ForeignLoop()
    with pytest.raises(UsageError, match=r"ForeignLoop keeps time where"):
        loop.call_later(30, lambda: None)
    loop.close()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("late_s", [0.1, 1.7, 3.3333333, 6.123456789])
def test_a_timeout_is_exact_at_any_time_of_the_day(
    clock: VirtualClock, backend: str, late_s: float
) -> None:
    async def main() -> None:
        for _ in range(25):
            await anyio.sleep(late_s)
            before = clock.elapsed
            with anyio.move_on_after(30):
                await anyio.sleep_forever()
            assert clock.elapsed - before == pytest.approx(30, abs=1e-7)

    anyio.run(main, backend=backend)


@pytest.mark.parametrize("seed", range(40))
def test_a_wait_for_is_exact_whatever_waits_inside(clock: VirtualClock, seed: int) -> None:
    dice = random.Random(seed)

    async def naps() -> None:
        while True:
            await asyncio.sleep(dice.random() * 7)

    async def main() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(naps(), 30)

    asyncio.run(main())
    assert clock.elapsed == 30
