"""The clock's own face: reading it, moving it, holding it, stepping out of it."""

from __future__ import annotations

import asyncio
import heapq
import queue
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_runway.clock import RealClock, VirtualClock, virtual_time
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable


def test_all_clocks_agree(clock: VirtualClock) -> None:
    wall, mono, now = time.time(), time.monotonic(), clock.now
    time.sleep(90.5)
    assert clock.elapsed == 90.5
    assert clock.elapsed_ms == 90_500
    assert clock.now - now == pytest.approx(90.5)
    assert time.time() - wall == pytest.approx(90.5)
    assert time.monotonic() - mono == pytest.approx(90.5)
    assert abs(time.time_ns() - clock.now * 1e9) < 1_000
    assert abs(time.monotonic_ns() - time.monotonic() * 1e9) < 1_000


@pytest.mark.parametrize("hours", [0, 7, 168, 1_000])
def test_ten_minutes_are_six_hundred_seconds_however_late_it_is(hours: int) -> None:
    for _ in range(5):
        with virtual_time(limit="90d") as clock:
            clock.advance(hours * 3600)
        with virtual_time():
            began, wall = time.monotonic(), time.time()
            for _ in range(100):
                time.sleep(6)
            assert time.monotonic() - began == 600
            assert time.time() - wall == 600


def test_time_stands_still_while_the_test_works(clock: VirtualClock) -> None:
    before = time.monotonic_ns()
    sum(range(100_000))
    assert time.monotonic_ns() == before


def test_virtual_time_starts_at_the_real_time() -> None:
    real = time.time()
    with virtual_time() as clock:
        assert abs(clock.now - real) < 60


@pytest.mark.parametrize(
    ("duration", "seconds"), [(90, 90), (0.25, 0.25), ("10m", 600), ("24h", 86_400), ("500ms", 0.5)]
)
def test_durations_are_taken_as_people_write_them(
    clock: VirtualClock, duration: float | str, seconds: float
) -> None:
    clock.advance(duration)
    clock.sleep(duration)
    assert clock.elapsed == 2 * seconds


@pytest.mark.parametrize("duration", [-1, "-1s", "soon", "", None, float("nan")])
def test_a_duration_that_is_none_is_refused(clock: VirtualClock, duration: Any) -> None:
    with pytest.raises(UsageError, match="not a duration"):
        clock.advance(duration)
    assert clock.elapsed == 0


