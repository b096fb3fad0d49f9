"""What a client sends, as requests: parsed by llhttp, and within bounds.

llhttp (by httptools) is the parser of Node, strict about whatever two parsers could read
differently. h11 was measured too: a head takes it 95 us and llhttp 5, and a whole request costs
this server 90: with h11 it would be slower than the mock servers that it replaces.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from httptools import (
    HttpParserCallbackError,
    HttpParserError,
    HttpParserUpgrade,
    HttpRequestParser,
)

from pytest_runway.transports.loopback.addressing import addressed
from pytest_runway.transports.loopback.head import BadRequest, Head
from pytest_runway.transports.loopback.site import most_bytes

if TYPE_CHECKING:
    from pytest_runway.wire import Request

MOST_HEAD_BYTES = 64 * 1024
MOST_FIELDS = 256
_MOST_TRAILER_BYTES = 4096
# Once at most: of two, a proxy and a server may each believe another.
_SINGLE = frozenset({"host", "content-length", "transfer-encoding", "authorization"})
_VERSIONS = {"1.0": 0, "1.1": 1}


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole request; ``request`` is None for a CONNECT.

    ``is_own`` says that it was sent to the server's own name, not to one of Runway's.
    """

    head: Head
    request: Request | None
    is_own: bool


class Incoming:
    """One connection's bytes on their way to being requests.

    ``asked`` has those that are whole, ``is_new`` says that nothing came yet, ``has_begun`` that
    there is more of a request, and ``in_head`` that it is the head that is not whole. Of a body no
    more is kept than whoever is asked would take; what is longer is read to its end all the same,
    so that the client gets to its answer.

    Who polls sends the same bytes each time: a request without a body that comes again, whole and
    by itself, is the one from before, and costs a fifth of what it cost to read.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.asked: deque[Asked] = deque()
        self.is_new = True
        self._parser = HttpRequestParser(self)
        self._is_last = False
        self._same: tuple[bytes, Asked] | None = None
        self._heard = 0
        self._unheard_bytes = 0
        self._clear()

    @property
    def waits_to_go_on(self) -> bool:
        """Whether the client has sent a head, and waits to be told that its body is wanted."""
        head = self._head
        return self.has_begun and head is not None and head.expects_continue and self._body is None

    def feed(self, data: bytes) -> None:
        """Read what came; requests that are whole are then in ``asked``.

        Raises:
            BadRequest: 400 for what is malformed or ambiguous, 431 for too many or too large
                fields, 501 for a transfer coding that is not ``chunked``, 505 for a version of
                HTTP. What was asked before it stands.
        """
        if self._is_last:
            return
        if self._same is not None and data == self._same[0] and not self.has_begun:
            self.asked.append(self._same[1])
            return
        self._same = None
        starts_afresh = not (self.has_begun or self.asked)
        self._read(data)
        if starts_afresh and len(self.asked) == 1 and not self.has_begun and not self._is_last:
            asked = self.asked[0]
            if asked.request is not None and not asked.request.body:
                self._same = data, asked

    def _read(self, data: bytes) -> None:
        self.is_new = False
        before = self._heard
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade as upgrade:
            if self.asked[-1].head.method != "CONNECT":
                self._read(self._without_upgrade() + data[upgrade.args[0] :])
        except HttpParserCallbackError as error:
            raise error.__context__ or error from None
        except HttpParserError as error:
            if not self._is_last:
                raise BadRequest(400, f"the request is malformed: {error}") from None
        # One endless field, trailer or chunk extension is in the parser's memory, and no news.
        self._unheard_bytes = 0 if self._heard != before else self._unheard_bytes + len(data)
        if self.has_begun and self._unheard_bytes > MOST_HEAD_BYTES:
            raise BadRequest(431, f"a header field is larger than {MOST_HEAD_BYTES} bytes")

    def _without_upgrade(self) -> bytes:
        """Take back a request to go on in another protocol; return its head without that wish.

        Java's own client offers to speak HTTP/2 with each request, which a server may leave unheard
        (RFC 9110, 7.8). httptools (0.9) leaves the body of such a request unread.
        """
        head = self.asked.pop().head
        kept = (f"{name}: {value}" for name, value in head.headers.items() if name != "upgrade")
        line = f"{head.method} {head.target} HTTP/1.{head.minor}"
        self._parser, self._is_last = HttpRequestParser(self), False
        return "\r\n".join((line, *kept, "\r\n")).encode("latin-1")

    # What llhttp tells.

    def on_message_begin(self) -> None:
        """A request begins."""
        self._clear()
        self._heard += 1
        self.has_begun = self.in_head = True

    def _clear(self) -> None:
        self.has_begun = self.in_head = False
        self._target = b""
        self._headers: dict[str, str] = {}
        self._fields = self._field_bytes = 0
        self._head: Head | None = None
        self._request: Request | None = None
        self._is_own = False
        self._body: bytearray | None = None
        self._keep = 0

    def on_url(self, url: bytes) -> None:
        """A piece of the target."""
        self._target += url
        self._count(0, len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """One field, of the head or, after the body, a trailer, which nobody reads."""
        self._count(1, len(name) + len(value))
        if not self.in_head:
            return
        key, text = _lowered(name), value.decode("latin-1").strip(" \t")
        known = self._headers.get(key)
        if known is not None:
            if key in _SINGLE:
                raise BadRequest(400, f"more than one {key} header")
            text = f"{known}{'; ' if key == 'cookie' else ', '}{text}"
        self._headers[key] = text

    def on_headers_complete(self) -> None:
        """The head is whole."""
        minor = _VERSIONS.get(self._parser.get_http_version())
        if minor is None:
            raise BadRequest(505, "only HTTP/1.1 and HTTP/1.0 are spoken here")
        if minor and "host" not in self._headers:
            raise BadRequest(400, "an HTTP/1.1 request must have a Host header")
        coding = self._headers.get("transfer-encoding")
        if coding is not None and not minor:
            raise BadRequest(400, "HTTP/1.0 has no Transfer-Encoding")
        if coding is not None and coding.lower() != "chunked":
            raise BadRequest(501, "the only transfer coding here is chunked")
        self._head = head = Head(
            self._parser.get_method().decode("ascii"),
            self._target.decode("ascii", "replace"),
            minor,
            self._headers,
            self._parser.should_keep_alive(),
        )
        if head.method != "CONNECT":
            self._request, self._is_own = addressed(head)
            self._keep = most_bytes(self._request.host)
        self.in_head = False
        self._fields = self._field_bytes = 0

    def on_body(self, piece: bytes) -> None:
        """A piece of the body."""
        self._heard += 1
        if self._body is None:
            self._body = bytearray()
        self._body += piece[: max(self._keep - len(self._body), 0)]

    def on_message_complete(self) -> None:
        """The request is whole."""
        head, request = self._head, self._request
        assert head is not None  # noqa: S101 - llhttp has told of the head before
        if request is not None and self._body:
            request = replace(request, body=bytes(self._body))
        self._body = None
        self.asked.append(Asked(head, request, self._is_own))
        self.has_begun = False
        self._is_last = not head.keeps_alive

    def _count(self, fields: int, size: int) -> None:
        self._heard += 1
        self._fields += fields
        self._field_bytes += size
        if self._fields > MOST_FIELDS:
            raise BadRequest(431, f"more than {MOST_FIELDS} header fields")
        if self._field_bytes > _MOST_TRAILER_BYTES:
            most = MOST_HEAD_BYTES if self.in_head else _MOST_TRAILER_BYTES
            if self._field_bytes > most:
                raise BadRequest(431, f"the header fields are larger than {most} bytes")


@lru_cache(maxsize=256)
def _lowered(name: bytes) -> str:
    return name.decode("ascii").lower()
