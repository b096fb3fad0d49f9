"""Breaks, as an httpx client sees them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio
import httpx

from pytest_runway.transports.drip import DRIP_SECONDS, drops

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from pytest_runway.transports.receiver import Receiver
    from pytest_runway.wire import Break, Reply

_FOREVER = 10 * 365 * 86_400.0


@dataclass(frozen=True, slots=True)
class Broken:
    """A break on its way to a client, and the fake that planned it."""

    plan: Break
    receiver: Receiver


def realise(broken: Broken, request: httpx.Request) -> httpx.Response:
    """Raise what the client would see, or return an answer that comes apart while it is read."""
    if broken.plan.kind == "hang":
        try:
            time.sleep(_patience(broken, request))
        finally:
            _tell_that_it_left(broken)
    return _raise_or_reply(broken, request)


async def realise_async(broken: Broken, request: httpx.Request) -> httpx.Response:
    """Do the same for an asynchronous client."""
    if broken.plan.kind == "hang":
        try:
            await anyio.sleep(_patience(broken, request))
        finally:  # also where the client was cancelled
            _tell_that_it_left(broken)
    return _raise_or_reply(broken, request)


def _patience(broken: Broken, request: httpx.Request) -> float:
    """Return how long the client waits for the first byte: its read timeout."""
    timeout = request.extensions.get("timeout", {}).get("read")
    if timeout is not None:
        return float(timeout)
    broken.receiver.note_problem(
        f"{request.method} {request.url.path} was sent with no read timeout and the answer never "
        "came: without a timeout the client waits for ever. Give the client a timeout."
    )
    return _FOREVER


def _tell_that_it_left(broken: Broken) -> None:
    if broken.plan.gone is not None:
        broken.plan.gone(broken.receiver.clock.now)


def _raise_or_reply(broken: Broken, request: httpx.Request) -> httpx.Response:
    kind, reply = broken.plan.kind, broken.plan.reply
    if kind == "refuse":
        raise httpx.ConnectError("[Errno 111] Connection refused", request=request)
    if kind == "hang":
        raise httpx.ReadTimeout("The read operation timed out", request=request)
    if kind == "reset" or reply is None:
        raise httpx.ReadError("[Errno 104] Connection reset by peer", request=request)
    stream = _Cut(reply, request) if kind == "cut" else _Drip(reply, request)
    return httpx.Response(reply.status, headers=list(reply.headers), stream=stream)


class _Cut(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Half of a body, then the connection is gone."""

    def __init__(self, reply: Reply, request: httpx.Request) -> None:
        self._whole = len(reply.body)
        self._half = reply.body[: self._whole // 2]
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        yield self._half
        raise self._gone()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._half
        raise self._gone()

    def _gone(self) -> httpx.RemoteProtocolError:
        message = (
            "peer closed connection without sending complete message body "
            f"(received {len(self._half)} bytes, expected {self._whole})"
        )
        return httpx.RemoteProtocolError(message, request=self._request)


class _Drip(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that comes a few bytes at a time: each in time, all of it late."""

    def __init__(self, reply: Reply, request: httpx.Request) -> None:
        self._parts = drops(reply.body)
        self._late = DRIP_SECONDS
        timeout = request.extensions.get("timeout", {}).get("read")
        self._is_too_late = timeout is not None and timeout < DRIP_SECONDS
        self._request = request
        if self._is_too_late:
            self._late = float(timeout)

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            time.sleep(self._late)
            self._check()
            yield part

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            await anyio.sleep(self._late)
            self._check()
            yield part

    def _check(self) -> None:
        if self._is_too_late:
            raise httpx.ReadTimeout("The read operation timed out", request=self._request)