@pytest.mark.parametrize(
    ("seconds", "error"),
    [
        (-1, ValueError),
        (-0.5, ValueError),
        (float("nan"), ValueError),
        ("1", TypeError),
        (None, TypeError),
        (float("inf"), OverflowError),
    ],
)
def test_sleep_refuses_what_the_real_one_refuses(
    clock: VirtualClock, seconds: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        time.sleep(seconds)
    with clock.exempt(), pytest.raises(error):
        time.sleep(seconds)


def test_advancing_wakes_sleepers_on_the_way_in_their_order(clock: VirtualClock) -> None:
    woken: list[tuple[float, str]] = []

    def nap(name: str, seconds: float) -> None:
        time.sleep(seconds)
        woken.append((clock.elapsed, name))

    threads = [
        threading.Thread(target=nap, args=args)
        for args in [("late", 100), ("first", 10), ("same", 20), ("also", 20)]
    ]
    for thread in threads:
        thread.start()
    clock.advance(50)
    assert woken == [(10, "first"), (20, "same"), (20, "also")]
    clock.advance(50)
    clock.advance(0)
    assert woken[3:] == [(100, "late")]
    for thread in threads:
        thread.join()


def test_a_thread_outside_may_move_time(clock: VirtualClock) -> None:
    with clock.exempt():
        clock.advance(60)
    assert clock.elapsed == 60


def test_no_time_passes_while_it_is_held(clock: VirtualClock) -> None:
    woken: list[float] = []
    asked, told = threading.Event(), threading.Event()

    def nap() -> None:
        time.sleep(10)
        woken.append(clock.elapsed)

    def look() -> None:
        asked.wait()
        told.set()

    threads = [threading.Thread(target=nap), threading.Thread(target=look)]
    for thread in threads:
        thread.start()
    with clock.hold():
        asked.set()
        told.wait()
        assert woken == []
        assert clock.elapsed == 0
    threads[0].join()
    threads[1].join()
    assert woken == [10]


def test_a_thread_that_sleeps_gives_its_own_hold_up(clock: VirtualClock) -> None:
    with clock.hold():
        time.sleep(10)
    assert clock.elapsed == 10


def test_an_exempt_thread_lives_in_real_time_and_nobody_waits_for_it(clock: VirtualClock) -> None:
    real_start = clock.now
    ended: list[float] = []

    def poll() -> None:
        for _ in range(100):
            time.sleep(6)
        ended.append(clock.elapsed)

    thread = threading.Thread(target=poll)
    thread.start()
    with clock.exempt():
        thread.join()
        assert abs(time.time() - real_start) < 300
        time.sleep(0)
    assert ended == [600]
    assert clock.elapsed == 600


def in_a_thread_older_than_the_clock(work: Callable[[VirtualClock], float]) -> float:
    jobs: queue.SimpleQueue[VirtualClock | None] = queue.SimpleQueue()
    results: queue.SimpleQueue[float] = queue.SimpleQueue()

    def serve() -> None:
        while (clock := jobs.get()) is not None:
            results.put(work(clock))

    thread = threading.Thread(target=serve)
    thread.start()
    with virtual_time() as clock:
        jobs.put(clock)
        with clock.exempt():
            result = results.get()
        jobs.put(None)
        thread.join()
    return result


def test_a_thread_older_than_the_clock_joins_when_asked_to() -> None:
    def work(clock: VirtualClock) -> float:
        clock.join_current_thread()
        time.sleep(600)
        return clock.elapsed

    assert in_a_thread_older_than_the_clock(work) == 600


def test_a_thread_older_than_the_clock_takes_part_for_a_while() -> None:
    def work(clock: VirtualClock) -> float:
        with clock.taking_part():
            time.sleep(600)
        time.sleep(0)
        return clock.elapsed

    assert in_a_thread_older_than_the_clock(work) == 600


def test_a_clock_that_is_off_does_not_sleep() -> None:
    with pytest.raises(UsageError, match="not on"):
        VirtualClock().sleep(10)


def test_a_daemon_thread_may_outlive_the_test() -> None:
    ended = threading.Event()

    def nap() -> None:
        time.sleep(0.001)
        ended.wait()

    with virtual_time():
        thread = threading.Thread(target=nap, daemon=True)
        thread.start()
    ended.set()
    thread.join(timeout=10)
    assert not thread.is_alive()


def test_start_and_stop_do_what_the_context_manager_does() -> None:
    clock = VirtualClock(limit="1h")
    clock.start()
    time.sleep(600)
    late = threading.Thread(target=time.sleep, args=(60,), name="late")
    late.start()
    (line,) = clock.stop()
    assert "'late' sleeps for 1 min more" in line
    assert clock.stop() == ()
    assert clock.elapsed == 600
    late.join()


def test_a_real_clock_has_the_same_face() -> None:
    public = {name for name in dir(VirtualClock()) if not name.startswith("_")}
    inner = {name for name in dir(RealClock()) if not name.startswith("_")}
    of_the_user = {
        "start", "stop", "now", "now_ms", "elapsed", "elapsed_ms", "stats", "sleep", "asleep",
        "advance", "hold", "exempt", "join_current_thread", "taking_part", "on_limit", "failure",
    }  # fmt: skip
    assert of_the_user <= public
    assert of_the_user <= inner


def test_a_real_clock_counts_real_time_and_cannot_be_moved() -> None:
    clock = RealClock()
    clock.start()
    clock.sleep(0)
    asyncio.run(clock.asleep(0))
    with clock.hold(), clock.exempt(), clock.taking_part():
        assert 0 <= clock.elapsed < 60
    with pytest.raises(UsageError, match=r"clock\.sleep"):
        clock.advance(600)
    assert clock.stop() == ()
    assert clock.elapsed_ms == clock.elapsed_ms
    assert clock.stats.jumps == 0


def model(programs: list[list[int]]) -> list[tuple[int, int]]:
    """Return who wakes when, by a model of one line: the earliest, and of those the oldest."""
    waiting = [(naps[0], number, 0) for number, naps in enumerate(programs) if naps]
    heapq.heapify(waiting)
    log = []
    while waiting:
        now, number, step = heapq.heappop(waiting)
        log.append((now, number))
        if step + 1 < len(programs[number]):
            heapq.heappush(waiting, (now + programs[number][step + 1], number, step + 1))
    return log


@given(st.lists(st.lists(st.integers(1, 4), max_size=5), max_size=6))
@settings(max_examples=60)
def test_threads_wake_as_a_model_says(programs: list[list[int]]) -> None:
    log: list[tuple[float, int]] = []

    def run(number: int) -> None:
        for seconds in programs[number]:
            time.sleep(seconds)
            log.append((clock.elapsed, number))

    with virtual_time() as clock:
        threads = [threading.Thread(target=run, args=(n,)) for n in range(len(programs))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert log == model(programs)


@given(st.lists(st.lists(st.integers(1, 4), max_size=5), max_size=6))
@settings(max_examples=60)
def test_tasks_wake_at_the_times_of_the_model(programs: list[list[int]]) -> None:
    log: list[tuple[float, int]] = []

    async def run(number: int) -> None:
        for seconds in programs[number]:
            await asyncio.sleep(seconds)
            log.append((clock.elapsed, number))

    async def main() -> None:
        await asyncio.gather(*(run(number) for number in range(len(programs))))

    with virtual_time() as clock:
        asyncio.run(main())
    assert sorted(log) == sorted(model(programs))
    assert [when for when, _ in log] == sorted(when for when, _ in log)
