"""Child processes live in real time, and nothing that is virtual outruns them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
import trio

from pytest_runway.clock import virtual_time

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pytest_runway.clock import VirtualClock

SLEEPER = [sys.executable, "-c", "import time; time.sleep(0.3)"]
SERVER = [sys.executable, "-c", "import sys; sys.stdin.read()"]
PIPE = asyncio.subprocess.PIPE


SLOW_CHILD = "import sys; sys.stdin.read(1); print('ok')"


async def talk_in_asyncio() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SLOW_CHILD, stdin=PIPE, stdout=PIPE
    )
    out, _ = await asyncio.wait_for(process.communicate(b"x"), 30)
    assert out == b"ok\n"


async def wait_in_asyncio() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "pass")
    assert await asyncio.wait_for(process.wait(), 30) == 0


async def talk_in_trio() -> None:
    with trio.fail_after(30):
        command = [sys.executable, "-c", SLOW_CHILD]
        done = await trio.run_process(command, stdin=b"x", capture_stdout=True)
    assert done.stdout == b"ok\n"


def talk() -> None:
    command = [sys.executable, "-c", SLOW_CHILD]
    done = subprocess.run(command, input=b"x", stdout=subprocess.PIPE, timeout=30, check=True)
    assert done.stdout == b"ok\n"


@pytest.mark.parametrize(
    "talk",
    [
        talk,
        lambda: asyncio.run(talk_in_asyncio()),
        lambda: asyncio.run(wait_in_asyncio()),
        lambda: trio.run(talk_in_trio),
    ],
    ids=["subprocess", "asyncio, by pipes", "asyncio, by its end", "trio"],
)
def test_a_subprocess_lives_in_real_time(clock: VirtualClock, talk: Callable[[], None]) -> None:
    talk()
    assert clock.elapsed == 0


async def wait(process: asyncio.subprocess.Process) -> None:
    await process.wait()


async def communicate(process: asyncio.subprocess.Process) -> None:
    await process.communicate()


@pytest.mark.parametrize("until_its_end", [wait, communicate])
def test_a_deadline_does_not_outrun_a_child_that_is_awaited(
    until_its_end: Callable[[asyncio.subprocess.Process], Awaitable[None]],
) -> None:
    async def main() -> int | None:
        process = await asyncio.create_subprocess_exec(*SLEEPER, stdout=PIPE)
        await asyncio.wait_for(until_its_end(process), 300)
        return process.returncode

    with virtual_time(patience="4s") as clock:
        assert asyncio.run(main()) == 0
        assert clock.elapsed == 0


async def give_up(seconds: float) -> None:
    process = await asyncio.create_subprocess_exec(*SERVER, stdin=PIPE)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(process.wait(), seconds)
    await process.communicate(b"")


def test_a_deadline_on_a_child_comes_no_earlier_than_it_really_would() -> None:
    with virtual_time(patience=0.1) as clock:
        began = time.perf_counter()
        asyncio.run(give_up(0.3))
        assert time.perf_counter() - began > 0.3
        assert clock.elapsed == 0.3


def test_a_child_that_is_silent_for_long_is_not_waited_for() -> None:
    with virtual_time(patience=0.01) as clock:
        asyncio.run(give_up(600))
        assert clock.elapsed == 600


def test_a_child_that_nobody_awaits_keeps_no_time_from_passing() -> None:
    async def main() -> None:
        command = [sys.executable, "-c", "import time; time.sleep(60)"]
        process = await asyncio.create_subprocess_exec(*command)
        await asyncio.sleep(600)
        process.kill()
        await process.wait()

    with virtual_time(patience="1h") as clock:
        asyncio.run(main())
        assert clock.elapsed == 600


def test_other_timers_go_off_beside_a_child_that_is_awaited() -> None:
    async def poll(clock: VirtualClock) -> list[float]:
        seen = []
        for _ in range(4):
            await asyncio.sleep(0.05)
            seen.append(round(clock.elapsed, 6))
        return seen

    async def main(clock: VirtualClock) -> list[float]:
        process = await asyncio.create_subprocess_exec(*SERVER, stdin=PIPE)
        waiting = asyncio.create_task(process.wait())
        seen = await poll(clock)
        await process.communicate(b"")
        assert await waiting == 0
        return seen

    with virtual_time(patience=0.1) as clock:
        assert asyncio.run(main(clock)) == [0.05, 0.1, 0.15, 0.2]


def test_who_keeps_pace_with_real_time_passes_no_sleeper_by(clock: VirtualClock) -> None:
    began_ms, reached_ms = clock.pace_ms()
    assert began_ms == reached_ms == clock.now_ms
    began = time.perf_counter()
    while time.perf_counter() - began < 0.02:
        pass
    assert clock.pace_ms()[0] == began_ms
    assert 20 <= clock.pace_ms()[1] - began_ms < 600_000
    clock.advance(600)
    assert clock.pace_ms()[0] == began_ms + 600_000  # time was faster, and goes on from there

    sleeper = threading.Thread(target=time.sleep, args=(2,))
    sleeper.start()
    clock.advance(1)
    assert clock.pass_time(began_ms + 601_500)
    assert not clock.pass_time(began_ms + 610_000)
    assert clock.now_ms == began_ms + 602_000
    sleeper.join()
