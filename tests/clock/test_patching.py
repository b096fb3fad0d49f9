"""What is replaced, for how long, and that all of it goes back."""

from __future__ import annotations

import asyncio
import queue
import selectors
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import freezegun
import pytest
import trio

from pytest_runway.clock import (
    VirtualClock,
    VirtualTimeLimit,
    install_dispatchers,
    uninstall_dispatchers,
    virtual_time,
)
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


WATCHED = [
    (time, ("sleep", "time", "time_ns", "monotonic", "monotonic_ns")),
    (threading, ("Lock", "RLock", "_allocate_lock", "_time")),
    (threading.Thread, ("start", "join")),
    (queue, ("SimpleQueue", "time")),
    (ThreadPoolExecutor, ("submit",)),
    (selectors.DefaultSelector, ("select",)),
    (socket.socket, ("send", "sendall", "recv", "recv_into", "close")),
    (asyncio.SelectorEventLoop, ("time", "_write_to_self")),
    (sys.modules["trio._core._run"], ("setup_runner", "unrolled_run")),
    (trio.lowlevel.TrioToken, ("run_sync_soon",)),
    (freezegun.api, ("real_time", "real_monotonic")),
    (sys, ("meta_path",)),
]


def what_is_in_place() -> list[Any]:
    places = [getattr(owner, name) for owner, names in WATCHED for name in names]
    return [list(place) if isinstance(place, list) else place for place in places]


def use_everything() -> None:
    time.sleep(1)
    asyncio.run(asyncio.sleep(1))
    trio.run(trio.sleep, 1)
    thread = threading.Thread(target=time.sleep, args=(1,))
    thread.start()
    thread.join()


@pytest.mark.parametrize(
    "ending",
    [None, AssertionError, KeyboardInterrupt, SystemExit, pytest.fail.Exception, VirtualTimeLimit],
)
def test_nothing_is_left_patched(ending: type[BaseException] | None) -> None:
    def body() -> None:
        with virtual_time(limit="1h"):
            use_everything()
            if ending is VirtualTimeLimit:
                time.sleep(7200)
            elif ending is not None:
                raise ending("the end")

    before = what_is_in_place()
    if ending is None:
        body()
    else:
        with pytest.raises(ending):
            body()
    assert what_is_in_place() == before
    assert time.sleep.__module__ == "time"


def test_nothing_is_patched_without_dispatchers_or_a_clock() -> None:
    assert all(
        getattr(thing, "__module__", "") is None
        or not str(getattr(thing, "__module__", "")).startswith("pytest_runway")
        for thing in what_is_in_place()
        if not isinstance(thing, list)
    )


def test_dispatchers_go_in_and_out_and_pass_everything_through() -> None:
    before = what_is_in_place()
    assert install_dispatchers() is True
    assert install_dispatchers() is False
    started = time.monotonic()
    time.sleep(0)
    assert time.monotonic() - started < 60
    assert not isinstance(threading.Lock(), bool)
    uninstall_dispatchers()
    assert what_is_in_place() == before


def test_two_clocks_at_once_are_refused(clock: VirtualClock) -> None:
    with pytest.raises(UsageError, match="already on"):
        VirtualClock().start()
    time.sleep(5)
    assert clock.elapsed == 5


def test_a_clock_is_used_once() -> None:
    clock = VirtualClock()
    clock.start()
    clock.stop()
    with pytest.raises(UsageError, match="make a new VirtualClock"):
        clock.start()


@pytest.fixture
def early() -> Iterator[Any]:
    """A module of the application that was imported before anything was patched."""
    module = type(sys)("an_application")
    source = """
from threading import Lock
from time import monotonic as now, sleep, time
from time import sleep as snooze
"""
    exec(source, vars(module))  # noqa: S102
    sys.modules["an_application"] = module
    yield module
    del sys.modules["an_application"]


@pytest.mark.parametrize("nap", ["sleep", "snooze"])
def test_names_bound_early_are_found(early: Any, nap: str) -> None:
    names = dict(vars(early))
    with virtual_time() as clock:
        started, at = early.now(), early.time()
        getattr(early, nap)(600)
        assert early.now() - started == pytest.approx(600)
        assert early.time() - at == pytest.approx(600)
        lock = early.Lock()
        lock.acquire()
        assert not lock.acquire(timeout=60)
        assert clock.elapsed == 660
    assert vars(early) == names


def test_names_bound_after_the_dispatchers_need_no_looking_for(
    request: pytest.FixtureRequest,
) -> None:
    install_dispatchers()
    request.addfinalizer(uninstall_dispatchers)
    early: Any = request.getfixturevalue("early")
    default: Callable[[float], None] = early.sleep

    def nap(sleep: Callable[[float], None] = default) -> None:
        sleep(600)

    with virtual_time() as clock:
        nap()
        assert clock.elapsed == 600
