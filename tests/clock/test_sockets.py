"""Real sockets: no time passes while an answer is on its way."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
import trio

from pytest_runway.clock import virtual_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.clock import VirtualClock


class Answering(BaseHTTPRequestHandler):
    """Answers after a moment of real time, as a server does."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        time.sleep(0.02)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"o")
        self.wfile.flush()
        time.sleep(0.001)
        self.wfile.write(b"k")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


async def poll_with_httpx(url: str, clock: VirtualClock, period: float) -> list[float]:
    async with httpx.AsyncClient(timeout=5) as client:
        return [await ask(client, url, clock, period) for _ in range(3)]


async def ask(client: httpx.AsyncClient, url: str, clock: VirtualClock, period: float) -> float:
    await anyio.sleep(period)
    assert (await client.get(url)).text == "ok"
    return clock.elapsed


def test_a_thread_polls_a_loopback_server(clock: VirtualClock, url: str) -> None:
    times = []
    with httpx.Client(timeout=5) as client:
        for _ in range(3):
            time.sleep(60)
            assert client.get(url).text == "ok"
            times.append(clock.elapsed)
    assert times == [60, 120, 180]


def test_threads_poll_a_loopback_server_side_by_side(clock: VirtualClock, url: str) -> None:
    def poll(period: float) -> list[float]:
        times = []
        with httpx.Client(timeout=5) as client:
            for _ in range(3):
                time.sleep(period)
                assert client.get(url).text == "ok"
                times.append(clock.elapsed)
        return times

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(poll, [60, 70])) == [[60, 120, 180], [70, 140, 210]]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_task_polls_a_loopback_server(clock: VirtualClock, url: str, backend: str) -> None:
    times = anyio.run(poll_with_httpx, url, clock, 60, backend=backend)
    assert times == [60, 120, 180]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_another_tasks_timer_waits_for_the_answer(
    clock: VirtualClock, url: str, backend: str
) -> None:
    async def main() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(anyio.sleep, 1)
            async with httpx.AsyncClient() as client:
                await client.get(url)
                assert clock.elapsed == 0

    anyio.run(main, backend=backend)
    assert clock.elapsed == 1


def test_a_server_started_by_the_test_lives_in_real_time(clock: VirtualClock) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    assert httpx.get(f"http://127.0.0.1:{server.server_port}/").text == "ok"
    time.sleep(600)
    server.shutdown()
    thread.join()
    server.server_close()
    assert clock.elapsed == 600


async def close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    await writer.wait_closed()


async def serve_and_ask(clock: VirtualClock, thinking: float) -> float:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            await asyncio.sleep(thinking)
            writer.write(b"ok\n")
        await close(writer)

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        for _ in range(5):
            await asyncio.sleep(10)
            writer.write(b"?\n")
            assert await asyncio.wait_for(reader.readline(), 30) == b"ok\n"
        elapsed = clock.elapsed
        await close(writer)
    return elapsed


def test_a_client_and_a_server_in_one_loop_share_its_time(clock: VirtualClock) -> None:
    assert asyncio.run(serve_and_ask(clock, 2)) == 60


def test_a_server_in_another_threads_loop_may_sleep_before_it_answers(clock: VirtualClock) -> None:
    ready: list[tuple[str, int]] = []
    stop: list[Any] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        await asyncio.sleep(20)
        writer.write(b"ok\n")
        await close(writer)

    async def serve() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        ready.append(server.sockets[0].getsockname())
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        stop.append(lambda: loop.call_soon_threadsafe(ended.set))
        async with server:
            await ended.wait()

    async def ask_once() -> bytes:
        reader, writer = await asyncio.open_connection(*ready[0])
        writer.write(b"?\n")
        line = await asyncio.wait_for(reader.readline(), 30)
        await close(writer)
        return line

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    while not stop:
        time.sleep(0)
    started = clock.elapsed
    assert asyncio.run(ask_once()) == b"ok\n"
    assert clock.elapsed - started == 20
    stop[0]()
    thread.join()


def test_a_server_that_never_answers_runs_into_the_clients_timeout() -> None:
    async def ask_in_vain(address: tuple[str, int]) -> None:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"?\n")
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(reader.readline(), 60)
        await close(writer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        with virtual_time(patience=0.05) as clock:
            asyncio.run(ask_in_vain(server.getsockname()))
            assert clock.elapsed == 60


def test_a_stream_that_never_comes_runs_into_trios_timeout() -> None:
    async def ask_in_vain(address: tuple[str, int]) -> None:
        stream = await trio.open_tcp_stream(*address)
        with trio.move_on_after(60) as scope:
            await stream.receive_some()
        assert scope.cancelled_caught
        await stream.aclose()

    with socket.create_server(("127.0.0.1", 0)) as server:
        with virtual_time(patience=0.05) as clock:
            trio.run(ask_in_vain, server.getsockname())
            assert clock.elapsed == 60
