"""Time for clients in other processes."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pytest_runway.errors import UsageError
from pytest_runway.served import PacedClock


def test_at_speed_zero_time_moves_when_it_is_moved() -> None:
    clock = PacedClock(0)
    clock.start()
    began = clock.now
    time.sleep(0.002)
    assert (clock.elapsed, clock.now) == (0, began)
    clock.advance("10m")
    assert (clock.elapsed, clock.now) == (600, began + 600)


def test_at_speed_thousand_a_millisecond_is_a_second() -> None:
    clock = PacedClock(1000)
    clock.start()
    started = time.monotonic()
    clock.sleep(5)
    real = time.monotonic() - started
    assert 0.005 <= real < 1
    assert clock.elapsed == pytest.approx(real * 1000, rel=0.5)


@pytest.mark.parametrize("ends", ["advance", "stop"])
def test_who_sleeps_in_a_time_that_stands_still_is_woken(ends: str) -> None:
    clock = PacedClock(0)
    clock.start()
    sleeping = threading.Event()

    def sleep() -> float:
        sleeping.set()
        clock.sleep("1h")
        return clock.elapsed

    with ThreadPoolExecutor(1) as pool:
        slept = pool.submit(sleep)
        sleeping.wait()
        if ends == "advance":
            clock.advance("30m")
            clock.advance("30m")
        else:
            clock.stop()
        assert slept.result(5) == (3600 if ends == "advance" else 0)


@pytest.mark.parametrize("speed", [-1, float("nan"), float("inf")])
def test_a_speed_that_is_none_is_refused(speed: float) -> None:
    with pytest.raises(UsageError, match="expected a number of at least 0"):
        PacedClock(speed)
