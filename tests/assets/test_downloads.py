"""Outputs are downloaded alike by whatever library, in process and over a real socket."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx
import pytest
import requests
from runwayml import RunwayML

from pytest_runway import FakeRunway
from pytest_runway.media import read
from pytest_runway.media.sources import Whole
from pytest_runway.served import RunwayServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

CLIP: dict[str, Any] = {
    "model": "gen4.5",
    "prompt_text": "a slow dolly-in",
    "ratio": "720:1280",
    "duration": 8,
}


@dataclass
class Got:
    """What a client was answered; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    data: bytes


def by_httpx(method: str, url: str, headers: dict[str, str]) -> Got:
    reply = httpx.request(method, url, headers=headers)
    return Got(reply.status_code, reply.headers, reply.content)


def by_requests(method: str, url: str, headers: dict[str, str]) -> Got:
    reply = requests.request(method, url, headers=headers, timeout=30)
    return Got(reply.status_code, reply.headers, reply.content)


def by_urllib(method: str, url: str, headers: dict[str, str]) -> Got:
    asked = urllib.request.Request(url, method=method, headers=headers)  # noqa: S310 - the fake's
    try:
        with urllib.request.urlopen(asked, timeout=30) as reply:  # noqa: S310
            return Got(reply.status, _lower(reply.headers), reply.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return Got(refused.code, _lower(refused.headers), refused.read())


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


CLIENTS = {"httpx": by_httpx, "requests": by_requests, "urllib": by_urllib}
FAKES = {"in process": FakeRunway, "loopback": RunwayServer}
Client: TypeAlias = "Callable[[str, str, dict[str, str]], Got]"


@pytest.fixture(params=CLIENTS)
def ask(request: pytest.FixtureRequest) -> Client:
    return CLIENTS[request.param]


@pytest.fixture(params=FAKES)
def runway(request: pytest.FixtureRequest) -> Iterator[FakeRunway]:
    with FAKES[request.param]() as fake:
        yield fake


def finished() -> Any:
    with RunwayML() as client:
        return client.text_to_video.create(**CLIP).wait_for_task_output()


def link() -> str:
    (url,) = finished().output
    return str(url)


def test_a_clip_arrives_whole(runway: FakeRunway, ask: Client) -> None:
    url = link()
    assert url.startswith("http://127.0.0.1:" if isinstance(runway, RunwayServer) else "https://d")
    got = ask("GET", url, {})
    assert (got.status, got.headers["content-type"]) == (200, "video/mp4")
    assert got.headers["content-length"] == str(len(got.data))
    facts = read(Whole(got.data))
    assert facts is not None
    assert (facts.codec, facts.width, facts.height, facts.duration_ms) == ("h264", 720, 1280, 8000)
    assert facts.complete
    assert ask("GET", url, {}).data == got.data


def test_head_says_how_much_there_is(runway: FakeRunway, ask: Client) -> None:
    url = link()
    size = len(ask("GET", url, {}).data)
    head = ask("HEAD", url, {})
    assert (head.status, head.data) == (200, b"")
    assert head.headers["content-length"] == str(size)
    assert head.headers["accept-ranges"] == "bytes"
    assert head.headers["etag"] == ask("GET", url, {}).headers["etag"]


def test_a_download_can_be_taken_up_where_it_stopped(runway: FakeRunway, ask: Client) -> None:
    url = link()
    whole = ask("GET", url, {}).data
    size = len(whole)
    for asked, start, end in (
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, size),
        ("bytes=-7", size - 7, size),
        (f"bytes=5-{size * 2}", 5, size),
    ):
        part = ask("GET", url, {"Range": asked})
        assert (part.status, part.data) == (206, whole[start:end])
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
        assert part.headers["content-length"] == str(end - start)
    beyond = ask("GET", url, {"Range": f"bytes={size}-"})
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    ignored = ask("GET", url, {"Range": "bytes=9-3"})
    assert (ignored.status, ignored.data) == (200, whole)


def test_a_link_expires_and_the_next_get_has_a_new_one(runway: FakeRunway, ask: Client) -> None:
    task = finished()
    runway.clock.advance("48h")
    assert ask("GET", task.output[0], {}).status == 401
    with RunwayML() as client:
        fresh: Any = client.tasks.retrieve(task.id)
    assert fresh.output[0] != task.output[0]
    assert ask("GET", fresh.output[0], {}).status == 200


@pytest.mark.parametrize(
    ("fault", "status", "content_type", "share"),
    [
        ("expired", 401, "application/xml", None),
        ("forbidden", 403, "application/xml", None),
        ("truncated", 200, "video/mp4", 0.5),
        ("empty", 200, "video/mp4", 0),
        ("html", 200, "text/html", None),
        ("wrong_type", 200, "application/octet-stream", 1),
        ("slow", 200, "video/mp4", 1),
    ],
)
def test_an_output_can_be_wrong(
    runway: FakeRunway,
    fault: Any,
    status: int,
    content_type: str,
    share: float | None,
) -> None:
    size = len(by_requests("GET", link(), {}).data)
    runway.next_task.succeeds(output=fault)
    url, before = link(), runway.clock.elapsed
    got = by_requests("GET", url, {})
    assert (got.status, got.headers["content-type"]) == (status, content_type)
    if share is not None:
        assert len(got.data) == pytest.approx(size * share, abs=200)
    if fault == "html":
        assert got.data.startswith(b"<!DOCTYPE html>")
    if fault == "slow":
        assert 30 <= runway.clock.elapsed - before <= 90


@pytest.mark.parametrize(
    ("name", "errors"),
    [
        ("httpx", (httpx.RemoteProtocolError, httpx.ReadError)),
        ("requests", (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)),
        ("urllib", (http.client.IncompleteRead, ConnectionError)),
    ],
)
def test_a_download_is_cut_in_the_middle(
    runway: FakeRunway, name: str, errors: tuple[type[Exception], ...]
) -> None:
    runway.next_task.succeeds(output="cut")
    url = link()
    with pytest.raises(errors):
        CLIENTS[name]("GET", url, {})
