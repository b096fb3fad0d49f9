"""The loopback server as HTTP: what every client may ask of it."""

from __future__ import annotations

import contextlib
import errno
import http.client
import itertools
import json
import multiprocessing
import os
import socket
import ssl
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import freezegun
import pytest

from pytest_runway.errors import RunwayFakeError, UsageError
from pytest_runway.transports import certificates
from pytest_runway.transports.loopback import LoopbackServer
from pytest_runway.transports.loopback.site import Site
from pytest_runway.wire import Reply
from tests.transports.raw import answers, connected, everything, exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.transports.receivers import Recorder

GET = b"GET /v1/x HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /v1/x HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
def client(server: LoopbackServer) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(*server.address, timeout=5)
    yield connection
    connection.close()


def test_a_connection_is_kept_for_the_next_request(client: http.client.HTTPConnection) -> None:
    ports = set()
    for _ in range(3):
        client.request("GET", "/v1/x?a=%20b")
        assert json.load(client.getresponse()) == {
            "method": "GET",
            "host": "api.dev.runwayml.com",
            "path": "/v1/x",
            "query": "a=%20b",
            "bytes": 0,
        }
        assert client.sock is not None
        ports.add(client.sock.getsockname())
    assert len(ports) == 1


@pytest.mark.parametrize("ending", [b"Connection: close\r\n", b"connection: Close\r\n"])
def test_a_connection_ends_when_the_client_says_so(server: LoopbackServer, ending: bytes) -> None:
    with connected(server) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n" + ending + b"\r\n")
        assert [status for status, _ in answers(sock)] == [200]


def test_a_body_in_chunks_arrives_whole(
    client: http.client.HTTPConnection, recorder: Recorder
) -> None:
    pieces = [b"a" * 100_000, b"b", b"c" * 70_000]
    client.request("POST", "/v1/x", body=iter(pieces), encode_chunked=True)
    assert client.getresponse().status == 200
    assert recorder.got[0].body == b"".join(pieces)


def test_chunks_may_have_extensions_and_trailers(
    server: LoopbackServer, recorder: Recorder
) -> None:
    chunked = POST + b"Transfer-Encoding: chunked\r\n\r\n"
    sent = chunked + b"3;a=b\r\nabc\r\n0A \t;x\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n" + GET
    assert [status for status, _ in exchange(server, sent)] == [200, 200]
    assert [request.body for request in recorder.got] == [b"abc0123456789", b""]


@pytest.mark.parametrize("megabytes", [4, 30])
def test_a_large_body_arrives_whole(
    client: http.client.HTTPConnection, recorder: Recorder, megabytes: int
) -> None:
    body = bytes(range(256)) * 4096 * megabytes
    client.request("POST", "/v1/x", body=body)
    assert client.getresponse().status == 200
    assert recorder.got[0].body == body


def test_a_client_that_waits_is_told_to_go_on(server: LoopbackServer, recorder: Recorder) -> None:
    with connected(server) as sock:
        sock.sendall(POST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b"abc")
        assert sock.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")
    assert recorder.got[0].body == b"abc"


def test_head_has_the_headers_of_get_and_no_body(client: http.client.HTTPConnection) -> None:
    client.request("HEAD", "/v1/x")
    response = client.getresponse()
    assert (response.read(), int(response.headers["content-length"]) > 0) == (b"", True)
    client.request("GET", "/v1/x")
    assert client.getresponse().status == 200


def test_a_204_has_neither_body_nor_length(server: LoopbackServer, recorder: Recorder) -> None:
    recorder.answers = [Reply(204, (), b"not sent")]
    with connected(server) as sock:
        sock.sendall(GET + GET)
        sock.shutdown(socket.SHUT_WR)
        raw = everything(sock)
    assert raw.startswith(b"HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n")


def test_pipelined_requests_are_answered_in_order(server: LoopbackServer) -> None:
    sent = b"".join(
        b"POST /v1/%d HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxx" % number
        for number in range(50)
    )
    found = [json.loads(body)["path"] for _, body in exchange(server, sent)]
    assert found == [f"/v1/{number}" for number in range(50)]


