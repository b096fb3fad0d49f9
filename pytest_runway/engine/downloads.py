"""The host of outputs: real files behind links that expire (facts §4.5)."""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from pytest_runway.contract import load
from pytest_runway.engine.artifacts import read_token
from pytest_runway.engine.files import file_at, task_of
from pytest_runway.engine.s3 import XML_TYPE, xml_error
from pytest_runway.engine.web import Page
from pytest_runway.wire import Break, Reply

if TYPE_CHECKING:
    from pytest_runway.contract import Contract
    from pytest_runway.engine.state import State
    from pytest_runway.engine.timeline import OutputFault
    from pytest_runway.wire import Request

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_HTML = b"<!DOCTYPE html>\n<html><body><h1>We'll be right back</h1></body></html>\n"
_Broken = Literal["cut", "drip"]
_BREAKS: dict[str, _Broken] = {"cut": "cut", "slow": "drip"}


@lru_cache
def hosts() -> tuple[str, str]:
    """Return the hosts from which files are downloaded: of outputs, and of voices' previews."""
    stated = load().values("outputs")
    return stated["host"], stated["voice_preview_host"]


@lru_cache
def _prefixes() -> tuple[str, ...]:
    return tuple(f"https://{host}/" for host in hosts())


def is_ours(url: str) -> bool:
    """Whether a URL is a link that the API gave out, or claims to be."""
    return url.startswith(_prefixes())


def download(state: State, url: str) -> Page:
    """Return what a link gives to whoever fetches it whole."""
    parts = urlsplit(url)
    return _page(state, unquote(parts.path), parts.query)


def serve(_: Contract, state: State, request: Request) -> Reply | Break:
    """Answer a download: GET or HEAD, whole or a range. Neither key nor version is looked at."""
    if request.method not in ("GET", "HEAD"):
        told = "The specified method is not allowed against this resource."
        return xml_error(405, "MethodNotAllowed", told)
    page = _page(state, request.path, request.query)
    reply = _reply(page, request.headers.get("range"))
    if request.method == "HEAD":
        return Reply(reply.status, reply.headers)
    fault = _fault(state, request.path)
    broken = _BREAKS.get(fault or "") if page.status == 200 else None
    return Break(broken, reply) if broken else reply


def _page(state: State, path: str, query: str) -> Page:
    path = path.lstrip("/")
    stated = load().values("outputs")
    (token, *_) = parse_qs(query).get(stated["token"], [""])
    expires_ms = read_token(token, path)
    fault = _fault(state, path)
    if expires_ms is None or fault == "forbidden":
        return _error(403, "AccessDenied", "Access Denied")
    if state.now_ms >= expires_ms:
        return _error(stated["expired_status"], "ExpiredToken", "The link has expired.")
    file = file_at(state, path)
    if file is None:
        return _error(404, "NoSuchKey", "The specified key does not exist.")
    if fault == "html":
        return Page(_HTML, "text/html")
    data = b"" if fault == "empty" else file.data()
    if fault == "truncated":
        data = data[: len(data) // 2]
    return Page(data, "application/octet-stream" if fault == "wrong_type" else file.content_type)


def _fault(state: State, path: str) -> OutputFault | None:
    task = task_of(state, path)
    if task is None or task.ending is None:
        return None
    task.output_fault_met = True
    return task.ending.output


def _error(status: int, code: str, message: str) -> Page:
    return Page(xml_error(status, code, message).body, XML_TYPE, status)


def _reply(page: Page, asked: str | None) -> Reply:
    headers: tuple[tuple[str, str], ...]
    headers = (("content-type", page.content_type), ("cache-control", "private"))
    size = len(page.data)
    if page.status != 200:
        return Reply(page.status, (*headers, ("content-length", str(size))), page.data)
    tag = f'"{zlib.crc32(page.data):08x}-{size:x}"'
    headers += (("accept-ranges", "bytes"), ("etag", tag))
    window = _window(asked, size)
    if window is None:
        return Reply(200, (*headers, ("content-length", str(size))), page.data)
    first, end = window
    if first >= end:
        told = "The requested range is not satisfiable"
        refused = xml_error(416, "InvalidRange", told)
        return Reply(416, (*refused.headers, ("content-range", f"bytes */{size}")), refused.body)
    part = page.data[first:end]
    said = ("content-range", f"bytes {first}-{end - 1}/{size}")
    return Reply(206, (*headers, said, ("content-length", str(len(part)))), part)


def _window(asked: str | None, size: int) -> tuple[int, int] | None:
    """Return the first byte and the end of a range, None for the whole; several are the whole."""
    found = _RANGE.fullmatch(asked or "")
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        return max(0, size - int(found[2])), size
    first, end = int(found[1]), int(found[2]) + 1 if found[2] else size
    if found[2] and end <= first:
        return None  # RFC 9110: an invalid range is ignored
    return first, min(end, size)
