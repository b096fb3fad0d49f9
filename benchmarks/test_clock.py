"""What virtual time costs: against the same work without any wait, in the same run.

``pytest benchmarks/test_clock.py`` asserts the ratios and prints them. The two sides take turns
round by round, and the median of the rounds' ratios counts, so that a busy machine slows both.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import sys
import time
import types
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import trio

from pytest_runway.clock import (
    VirtualClock,
    install_dispatchers,
    uninstall_dispatchers,
    virtual_time,
)
from tests.clock.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLIP: dict[str, Any] = {
    "model": "gen4_turbo",
    "prompt_image": "https://example.com/a.jpg",
    "ratio": "1280:720",
}
POLLS = 100


@pytest.fixture(autouse=True)
def no_collection() -> Iterator[None]:
    """Keep the garbage of one side from being collected on the other's time."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def dispatchers() -> Iterator[None]:
    """What ``--runway-fake`` does before the first test."""
    install_dispatchers()
    yield
    uninstall_dispatchers()


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def ratio_of(work: Callable[[], object], floor: Callable[[], object], *, rounds: int) -> float:
    work()
    floor()
    return statistics.median(timed(work) / timed(floor) for _ in range(rounds))


def wait_sync(client: Any) -> None:
    client.image_to_video.create(**CLIP).wait_for_task_output()


def poll_sync(client: Any, polls: int) -> None:
    task = client.image_to_video.create(**CLIP).id
    for _ in range(polls):
        client.tasks.retrieve(task)


async def wait_async(client: Any) -> None:
    await (await client.image_to_video.create(**CLIP)).wait_for_task_output()


async def poll_async(client: Any, polls: int) -> None:
    task = (await client.image_to_video.create(**CLIP)).id
    for _ in range(polls):
        await client.tasks.retrieve(task)


def one_sync(service: Service, polls: int | None) -> None:
    client = service.client()
    wait_sync(client) if polls is None else poll_sync(client, polls)


def one_async(run: Callable[..., Any]) -> Callable[[Service, int | None], None]:
    def one(service: Service, polls: int | None) -> None:
        async def main() -> None:
            client = service.async_client()
            await (wait_async(client) if polls is None else poll_async(client, polls))

        run(main)

    return one


def run_asyncio(main: Callable[[], Any]) -> None:
    asyncio.run(main())


def crowd_of_threads(service: Service, polls: int | None) -> None:
    client = service.client()
    with ThreadPoolExecutor(100) as pool:
        work = [
            pool.submit(wait_sync, client)
            if polls is None
            else pool.submit(poll_sync, client, polls)
            for _ in range(100)
        ]
        for future in work:
            future.result()


def crowd_of_tasks(service: Service, polls: int | None) -> None:
    async def main() -> None:
        client = service.async_client()
        await asyncio.gather(
            *(
                wait_async(client) if polls is None else poll_async(client, polls)
                for _ in range(100)
            )
        )

    asyncio.run(main())


class Standing:
    """A clock on which no time passes: what the floor's service keeps time by."""

    elapsed = 0.0


@pytest.mark.parametrize(
    ("work", "done_at", "rounds"),
    [
        pytest.param(one_sync, 599, 21, id="sync"),
        pytest.param(one_async(run_asyncio), 599, 21, id="asyncio"),
        pytest.param(one_async(trio.run), 599, 21, id="trio"),
        pytest.param(crowd_of_threads, 60, 5, id="100 threads"),
        pytest.param(crowd_of_tasks, 60, 5, id="100 asyncio tasks"),
    ],
)
@pytest.mark.usefixtures("dispatchers")
def test_a_wait_costs_at_most_a_quarter_more_than_its_polls(
    benchmark: Any,
    work: Callable[[Service, int | None], None],
    done_at: float,
    rounds: int,
) -> None:
    polls: list[int] = []

    def wait() -> None:
        with virtual_time() as clock:
            service = Service(clock, done_at=done_at)
            work(service, None)
        polls.append(round(len(service.seen) / len(service.created)) - 1)

    def poll() -> None:
        standing: Any = Standing()
        work(Service(standing, done_at=done_at), polls[-1])

    ratio = ratio_of(wait, poll, rounds=rounds)
    benchmark.extra_info.update(ratio=ratio, polls=polls[-1])
    benchmark.pedantic(wait, rounds=1)
    print(f"\n{ratio:.2f} times the cost of {polls[-1]} polls without a wait")
    assert ratio <= 1.25


def test_a_cancelled_task_ends_the_sync_client_in_under_a_second(benchmark: Any) -> None:
    def wait() -> None:
        with virtual_time() as clock:
            service = Service(clock, done_at=60, status="CANCELLED")
            with pytest.raises(Exception, match="timed out"):
                wait_sync(service.client())

    took = statistics.median(timed(wait) for _ in range(5))
    benchmark.pedantic(wait, rounds=1)
    print(f"\n{took * 1000:.0f} ms")
    assert took < 1


@pytest.fixture
def thousand_modules() -> Iterator[None]:
    """As many modules as a large application has, each with a hundred names."""
    names = [f"application_{number}" for number in range(max(0, 1_000 - len(sys.modules)))]
    for name in names:
        module = types.ModuleType(name)
        vars(module).update({f"name_{number}": object() for number in range(100)})
        sys.modules[name] = module
    yield
    for name in names:
        del sys.modules[name]


def switch() -> None:
    clock = VirtualClock()
    clock.start()
    clock.stop()


@pytest.mark.usefixtures("thousand_modules")
@pytest.mark.parametrize(("early", "limit_ms"), [(True, 0.5), (False, 5.0)])
def test_switching_on_and_off_is_cheap(benchmark: Any, early: bool, limit_ms: float) -> None:
    if early:
        install_dispatchers()
    try:
        switch()
        took_ms = 1000 * statistics.median(timed(switch) for _ in range(50))
        benchmark.pedantic(switch, rounds=20)
    finally:
        uninstall_dispatchers()
    print(f"\n{took_ms:.3f} ms at {len(sys.modules)} modules")
    assert took_ms < limit_ms


def test_reading_the_time_costs_little_without_a_clock(benchmark: Any) -> None:
    def read() -> None:
        for _ in range(10_000):
            time.time()

    def through_a_dispatcher() -> None:
        install_dispatchers()
        read()
        uninstall_dispatchers()

    ratio = ratio_of(through_a_dispatcher, read, rounds=20)
    benchmark.pedantic(read, rounds=5)
    print(f"\n{ratio:.1f} times time.time()")
    assert ratio < 5
