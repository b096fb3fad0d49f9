"""The loopback server as HTTP: what every client may ask of it."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
from typing import TYPE_CHECKING

import pytest

from pytest_runway.errors import RunwayFakeError
from pytest_runway.transports import certificates
from pytest_runway.wire import Reply
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
    sent = chunked + b"3;a=b\r\nabc\r\n0A;x\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n" + GET
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
        raise RunwayFakeError("no certificates today")

    monkeypatch.setattr(certificates, "server_context", fail)
    connection = http.client.HTTPSConnection(*server.address, timeout=5)
    with contextlib.closing(connection), pytest.raises(OSError, match=r"EOF|reset"):
        connection.request("GET", "/")
    assert recorder.problems == [
        "a client asked for https and got no answer: no certificates today"
    ]


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


def test_an_answer_that_cannot_be_sent_ends_one_connection_and_is_told(
    server: LoopbackServer, recorder: Recorder
) -> None:
    recorder.answers = [Reply(200, (), "no bytes")]  # type: ignore[arg-type]  # what must never be
    with connected(server) as sock:
        sock.sendall(GET)
        assert everything(sock) == b""
    assert "a connection was lost to a failure of the fake: TypeError" in recorder.problems[0]
    assert exchange(server, GET)[0][0] == 200


# What a server on a developer's machine meets by accident, and a test by intent.
