"""Breaks, as they are on a socket."""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
from typing import TYPE_CHECKING, cast

import pytest

from pytest_runway.transports import drip
from pytest_runway.wire import Break, Reply
from tests.transports.raw import connected, everything, exchange

if TYPE_CHECKING:
    from pytest_runway.transports.loopback import LoopbackServer
    from pytest_runway.wire import BreakKind
    from tests.transports.receivers import Recorder

GET = b"GET /v1/x HTTP/1.1\r\nHost: localhost\r\n\r\n"
REPLY = Reply(200, (("content-length", "20"),), b"0123456789abcdefghij")


def broken(kind: str) -> Break:
    return Break(cast("BreakKind", kind), REPLY)


@pytest.mark.parametrize("kind", ["reset", "refuse"])
def test_a_reset_is_a_reset_to_the_client(
    server: LoopbackServer, recorder: Recorder, kind: str
) -> None:
    recorder.answers = [broken(kind)]
    with connected(server) as sock:
        sock.sendall(GET)
        with pytest.raises(ConnectionResetError):
            sock.recv(1)
    assert exchange(server, GET)[0][0] == 200


def test_a_cut_ends_in_the_middle_of_the_body(server: LoopbackServer, recorder: Recorder) -> None:
    recorder.answers = [broken("cut")]
    connection = http.client.HTTPConnection(*server.address)
    with contextlib.closing(connection):
        connection.request("GET", "/")
        with connection.getresponse() as response:
            assert response.status == 200
            with pytest.raises(http.client.IncompleteRead) as raised:
                response.read()
    assert (raised.value.partial, raised.value.expected) == (b"0123456789", 10)


def test_a_hang_lasts_until_the_client_leaves(server: LoopbackServer, recorder: Recorder) -> None:
    recorder.answers = [broken("hang")]
    with connected(server) as sock:
        sock.sendall(GET)
        sock.settimeout(0.1)
        with pytest.raises(TimeoutError):
            sock.recv(1)
        assert exchange(server, GET)[0][0] == 200


def test_a_hang_does_not_keep_the_server_from_stopping(
    server: LoopbackServer, recorder: Recorder
) -> None:
    recorder.answers = [broken("hang")]
    with connected(server) as sock:
        sock.sendall(GET)
        while not recorder.got:
            time.sleep(0.001)
        started = time.monotonic()
        server.stop()
        assert time.monotonic() - started < 1
        assert everything(sock) == b""


def test_a_drip_is_whole_in_the_end_and_late(
    server: LoopbackServer, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(recorder.clock, "sleep", waits.append, raising=False)
    recorder.answers = [broken("drip")]
    with connected(server) as sock:
        sock.sendall(GET)
        sock.shutdown(socket.SHUT_WR)
        received = everything(sock)
    assert received == b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n" + REPLY.body
    assert waits == [drip.DRIP_SECONDS] * 3