@pytest.mark.parametrize(
    ("target", "host", "asked", "path"),
    [
        ("/v1/a%20b", "127.0.0.1:80", "api.dev.runwayml.com", "/v1/a b"),
        ("/v1/a", "API.RunwayML.com.:443", "api.runwayml.com", "/v1/a"),
        ("https://api.runwayml.com/v1/a?b", "x", "api.runwayml.com", "/v1/a"),
        ("/~dnznrvs05pmza.cloudfront.net/a/b", "[::1]:80", "dnznrvs05pmza.cloudfront.net", "/a/b"),
        ("/~example.com/a", "localhost", "api.dev.runwayml.com", "/~example.com/a"),
    ],
)
def test_the_host_is_the_one_that_was_meant(
    server: LoopbackServer, recorder: Recorder, target: str, host: str, asked: str, path: str
) -> None:
    exchange(server, f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert (recorder.got[0].host, recorder.got[0].path) == (asked, path)


def test_links_lead_back_for_who_asked_at_the_servers_own_name(
    server: LoopbackServer, recorder: Recorder
) -> None:
    link = "https://dnznrvs05pmza.cloudfront.net/a.mp4?_jwt=x"
    reply = Reply(200, (("content-type", "application/json"),), json.dumps([link]).encode())
    recorder.answers = [reply, reply]
    (_, own), (_, named) = exchange(
        server, GET + b"GET / HTTP/1.1\r\nHost: api.dev.runwayml.com\r\n\r\n"
    )
    assert json.loads(own) == [f"{server.url}/~dnznrvs05pmza.cloudfront.net/a.mp4?_jwt=x"]
    assert json.loads(named) == [link]


@pytest.mark.parametrize(
    ("asked", "status", "about", "body"),
    [
        ("bytes=2-4", 206, "bytes 2-4/10", b"234"),
        ("bytes=7-", 206, "bytes 7-9/10", b"789"),
        ("bytes=-3", 206, "bytes 7-9/10", b"789"),
        ("bytes=5-99", 206, "bytes 5-9/10", b"56789"),
        ("bytes=10-", 416, "bytes */10", b""),
        ("bytes=-0", 416, "bytes */10", b""),
        ("bytes=4-2", 200, None, b"0123456789"),
        ("bytes=0-1,3-4", 200, None, b"0123456789"),
        ("items=1-2", 200, None, b"0123456789"),
    ],
)
def test_a_part_of_an_output_can_be_asked_for(
    client: http.client.HTTPConnection,
    recorder: Recorder,
    asked: str,
    status: int,
    about: str | None,
    body: bytes,
) -> None:
    recorder.answers = [Reply(200, (("content-length", "10"),), b"0123456789")]
    client.request("GET", "/~dnznrvs05pmza.cloudfront.net/a", headers={"Range": asked})
    response = client.getresponse()
    found = (response.status, response.headers["content-range"], response.read())
    assert found == (status, about, body)


def test_the_same_port_speaks_https(server: LoopbackServer, recorder: Recorder) -> None:
    trusting = ssl.create_default_context(cadata=certificates.authority_pem().decode())
    connection = http.client.HTTPSConnection(*server.address, timeout=5, context=trusting)
    with contextlib.closing(connection):
        for _ in range(2):
            connection.request("POST", "/v1/x", body=b"a" * 300_000)
            assert connection.getresponse().read()
    assert [len(request.body) for request in recorder.got] == [300_000, 300_000]


def test_https_without_certificates_is_told_to_the_test(
    server: LoopbackServer, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RunwayFakeError(certificates.HOW_TO_INSTALL)

    monkeypatch.setattr(certificates, "server_context", fail)
    connection = http.client.HTTPSConnection(*server.address, timeout=5)
    with contextlib.closing(connection), pytest.raises(OSError, match=r"EOF|reset"):
        connection.request("GET", "/")
    assert "pip install 'pytest-runway[server]'" in recorder.problems[0]


def test_a_header_with_a_line_break_stays_one_header(
    client: http.client.HTTPConnection, recorder: Recorder
) -> None:
    recorder.answers = [Reply(200, (("a", "b\r\nx-injected: 1"),))]
    client.request("GET", "/")
    response = client.getresponse()
    assert (response.headers["a"], response.headers["x-injected"]) == ("b x-injected: 1", None)


def test_a_failing_fake_is_a_500_and_a_problem(server: LoopbackServer, recorder: Recorder) -> None:
    def fail(_: object) -> None:
        raise KeyError("oops")

    recorder.handle = fail  # type: ignore[assignment,method-assign]  # what must never happen
    assert exchange(server, GET)[0][0] == 500
    assert "GET /v1/x" in recorder.problems[0]
    assert "KeyError: 'oops'" in recorder.problems[0]


# What a server on a developer's machine meets by accident, and a test by intent.


def test_a_head_that_never_ends_is_given_up(server: LoopbackServer) -> None:
    with connected(server) as sock:
        started = time.monotonic()
        sock.sendall(b"GET / HT")
        assert [status for status, _ in answers(sock)] == [408]
        assert time.monotonic() - started < 3
    assert exchange(server, GET)[0][0] == 200


def test_a_head_that_drips_is_given_up_all_the_same(server: LoopbackServer) -> None:
    with connected(server) as sock:
        sock.settimeout(0.05)
        received = b""
        for byte in GET.removesuffix(b"\r\n") + b"A: " + b"a" * 100:
            sock.sendall(bytes([byte]))
            with contextlib.suppress(TimeoutError):
                received = sock.recv(12)
                break
        assert received == b"HTTP/1.1 408"


def test_a_body_that_stalls_is_given_up(server: LoopbackServer, recorder: Recorder) -> None:
    with connected(server) as sock:
        sock.sendall(POST + b"Content-Length: 10\r\n\r\nabc")
        assert [status for status, _ in answers(sock)] == [408]
    assert not recorder.got


def test_a_client_that_leaves_in_the_middle_asked_for_nothing(
    server: LoopbackServer, recorder: Recorder
) -> None:
    assert exchange(server, POST + b"Content-Length: 10\r\n\r\nabc") == []
    assert exchange(server, b"GET / HTTP/1.1\r\nHos") == []
    assert not recorder.got


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"A: b\r\n" * 10_000 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"a" * 1_000_000 + b"\r\n\r\n", 431),
        (b"\x00" * 100 + b"\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n1\nA\r\n0\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 5000, 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"A: b\r\n" * 5000, 431),
        (b"GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET nothing HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET http://[a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ],
)
def test_what_cannot_be_read_is_refused_and_the_next_client_served(
    server: LoopbackServer, sent: bytes, status: int
) -> None:
    with connected(server) as sock:
        with contextlib.suppress(ConnectionError):
            sock.sendall(sent)
        assert [found for found, _ in answers(sock)] == [status]
    assert exchange(server, GET)[0][0] == 200


@pytest.mark.parametrize(
    "smuggler",
    [
        POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\nTransfer-encoding: x\r\n\r\n0\r\n\r\n",
    ],
)
def test_a_smuggled_request_is_never_read(
    server: LoopbackServer, recorder: Recorder, smuggler: bytes
) -> None:
    found = exchange(server, smuggler + b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
    assert len(found) == 1
    assert found[0][0] >= 400
    assert not recorder.got


def test_an_endless_body_is_read_to_its_end_and_not_kept(
    client: http.client.HTTPConnection, recorder: Recorder
) -> None:
    megabyte = bytes(1 << 20)
    tracemalloc.start()
    try:
        client.request(
            "POST", "/", (megabyte for _ in range(256)), {"Content-Length": str(256 << 20)}
        )
        assert client.getresponse().status == 200
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(recorder.got[0].body) == (32 << 20) + 1
    assert peak < 5 * len(recorder.got[0].body)


@pytest.mark.parametrize("hello", [b"\x16\x03\x01\x00\x05hello", b"\x16" * 1000])
def test_a_bad_tls_hello_ends_the_connection_only(server: LoopbackServer, hello: bytes) -> None:
    with connected(server) as sock:
        sock.sendall(hello)
        with contextlib.suppress(OSError):  # the server may have closed it by now
            sock.shutdown(socket.SHUT_WR)
        assert not everything(sock).startswith(b"HTTP")
    assert exchange(server, GET)[0][0] == 200


def test_a_half_open_connection_keeps_nobody_waiting(server: LoopbackServer) -> None:
    with connected(server), connected(server):
        assert exchange(server, GET)[0][0] == 200


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
