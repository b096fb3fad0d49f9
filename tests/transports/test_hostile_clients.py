"""What no client should do to the loopback server: it answers or hangs up, and serves the next."""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from tests.transports.raw import answers, connected, everything, exchange

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.transports.loopback import LoopbackServer
    from tests.transports.receivers import Recorder

GET = b"GET /v1/x HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /v1/x HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
def client(server: LoopbackServer) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(*server.address, timeout=5)
    yield connection
    connection.close()


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
