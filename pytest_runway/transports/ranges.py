"""Parts of a body, as a store of files answers them (RFC 9110, section 14)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_runway.wire import Reply

if TYPE_CHECKING:
    from pytest_runway.wire import Request

_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def ranged(request: Request, reply: Reply) -> Reply:
    """Return the part of a GET's 200 that its ``Range`` asks for: 206, or 416 beyond the end.

    The reply comes back whole for no range, for several at once and for a range that is no
    range, all of which a server may ignore, and for an ``If-Range`` that is not its ``etag``.
    """
    asked = request.headers.get("range")
    if asked is None or reply.status != 200 or request.method != "GET":
        return reply
    condition = request.headers.get("if-range")
    if condition is not None and ("etag", condition) not in reply.headers:
        return reply
    found = _ONE_RANGE.fullmatch(asked.strip())
    if found is None or found[1] == found[2] == "":
        return reply
    size = len(reply.body)
    if found[1]:
        start, end = int(found[1]), min(int(found[2] or size), size - 1)
        if found[2] and int(found[2]) < start:
            return reply
    else:
        start, end = max(size - int(found[2]), 0), size - 1
    kept = tuple(pair for pair in reply.headers if pair[0] != "content-length")
    if start >= size or start > end:
        return Reply(416, (*kept, ("content-range", f"bytes */{size}"), ("content-length", "0")))
    part = reply.body[start : end + 1]
    about = (("content-range", f"bytes {start}-{end}/{size}"), ("content-length", str(len(part))))
    return replace(reply, status=206, headers=(*kept, *about), body=part)
