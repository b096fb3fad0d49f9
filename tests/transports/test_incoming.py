"""What a client sends: what is read of it, what is refused, and that h11 reads the same."""

from __future__ import annotations

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_runway.transports.loopback.head import BadRequest, Head
from pytest_runway.transports.loopback.incoming import Incoming

GET = b"GET / HTTP/1.1\r\nHost: a"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"
END = b"\r\n\r\n"


def read(*pieces: bytes) -> list[tuple[Head, bytes]]:
    incoming = Incoming()
    for piece in pieces:
        incoming.feed(piece)
    return [(each.head, each.request.body if each.request else b"") for each in incoming.asked]


def head_of(head: bytes) -> Head:
    ((found, _),) = read(head + END)
    return found


def test_a_head_is_read_as_it_was_written() -> None:
    ((head, body),) = read(
        b"POST /v1/x?a=1 HTTP/1.1\r\nHost: api.test:80\r\nX-Runway-Version:  2024-11-06 \r\n"
        b"Content-Length: 12\r\nAccept: a\r\naccept: b\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n"
        b"hello, world"
    )
    assert (head.method, head.target, head.minor, body) == ("POST", "/v1/x?a=1", 1, b"hello, world")
    assert head.headers == {
        "host": "api.test:80",
        "x-runway-version": "2024-11-06",
        "content-length": "12",
        "accept": "a, b",
        "cookie": "a=1; b=2",
    }


def test_it_does_not_matter_in_which_pieces_it_comes() -> None:
    sent = POST + b"abc" + GET + END + POST + b"def"
    whole = read(sent)
    assert [body for _, body in whole] == [b"abc", b"", b"def"]
    assert read(*(bytes([byte]) for byte in sent)) == whole


def test_a_request_that_comes_again_is_read_again_and_a_body_like_it_is_a_body() -> None:
    poll, other = GET + END, GET.replace(b" / ", b" /b ") + END
    upload = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(poll)
    found = read(poll, poll, other, poll, upload, poll, poll, poll + poll, poll)
    assert [(head.method, head.target, body) for head, body in found] == [
        ("GET", "/", b""),
        ("GET", "/", b""),
        ("GET", "/b", b""),
        ("GET", "/", b""),
        ("POST", "/", poll),
        *[("GET", "/", b"")] * 4,
    ]


def test_after_the_last_request_the_same_one_is_not_read_any_more() -> None:
    last = GET + b"\r\nConnection: close" + END
    assert len(read(last, last)) == 1


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
    assert head_of(head).keeps_alive is goes_on
    assert len(read(head + END + GET + END)) == (2 if goes_on else 1)


def test_an_offer_to_speak_http_2_is_passed_over() -> None:
    offer = GET + b"\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA"
    assert [head.method for head, _ in read(offer + END + POST + b"abc")] == ["GET", "POST"]
    with_body = offer.replace(b"GET", b"PUT") + b"\r\nContent-Length: 3\r\n\r\nabc"
    assert [body for _, body in read(with_body + POST + b"def")] == [b"abc", b"def"]
    assert [body for _, body in read(*(bytes([byte]) for byte in with_body))] == [b"abc"]


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /", 505),
        (b"G\tT / HTTP/1.1\r\nHost: a", 400),
        (b"BREW / HTTP/1.1\r\nHost: a", 400),
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
        (GET + b"\r\nContent-Length: " + b"9" * 30, 400),
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
        read(head + END)
    assert raised.value.status == status


@pytest.mark.parametrize("endless", [b"A: ", b"A"])
def test_a_field_without_an_end_is_given_up_before_it_fills_the_memory(endless: bytes) -> None:
    with pytest.raises(BadRequest) as raised:
        read(GET + b"\r\n" + endless, *([b"a" * 8192] * 20))
    assert raised.value.status == 431


def test_a_trailer_without_an_end_is_given_up_too() -> None:
    chunked = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: "
    with pytest.raises(BadRequest) as raised:
        read(chunked, *([b"a" * 8192] * 20))
    assert raised.value.status == 431


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
    sent = line + text.encode("latin-1") + rest + END
    incoming = Incoming()
    try:
        incoming.feed(sent)
    except BadRequest:
        return
    if not incoming.asked:
        return
    ours = incoming.asked[0].head
    theirs = h11.Connection(h11.SERVER)
    theirs.receive_data(sent)
    event = theirs.next_event()
    assert isinstance(event, h11.Request)
    assert (ours.method, ours.target) == (event.method.decode(), event.target.decode())
    framing = {name: value.decode("latin-1") for name, value in event.headers}
    for name in ("host", "content-length", "transfer-encoding"):
        assert ours.headers.get(name, "").lower() == framing.get(name.encode(), "").lower()
