"""Retrying libraries, and dates, in virtual time."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
import threading
import time

import backoff
import pytest
import tenacity

from pytest_runway.clock import VirtualClock, virtual_time
from pytest_runway.errors import UsageError


class Busy(Exception):
    pass


def test_tenacity_waits_in_virtual_time(clock: VirtualClock) -> None:
    @tenacity.retry(wait=tenacity.wait_fixed(60), stop=tenacity.stop_after_delay(600))
    def call() -> None:
        raise Busy

    with pytest.raises(tenacity.RetryError):
        call()
    assert clock.elapsed == 600


def test_tenacity_waits_on_an_event_in_virtual_time(clock: VirtualClock) -> None:
    event = threading.Event()
    retry = tenacity.Retrying(
        sleep=tenacity.sleep_using_event(event),
        wait=tenacity.wait_fixed(60),
        stop=tenacity.stop_after_attempt(3),
    )

    def call() -> None:
        raise Busy

    with pytest.raises(tenacity.RetryError):
        retry(call)
    assert clock.elapsed == 120


def test_tenacity_waits_in_a_task(clock: VirtualClock) -> None:
    @tenacity.retry(wait=tenacity.wait_fixed(60), stop=tenacity.stop_after_attempt(3))
    async def call() -> None:
        raise Busy

    with pytest.raises(tenacity.RetryError):
        asyncio.run(call())
    assert clock.elapsed == 120


def test_backoff_waits_in_virtual_time(clock: VirtualClock) -> None:
    @backoff.on_exception(backoff.constant, Busy, interval=60, jitter=None, max_tries=4)
    def call() -> None:
        raise Busy

    with pytest.raises(Busy):
        call()
    assert clock.elapsed == 180


def test_backoffs_limit_in_seconds_needs_dates_in_virtual_time() -> None:
    @backoff.on_exception(backoff.constant, Busy, interval=6, jitter=None, max_time=600)
    def call() -> None:
        tries.append(clock.elapsed)
        raise Busy

    tries: list[float] = []
    with virtual_time(datetime=True) as clock, pytest.raises(Busy):
        call()
    assert len(tries) == 101
    assert clock.elapsed == 600


def test_dates_go_along_exactly_with_the_extra() -> None:
    with virtual_time(datetime=True):
        before = dt.datetime.now(dt.timezone.utc)
        time.sleep(600)
        assert dt.datetime.now(dt.timezone.utc) - before == dt.timedelta(seconds=600)
        assert abs(time.time() - dt.datetime.now(dt.timezone.utc).timestamp()) < 0.001
    real = dt.datetime.now(dt.timezone.utc)
    assert real - before < dt.timedelta(seconds=60)


def test_dates_without_the_extra_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "time_machine", None)
    with pytest.raises(UsageError, match=r"pytest-runway\[datetime\]"):
        VirtualClock(datetime=True).start()
