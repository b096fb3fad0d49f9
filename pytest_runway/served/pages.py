"""The server's own paths, and who may ask for them."""

from __future__ import annotations

import hmac
import json
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pytest_runway.contract import load
from pytest_runway.served.control import Refused, control
from pytest_runway.transports.hosts import OWN_NAMES
from pytest_runway.transports.loopback.addressing import host_of
from pytest_runway.wire import Reply

if TYPE_CHECKING:
    from pytest_runway.served.server import RunwayServer
    from pytest_runway.wire import Request

CONTROL = "/__runway/"
TOKEN_HEADER = "x-runway-token"  # noqa: S105 - the name of a header


class OwnPages:
    """The page at ``/``, the document, and the control interface."""

    def __init__(self, fake: RunwayServer) -> None:
        """Serve the pages of one fake."""
        self._fake = fake

    def page(self, request: Request) -> Reply | None:
        """Answer for one of the server's own paths; None for all others, which are the API's."""
        path = request.path
        if path not in ("/", "/openapi.json") and not f"{path}/".startswith(CONTROL):
            return None
        try:
            self._check_sender(request)
            if path == "/openapi.json":
                return Reply(200, _JSON, _document())
            if path == "/":
                return Reply(200, _HTML, _page(self._fake.token))
            if path == f"{CONTROL}health":
                return _json(200, {"status": "ok"})
            self._check_token(request)
            return _json(200, self._control(request))
        except Refused as refused:
            return _json(refused.status, {"error": f"pytest-runway: {refused}"})

    def _control(self, request: Request) -> Any:
        body: Any = {}
        if request.body:
            try:
                body = json.loads(request.body)
            except ValueError as error:
                raise Refused(400, f"the body is not JSON: {error}") from error
        name = request.path.removeprefix(CONTROL.rstrip("/")).strip("/")
        with self._fake.lock:
            return control(self._fake, request.method, name, request.query_values(), body)

    def _check_sender(self, request: Request) -> None:
        """Refuse a page of the web that has talked somebody's browser into asking.

        The Host header is the server's own, whatever name an attacker's DNS gives to 127.0.0.1;
        the Origin, where a browser sends one, is of this machine.
        """
        authority = request.headers.get("host", "")
        own = urlsplit(self._fake.url).port
        if host_of(authority) not in OWN_NAMES or not authority.endswith(f":{own}"):
            raise Refused(403, f"the Host header is {authority!r}; ask for {self._fake.url}")
        origin = request.headers.get("origin")
        if origin is not None and not _is_of_this_machine(origin):
            raise Refused(403, f"pages of {origin!r} have no business here")

    def _check_token(self, request: Request) -> None:
        token = self._fake.token
        given = request.headers.get(TOKEN_HEADER, "")
        if token and not hmac.compare_digest(given.encode(), token.encode()):
            raise Refused(
                401,
                f"the control interface asks for its token in the header {TOKEN_HEADER}; "
                "it was printed when the server started, and is in RUNWAY_FAKE_TOKEN",
            )


_JSON = (("content-type", "application/json; charset=utf-8"), ("cache-control", "no-store"))
_HTML = (
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    (
        "content-security-policy",
        "default-src 'self' 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
    ),
)


def _json(status: int, value: Any) -> Reply:
    return Reply(status, _JSON, json.dumps(value, ensure_ascii=False).encode(errors="replace"))


def _is_of_this_machine(origin: str) -> bool:
    try:
        return urlsplit(origin).hostname in OWN_NAMES
    except ValueError:
        return False


@lru_cache
def _document() -> bytes:
    return json.dumps(load().document, ensure_ascii=False).encode()


def _page(token: str) -> bytes:
    template = resources.files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    return template.replace("__TOKEN__", json.dumps(token)[1:-1]).encode()
