"""trio in virtual time, alone, below anyio, in guest mode, and beside threads."""

from __future__ import annotations

import gc
import queue
import threading
import time
from typing import TYPE_CHECKING, Any

import anyio
import pytest
import trio
import trio.testing

from pytest_runway.clock import VirtualClock, VirtualTimeLimit, virtual_time

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


async def give_up(seconds: float) -> None:
    with trio.move_on_after(seconds) as scope:
        await trio.sleep_forever()
    assert scope.cancelled_caught


async def fail(seconds: float) -> None:
    with pytest.raises(trio.TooSlowError):
        with trio.fail_after(seconds):
            await trio.sleep(10 * seconds)


async def fail_by_anyio(seconds: float) -> None:
    with pytest.raises(TimeoutError):
        with anyio.fail_after(seconds):
            await anyio.sleep(10 * seconds)


async def sleep_in_a_thread(seconds: float) -> None:
    await trio.to_thread.run_sync(time.sleep, seconds)


async def sleep_in_a_thread_of_anyio(seconds: float) -> None:
    await anyio.to_thread.run_sync(time.sleep, seconds)


async def sleep_from_a_thread(seconds: float) -> None:
    await trio.to_thread.run_sync(trio.from_thread.run, trio.sleep, seconds)


WAITS: list[Callable[[float], Awaitable[None]]] = [
    trio.sleep,
    anyio.sleep,
    give_up,
    fail,
    fail_by_anyio,
    sleep_in_a_thread,
    sleep_in_a_thread_of_anyio,
    sleep_from_a_thread,
]


def run_as_a_guest(main: Callable[[], Awaitable[None]]) -> None:
    """Run trio on top of a queue, as anyio's pytest plugin does."""
    calls: queue.Queue[Callable[[], object]] = queue.Queue()
    outcomes: list[Any] = []
    trio.lowlevel.start_guest_run(
        main, run_sync_soon_threadsafe=calls.put, done_callback=outcomes.append
    )
    while not outcomes:
        calls.get()()
    outcomes[0].unwrap()


@pytest.mark.parametrize("run", [trio.run, run_as_a_guest])
@pytest.mark.parametrize("wait", WAITS)
def test_a_wait_costs_its_virtual_seconds(
    clock: VirtualClock,
    wait: Callable[[float], Awaitable[None]],
    run: Callable[[Callable[[], Awaitable[None]]], None],
) -> None:
    async def main() -> None:
        await wait(30)
        assert clock.elapsed_ms == 30_000

    run(main)


@pytest.mark.parametrize("run", [trio.run, run_as_a_guest])
def test_tasks_wake_in_the_order_of_their_times(
    clock: VirtualClock, run: Callable[[Callable[[], Awaitable[None]]], None]
) -> None:
    woken: list[tuple[float, float]] = []

    async def nap(seconds: float) -> None:
        await trio.sleep(seconds)
        woken.append((seconds, clock.elapsed))

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            for seconds in (30, 10, 20):
                nursery.start_soon(nap, seconds)
            nursery.start_soon(trio.to_thread.run_sync, time.sleep, 15)

    run(main)
    assert woken == [(10, 10), (20, 20), (30, 30)]


def test_threads_and_a_trio_run_share_one_time(clock: VirtualClock) -> None:
    log: list[tuple[float, str]] = []

    def in_thread() -> None:
        for _ in range(3):
            time.sleep(20)
            log.append((clock.elapsed, "thread"))

    async def main() -> None:
        for _ in range(3):
            await trio.sleep(15)
            log.append((clock.elapsed, "task"))

    thread = threading.Thread(target=in_thread)
    thread.start()
    trio.run(main)
    thread.join()
    assert [when for when, _ in log] == [15, 20, 30, 40, 45, 60]


def test_asleep_takes_durations_as_people_write_them(clock: VirtualClock) -> None:
    trio.run(clock.asleep, "10m")
    assert clock.elapsed == 600


def test_waiting_until_all_tasks_are_blocked_costs_no_time(clock: VirtualClock) -> None:
    async def main() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(trio.sleep, 60)
            await trio.testing.wait_all_tasks_blocked()
            assert clock.elapsed == 0
        assert clock.elapsed == 60

    trio.run(main)


def test_a_clock_of_the_users_own_wins(clock: VirtualClock) -> None:
    own = trio.testing.MockClock(autojump_threshold=0)
    trio.run(trio.sleep, 100, clock=own)
    assert own.current_time() == 100
    assert clock.elapsed == 0


def test_a_loop_without_end_reaches_the_limit() -> None:
    async def main() -> None:
        while True:
            await trio.sleep(6)

    with pytest.raises(VirtualTimeLimit, match="limit of 12 h"):
        with virtual_time(limit="12h"):
            trio.run(main)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_run_that_shields_itself_reaches_the_limit_all_the_same() -> None:
    async def main() -> None:
        with trio.CancelScope(shield=True):
            while True:
                await trio.sleep(6)

    with pytest.raises(trio.TrioInternalError) as caught:
        with virtual_time(limit="12h"):
            trio.run(main)
    assert isinstance(caught.value.__cause__, VirtualTimeLimit)
    del caught
    gc.collect()  # what trio had to abandon complains here, and nowhere else
