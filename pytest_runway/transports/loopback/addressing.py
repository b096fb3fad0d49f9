"""Whom a request on the loopback interface is meant for."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pytest_runway.transports.hosts import API_HOST, HOSTS
from pytest_runway.transports.loopback.head import BadRequest
from pytest_runway.wire import Reply, Request

if TYPE_CHECKING:
    from pytest_runway.transports.loopback.head import Head

# A path can begin like this nowhere in the API.
_HOST_IN_PATH = "/~"


def addressed(head: Head) -> tuple[Request, bool]:
    """Return the request, still without its body, and whether it was sent to the server's own name.

    At the server's own name the API's paths are served, and those of Runway's other hosts below
    ``/~host``.

    Raises:
        BadRequest: 400 for a target that is neither a path nor a URL.
    """
    target, authority = head.target, head.headers.get("host", "")
    if not target.startswith("/"):
        target, authority = _absolute(head)
    path, _, query = target.partition("?")
    path = unquote(path.partition("#")[0], errors="replace")
    host = host_of(authority)
    is_own = host not in HOSTS
    if is_own:
        host = API_HOST
        if path.startswith(_HOST_IN_PATH):
            name, _, rest = path[len(_HOST_IN_PATH) :].partition("/")
            if name in HOSTS:
                host, path = name, f"/{rest}"
    return Request(head.method, host, path, query, head.headers, b""), is_own


@lru_cache(maxsize=256)
def host_of(authority: str) -> str:
    """Return the lower-case name in a Host header, without its port."""
    name = authority.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0].rstrip(".")


def led_back(reply: Reply, own_url: str) -> Reply:
    """Return a JSON reply whose links to Runway's other hosts lead to this server.

    Whoever asks at the server's own name, another process perhaps, could not follow them.
    """
    body = reply.body
    if b"https://" not in body or not _is_json(reply):
        return reply
    for host in _OTHER_HOSTS:
        body = body.replace(
            f"https://{host}/".encode(), f"{own_url}{_HOST_IN_PATH}{host}/".encode()
        )
    if body == reply.body:
        return reply
    kept = tuple(pair for pair in reply.headers if pair[0] != "content-length")
    return replace(reply, headers=(*kept, ("content-length", str(len(body)))), body=body)


_OTHER_HOSTS = sorted(name for name in HOSTS if not name.startswith("api."))


def _is_json(reply: Reply) -> bool:
    return any(
        name == "content-type" and value.startswith("application/json")
        for name, value in reply.headers
    )


def _absolute(head: Head) -> tuple[str, str]:
    try:
        url = urlsplit(head.target)
    except ValueError:
        raise BadRequest(400, "the target is malformed") from None
    if url.scheme not in ("http", "https") or not url.netloc:
        raise BadRequest(400, "the target is neither a path nor a URL")
    return (url.path or "/") + (f"?{url.query}" if url.query else ""), url.netloc
