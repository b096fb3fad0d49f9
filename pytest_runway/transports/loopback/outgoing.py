"""Replies as bytes on a connection: head and body in one piece."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from pytest_runway.wire import Reply

if TYPE_CHECKING:
    from pytest_runway.transports.loopback.head import Head

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_NO_BODY = frozenset({204, 304})
# A header with a line break in it would be two: a fault may have been given one.
_BREAKS_OUT = re.compile(r"[\r\n\0]+")


def encode(reply: Reply, head: Head, *, closes: bool) -> tuple[bytes, bytes]:
    """Return a reply's head and body as they go out, to be sent in one piece.

    Sent one after the other they cost 40 ms: the second waits for the client's delayed
    acknowledgement of the first.
    """
    body = b"" if reply.status in _NO_BODY else reply.body
    fields = [f"{name}: {value}" for name, value in reply.headers]
    all_of_them = "".join(fields)
    if any(each in all_of_them for each in "\r\n\0"):
        fields = [_BREAKS_OUT.sub(" ", field) for field in fields]
    if reply.status not in _NO_BODY and "content-length" not in dict(reply.headers):
        fields.append(f"content-length: {len(body)}")
    if closes:
        fields.append("connection: close")
    elif not head.minor:
        fields.append("connection: keep-alive")
    first = f"HTTP/1.1 {reply.status} {_PHRASES.get(reply.status, 'Unknown')}"
    text = "\r\n".join((first, *fields, "\r\n"))
    try:
        encoded = text.encode("latin-1")
    except UnicodeEncodeError:
        encoded = text.encode()
    return encoded, b"" if head.method == "HEAD" else body


def is_framed(reply: Reply) -> bool:
    """Whether the headers say of the body's length what is true; a fault may have them lie."""
    if reply.status in _NO_BODY:
        return True
    for name, value in reply.headers:
        if name == "content-length" and value != str(len(reply.body)):
            return False
        if name == "transfer-encoding":
            return False
    return True


def refusal(status: int, reason: str) -> Reply:
    """Return the answer to a request that never reached the fake."""
    body = f"pytest-runway: {reason}\n".encode()
    return Reply(status, (("content-type", "text/plain; charset=utf-8"),), body)
