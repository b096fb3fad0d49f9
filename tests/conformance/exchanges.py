"""One behaviour, whatever client meets it: what is asked, and how each client asks."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

import aiohttp
import httpx
import requests
import trio
from runwayml import (
    APIConnectionError,
    APIStatusError,
    AsyncRunwayML,
    DefaultAioHttpClient,
    RunwayML,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CLIP = {
    "model": "gen4_turbo",
    "promptImage": "https://example.com/a.jpg",
    "promptText": "a slow dolly-in",
    "ratio": "1280:720",
    "duration": 5,
}
TIMEOUT_SECONDS = 60


class Lost(Exception):
    """No answer: the connection was refused, reset, cut, or silent for too long."""


@dataclass(frozen=True)
class Answer:
    """What a client was told."""

    status: int
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


Client: TypeAlias = "Callable[[str, str, Mapping[str, str], bytes | None], Answer]"
"""Takes method, URL, headers and body."""


@dataclass(frozen=True)
class Ask:
    """Where to ask, and with which headers."""

    url: str
    headers: Mapping[str, str]

    def __call__(self, client: Client, method: str, path: str, body: Any = None) -> Answer:
        sent = None if body is None else json.dumps(body).encode()
        return client(method, f"{self.url}{path}", self.headers, sent)


def by_httpx(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    try:
        with httpx.Client(timeout=TIMEOUT_SECONDS) as client:
            answer = client.request(method, url, headers=dict(headers), content=body)
    except httpx.TransportError as error:
        raise Lost from error
    return Answer(answer.status_code, answer.content)


async def _by_async_httpx(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None
) -> Answer:
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
            answer = await client.request(method, url, headers=dict(headers), content=body)
    except httpx.TransportError as error:
        raise Lost from error
    return Answer(answer.status_code, answer.content)


def by_httpx_on_asyncio(*asked: Any) -> Answer:
    return asyncio.run(_by_async_httpx(*asked))


def by_httpx_on_trio(*asked: Any) -> Answer:
    answer: Answer = trio.run(_by_async_httpx, *asked)
    return answer


def by_requests(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    try:
        answer = requests.request(
            method, url, headers=dict(headers), data=body, timeout=TIMEOUT_SECONDS
        )
    except requests.exceptions.RequestException as error:
        raise Lost from error
    return Answer(answer.status_code, answer.content)


def by_urllib(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    request = urllib.request.Request(url, body, dict(headers), method=method)  # noqa: S310
    try:
        opener = urllib.request.build_opener()
        with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return Answer(answer.status, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read())
    except (OSError, http.client.HTTPException) as error:
        raise Lost from error


def by_http_client(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    where = urlsplit(url)
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    client = kind(str(where.hostname), where.port, timeout=TIMEOUT_SECONDS)
    with contextlib.closing(client):
        try:
            client.request(method, where.path, body, dict(headers))
            with client.getresponse() as answer:
                return Answer(answer.status, answer.read())
        except (OSError, http.client.HTTPException) as error:
            raise Lost from error


async def _goodbye() -> None:
    """Let aiohttp close what it closes in the background, before the loop is gone."""
    for _ in range(10):
        await asyncio.sleep(0)


def by_aiohttp(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    async def ask() -> Answer:
        timeout = aiohttp.ClientTimeout(total=None, sock_read=TIMEOUT_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.request(method, url, headers=headers, data=body) as answer,
            ):
                return Answer(answer.status, await answer.read())
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Lost from error
        finally:
            await _goodbye()

    return asyncio.run(ask())


def by_the_sdk(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    client = RunwayML(
        api_key=headers["Authorization"].removeprefix("Bearer "),
        base_url=_base(url),
        max_retries=0,
        timeout=TIMEOUT_SECONDS,
    )
    with client:
        return _told(lambda: getattr(client, method.lower())(_path(url), **_options(body)))


def _by_async_sdk(http_client: Callable[[], Any]) -> Callable[..., Any]:
    async def ask(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        client = AsyncRunwayML(
            api_key=headers["Authorization"].removeprefix("Bearer "),
            base_url=_base(url),
            max_retries=0,
            timeout=TIMEOUT_SECONDS,
            http_client=http_client(),
        )
        async with client:
            try:
                answer = await getattr(client, method.lower())(_path(url), **_options(body))
            except APIStatusError as error:
                answer = error.response
            except APIConnectionError as error:
                raise Lost from error
            return Answer(answer.status_code, answer.content)

    return ask


def by_the_sdk_on_aiohttp(*asked: Any) -> Answer:
    async def ask() -> Answer:
        try:
            answer: Answer = await _by_async_sdk(DefaultAioHttpClient)(*asked)
        finally:
            await _goodbye()
        return answer

    return asyncio.run(ask())


def by_the_sdk_on_trio(*asked: Any) -> Answer:
    answer: Answer = trio.run(_by_async_sdk(lambda: None), *asked)
    return answer


def _told(ask: Callable[[], Any]) -> Answer:
    try:
        answer = ask()
    except APIStatusError as error:
        answer = error.response
    except APIConnectionError as error:
        raise Lost from error
    return Answer(answer.status_code, answer.content)


def _base(url: str) -> str:
    where = urlsplit(url)
    return f"{where.scheme}://{where.netloc}"


def _path(url: str) -> str:
    return urlsplit(url).path


def _options(body: bytes | None) -> dict[str, Any]:
    options: dict[str, Any] = {"cast_to": httpx.Response}
    if body is not None:
        options["body"] = json.loads(body)
    return options
