"""The in-process transport: httpx, sync and async, through one respx route.

The interception sits in httpx's own transports. A client that was given another transport, and
whatever a test patches on top, keeps its own way.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar, cast

import httpx
import respx
from respx.mocks import AbstractRequestMocker
from respx.models import PassThrough

from pytest_runway.errors import RunwayFakeError
from pytest_runway.transports import attached, breaking, redirect, tls
from pytest_runway.transports.flows import current_flow
from pytest_runway.transports.hosts import API_HOST, HOSTS
from pytest_runway.wire import Break, Request

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable, Mapping

    from pytest_runway.transports.receiver import Receiver

_BREAK = "pytest_runway.break"
_BODY = "pytest_runway.body"
_PROBE = "x-pytest-runway-probe"


class _TransportMocker(AbstractRequestMocker):
    """respx at the level of httpx's transports: below clients, above connection pools."""

    name = "pytest-runway"
    targets: ClassVar[list[str]] = ["httpx.HTTPTransport", "httpx.AsyncHTTPTransport"]
    target_methods: ClassVar[list[str]] = ["handle_request", "handle_async_request"]

    @classmethod
    def to_httpx_request(cls, **kwargs: Any) -> httpx.Request:
        request: httpx.Request = kwargs["request"]
        return request

    @classmethod
    def prepare_sync_request(
        cls, httpx_request: httpx.Request, **kwargs: Any
    ) -> tuple[httpx.Request, dict[str, Any]]:
        if httpx_request.url.host in HOSTS and not _is_read(httpx_request):
            whole = BytesIO()
            for part in cast("Iterable[bytes]", httpx_request.stream):
                whole.write(part)
            httpx_request.extensions = {**httpx_request.extensions, _BODY: whole.getvalue()}
        return httpx_request, kwargs

    @classmethod
    async def prepare_async_request(
        cls, httpx_request: httpx.Request, **kwargs: Any
    ) -> tuple[httpx.Request, dict[str, Any]]:
        if httpx_request.url.host in HOSTS and not _is_read(httpx_request):
            whole = BytesIO()
            async for part in cast("AsyncIterable[bytes]", httpx_request.stream):
                whole.write(part)
            httpx_request.extensions = {**httpx_request.extensions, _BODY: whole.getvalue()}
        return httpx_request, kwargs

    @classmethod
    def from_sync_httpx_response(
        cls,
        httpx_response: httpx.Response,
        target: Any,  # noqa: ARG003 - respx's signature
        **kwargs: Any,
    ) -> httpx.Response:
        broken = httpx_response.extensions.pop(_BREAK, None)
        if broken is None:
            return httpx_response
        return breaking.realise(broken, kwargs["request"])

    @classmethod
    async def from_async_httpx_response(
        cls,
        httpx_response: httpx.Response,
        target: Any,  # noqa: ARG003 - respx's signature
        **kwargs: Any,
    ) -> httpx.Response:
        broken = httpx_response.extensions.pop(_BREAK, None)
        if broken is None:
            return httpx_response
        return await breaking.realise_async(broken, kwargs["request"])


class _Router(respx.MockRouter):
    """One route for everything: ours.

    respx would match patterns and keep every request and reply for its call list: a tenth of the
    SDK's time for a request, and all bodies in memory. The journal does that here.
    """

    def handler(self, request: httpx.Request) -> httpx.Response:
        return _answer(request)

    async def async_handler(self, request: httpx.Request) -> httpx.Response:
        return _answer(request)


_router: _Router | None = None


def attach(receiver: Receiver) -> None:
    """Send httpx's requests for Runway's hosts to ``receiver``, until it is detached.

    The last one attached answers, except for what one below it has created.

    Raises:
        RunwayFakeError: where a probe shows that httpx cannot be intercepted.
    """
    global _router  # noqa: PLW0603 - httpx is patched for the process, so is this
    attached.push(receiver)
    if _router is not None:
        return
    tls.start()
    redirect.start(attached.note_problem)
    _router = _Router(assert_all_called=False, using=_TransportMocker.name)
    _router.start()
    try:
        _probe()
    except BaseException:
        detach(receiver)
        raise


def linger(receiver: Receiver) -> None:
    """Let a receiver that is about to be detached go on answering for what it has created."""
    attached.linger(receiver)


def forget() -> None:
    """Let go of all receivers that linger."""
    attached.forget()
    _switch_off_when_idle()


def detach(receiver: Receiver) -> None:
    """Stop sending requests to ``receiver``; with the last one httpx is as it was."""
    attached.remove(receiver)
    _switch_off_when_idle()


def _switch_off_when_idle() -> None:
    global _router  # noqa: PLW0603 - see attach
    if not attached.anyone() and _router is not None:
        _router.stop(clear=True, reset=True, quiet=True)
        _router = None
        redirect.stop()
        tls.stop()


def _answer(request: httpx.Request) -> httpx.Response:
    if request.url.host not in HOSTS or attached.parent_answers() or _respx_is_in_use():
        raise _pass_through(request)
    if _PROBE in request.headers:
        return httpx.Response(204, headers={_PROBE: "1"})
    wire_request = to_wire(request)
    receiver = attached.receiver_of(wire_request)
    if receiver is None:
        raise _pass_through(request)
    answer = receiver.handle(wire_request)
    if isinstance(answer, Break):
        broken = breaking.Broken(answer, receiver)
        return httpx.Response(599, extensions={_BREAK: broken})
    return httpx.Response(answer.status, headers=answer.headers, content=answer.body)


def _pass_through(request: httpx.Request) -> PassThrough:
    return PassThrough("not for the fake", request=request, origin=respx.Route())


def to_wire(request: httpx.Request) -> Request:
    """Return an httpx request whose body was read as a value of ours."""
    url, read = request.url, request.extensions.get(_BODY)
    return Request(
        method=request.method,
        host=url.host,
        path=url.path,
        query=url.query.decode("ascii", "replace"),
        headers=_headers_of(tuple(request.headers.raw)),
        body=request.content if read is None else read,
        flow=current_flow(),
    )


@lru_cache(maxsize=64)
def _headers_of(raw: tuple[tuple[bytes, bytes], ...]) -> Mapping[str, str]:
    """Return headers as text; a client sends the same ones again and again."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw}


def _is_read(request: httpx.Request) -> bool:
    """Whether a request's body is there, or still a stream.

    A stream is read into one growing buffer: ``request.read()`` would hold all its parts, and then
    all of it once more, and an upload may have 200 MB.
    """
    try:
        _ = request.content
    except httpx.RequestNotRead:
        return False
    return True


def _respx_is_in_use() -> bool:
    # The test's own respx is at work on another level: what it decides, goes.
    return any(
        mocker.routers
        for name, mocker in _TransportMocker.registry.items()
        if name != _TransportMocker.name
    )


def _probe() -> None:
    if _respx_is_in_use():
        return
    # Never initialised: the interception needs nothing of a transport, the original would fail.
    transport = object.__new__(httpx.HTTPTransport)
    request = httpx.Request("GET", f"https://{API_HOST}/", headers={_PROBE: "1"})
    try:
        answered = transport.handle_request(request).headers.get(_PROBE) == "1"
    except Exception:  # noqa: BLE001 - whatever it is, the answer is not ours
        answered = False
    if not answered:
        raise RunwayFakeError(
            "httpx cannot be intercepted: the fake did not get a probe sent through "
            "httpx.HTTPTransport.handle_request. Something replaced that method before the fake "
            "started; start the fake first, or undo the patch."
        )
