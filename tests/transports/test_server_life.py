"""How the loopback server starts, works under load, and ends."""

from __future__ import annotations

import contextlib
import errno
import http.client
import itertools
import json
import multiprocessing
import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import freezegun
import pytest

from pytest_runway.errors import UsageError
from pytest_runway.transports.loopback import LoopbackServer
from pytest_runway.transports.loopback.site import Site
from tests.transports.raw import exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.transports.receivers import Recorder

GET = b"GET /v1/x HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def client(server: LoopbackServer) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(*server.address, timeout=5)
    yield connection
    connection.close()


def test_two_hundred_connections_lose_nothing(server: LoopbackServer, recorder: Recorder) -> None:
    def ask(worker: int) -> list[str]:
        connections = [http.client.HTTPConnection(*server.address) for _ in range(25)]
        found = []
        for number in range(2_500):
            connection = connections[number % 25]
            connection.request("GET", f"/{worker}/{number}")
            found.append(json.load(connection.getresponse())["path"])
        for connection in connections:
            connection.close()
        return found

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(8)))
    asked = [[f"/{worker}/{number}" for number in range(2_500)] for worker in range(8)]
    assert found == asked
    assert sorted(request.path for request in recorder.got) == sorted(itertools.chain(*asked))


def test_a_clock_that_somebody_froze_changes_nothing(client: http.client.HTTPConnection) -> None:
    with freezegun.freeze_time("2001-02-03"):
        for _ in range(2):
            client.request("POST", "/", b"a" * 100_000)
            assert json.load(client.getresponse())["bytes"] == 100_000


# Beginning and end.


def test_it_starts_and_stops_at_once_and_leaves_nothing(recorder: Recorder) -> None:
    taken = []
    for _ in range(5):
        started = time.perf_counter()
        server = LoopbackServer(Site(lambda _: recorder)).start()
        idle = http.client.HTTPConnection(*server.address)
        idle.request("GET", "/")
        idle.getresponse().read()
        server.stop()
        taken.append(time.perf_counter() - started)
        idle.close()
        with pytest.raises(ConnectionError):
            socket.create_connection(server.address)
        server.stop()
    assert min(taken) < 0.05
    assert [t for t in threading.enumerate() if t.name.startswith("pytest-runway")] == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"host": "192.0.2.1"}, "no business on a network"),
        ({"port": 70000}, "expected 0"),
        ({"port": -1}, "expected 0"),
    ],
)
def test_an_address_that_is_none_is_refused(
    recorder: Recorder, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        LoopbackServer(Site(lambda _: recorder), **options)


def test_a_port_in_use_is_said(server: LoopbackServer, recorder: Recorder) -> None:
    with pytest.raises(UsageError, match="something else does already"):
        LoopbackServer(Site(lambda _: recorder), port=server.address[1]).start()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EACCES, "ports below 1024 need rights that this user lacks"),
        (errno.EADDRNOTAVAIL, "this machine has no such address"),
        (errno.ENOBUFS, "No buffer space"),
    ],
)
def test_what_the_system_objects_to_is_said(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(UsageError, match=said):
        LoopbackServer(Site(lambda _: recorder), port=80).start()


def test_it_listens_on_ipv6_where_there_is_one(recorder: Recorder) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        with pytest.raises(UsageError, match="no such address"):
            LoopbackServer(Site(lambda _: recorder), host="::1").start()
        return
    with LoopbackServer(Site(lambda _: recorder), host="::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert exchange(server, GET)[0][0] == 200


def _ask_from_child(address: tuple[str, int], answer: Callable[[int], None]) -> None:
    connection = http.client.HTTPConnection(*address, timeout=5)
    with contextlib.closing(connection):
        connection.request("GET", "/from-child")
        answer(connection.getresponse().status)


@pytest.mark.filterwarnings("ignore:This process.*multi-threaded:DeprecationWarning")
@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="needs fork")
def test_a_forked_child_asks_its_parents_server(server: LoopbackServer, recorder: Recorder) -> None:
    context = multiprocessing.get_context("fork")
    answers_queue = context.SimpleQueue()
    child = context.Process(target=_ask_from_child, args=(server.address, answers_queue.put))
    child.start()
    assert answers_queue.get() == 200
    child.join()
    assert [request.path for request in recorder.got] == ["/from-child"]
    assert exchange(server, GET)[0][0] == 200
