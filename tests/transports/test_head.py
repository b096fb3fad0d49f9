"""Request heads: what is read, what is refused, and that h11 reads the same."""

from __future__ import annotations

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_runway.transports.loopback.head import BadRequest, parse_head

GET = b"GET / HTTP/1.1\r\nHost: a"


def test_a_head_is_read_as_it_was_written() -> None:
    head = parse_head(
        b"POST /v1/x?a=1 HTTP/1.1\r\nHost: api.test:80\r\nX-Runway-Version:  2024-11-06 \r\n"
        b"Content-Length: 12\r\nAccept: a\r\naccept: b\r\nCookie: a=1\r\nCookie: b=2"
    )
    assert (head.method, head.target, head.minor, head.length) == ("POST", "/v1/x?a=1", 1, 12)
    assert head.headers == {
        "host": "api.test:80",
        "x-runway-version": "2024-11-06",
        "content-length": "12",
        "accept": "a, b",
        "cookie": "a=1; b=2",
    }


@pytest.mark.parametrize(
    ("head", "goes_on"),
    [
        (GET, True),
        (GET + b"\r\nConnection: close", False),
        (GET + b"\r\nConnection: Close, TE", False),
        (b"GET / HTTP/1.0", False),
        (b"GET / HTTP/1.0\r\nConnection: Keep-Alive", True),
    ],
)
def test_the_connection_is_kept_when_the_client_asks_for_it(head: bytes, goes_on: bool) -> None:
    assert parse_head(head).keeps_alive is goes_on


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"", 400),
        (b"GET /", 400),
        (b"GET  / HTTP/1.1\r\nHost: a", 400),
        (b"G\tT / HTTP/1.1\r\nHost: a", 400),
        (b"GET /\xc3\xa9 HTTP/1.1\r\nHost: a", 400),
        (b"GET / HTTP/1.1", 400),
        (b"GET / HTTP/2.0\r\nHost: a", 505),
        (b"GET / HTTP/0.9\r\nHost: a", 505),
        (GET + b"\r\nHost: b", 400),
        (GET + b"\r\nNo colon", 400),
        (GET + b"\r\nSpace : 1", 400),
        (GET + b"\r\n folded", 400),
        (GET + b"\r\nA: 1\n B: 2", 400),
        (GET + b"\r\nA: \x00", 400),
        (GET + b"\nA: 1", 400),
        (GET + b"\r\nContent-Length: 1, 1", 400),
        (GET + b"\r\nContent-Length: 1\r\nContent-Length: 1", 400),
        (GET + b"\r\nContent-Length: +1", 400),
        (GET + b"\r\nContent-Length: 0x1", 400),
        (GET + b"\r\nContent-Length: -1", 400),
        (GET + b"\r\nContent-Length: " + b"9" * 19, 400),
        (GET + b"\r\nTransfer-Encoding: chunked\r\nContent-Length: 1", 400),
        (GET + b"\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400),
        (GET + b"\r\nTransfer-Encoding: gzip, chunked", 501),
        (GET + b"\r\nTransfer-Encoding: \x0bchunked", 400),
        (b"GET / HTTP/1.0\r\nTransfer-Encoding: chunked", 400),
        (GET + b"".join(b"\r\nA%d: 1" % number for number in range(300)), 431),
    ],
)
def test_what_is_malformed_or_ambiguous_is_refused(head: bytes, status: int) -> None:
    with pytest.raises(BadRequest) as raised:
        parse_head(head)
    assert raised.value.status == status


FIELDS = st.lists(
    st.tuples(
        st.sampled_from(["Host", "content-length", "Transfer-Encoding", "A", "b ", "", "c\u00e9"]),
        st.sampled_from(
            ["", "a", "0", "12", " 12\t", "1,1", "chunked", "Chunked", "x\x0b", "\u00e9"]
        ),
    ),
    max_size=4,
)
LINES = st.sampled_from(
    [
        b"GET / HTTP/1.1",
        b"POST /a?b HTTP/1.1",
        b"GET / HTTP/1.0",
        b"get * HTTP/1.1",
        b"A",
        b"G /\x7f H",
    ]
)


@given(line=LINES, fields=FIELDS, rest=st.binary(max_size=8))
def test_what_is_read_here_h11_reads_alike(
    line: bytes, fields: list[tuple[str, str]], rest: bytes
) -> None:
    text = "".join(f"\r\n{name}: {value}" for name, value in fields)
    head = line + text.encode("latin-1") + rest
    try:
        ours = parse_head(head)
    except BadRequest:
        return
    theirs = h11.Connection(h11.SERVER)
    theirs.receive_data(head + b"\r\n\r\n")
    event = theirs.next_event()
    assert isinstance(event, h11.Request)
    assert (ours.method, ours.target) == (event.method.decode(), event.target.decode())
    framing = {name: value for name, value in event.headers if name != b"a"}
    assert ours.headers.get("host", "") == framing.get(b"host", b"").decode("latin-1")
    chunked = framing.get(b"transfer-encoding", b"").lower() == b"chunked"
    assert ours.length == (None if chunked else int(framing.get(b"content-length", b"0")))
