"""Hard-coded hosts: whoever asks for them is answered by the fake, or refused and told on."""

from __future__ import annotations

import _socket
import asyncio
import contextlib
import http.client
import os
import socket
import ssl
import subprocess
import sys
import threading
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import aiohttp.resolver
import httpx
import pytest
import requests
import trio
import trustme
import urllib3
from runwayml import AsyncRunwayML, DefaultAioHttpClient

from pytest_runway import FakeRunway
from pytest_runway.transports.redirect import lookups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOST = "api.dev.runwayml.com"
URL = f"https://{HOST}/v1/organization"
KEY = "key_" + "0" * 128
HEADERS = {"Authorization": f"Bearer {KEY}", "X-Runway-Version": "2024-11-06"}

# Made while no fake is on, as modules make them when they are imported.
EARLY_SESSION = requests.Session()
EARLY_POOL = urllib3.PoolManager()
EARLY_CONTEXT = ssl.create_default_context()
early_getaddrinfo = socket.getaddrinfo


@pytest.fixture(scope="module", autouse=True)
def _close_early_clients() -> Iterator[None]:
    yield
    EARLY_SESSION.close()
    EARLY_POOL.clear()


@pytest.fixture
def fake() -> Iterator[FakeRunway]:
    """A fake in real time, which leaves the process as it was."""
    before = process()
    with FakeRunway(time="real") as running:
        yield running
    EARLY_SESSION.close()
    EARLY_POOL.clear()
    assert process() == before


def process() -> list[Any]:
    """Return what of this process a fake changes."""
    environment = dict(os.environ)
    environment.pop("PYTEST_CURRENT_TEST", None)
    return [
        servers_threads(),
        _socket.getaddrinfo,
        socket.gethostbyname,
        ssl.SSLContext.wrap_socket,
        ssl.SSLContext.wrap_bio,
        dict(socket.socket.__dict__),
        environment,
    ]


def servers_threads() -> int:
    return sum(thread.name.startswith("pytest-runway") for thread in threading.enumerate())


def by_urllib() -> int:
    # Its own opener: the shared one remembers the proxies that it was first used with.
    opener = urllib.request.build_opener()
    with opener.open(urllib.request.Request(URL, headers=HEADERS)) as response:
        return int(response.status)


def by_http_client() -> int:
    with contextlib.closing(http.client.HTTPSConnection(HOST, context=EARLY_CONTEXT)) as client:
        client.request("GET", "/v1/organization", headers=HEADERS)
        with client.getresponse() as response:
            return response.status


def by_aiohttp() -> int:
    async def ask() -> int:
        async with aiohttp.ClientSession() as session, session.get(URL, headers=HEADERS) as reply:
            return reply.status

    return asyncio.run(ask())


def by_the_sdk_on_aiohttp() -> int:
    async def ask() -> int:
        async with AsyncRunwayML(http_client=DefaultAioHttpClient()) as client:
            return (await client.organization.with_raw_response.retrieve()).status_code

    return asyncio.run(ask())


def by_trio() -> int:
    async def ask() -> int:
        stream = await trio.open_ssl_over_tcp_stream(HOST, 443, https_compatible=True)
        head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
        await stream.send_all(
            f"GET /v1/organization HTTP/1.1\r\nHost: {HOST}\r\n{head}\r\n".encode()
        )
        line = await stream.receive_some(1000)
        await stream.aclose()
        return int(line.split()[1])

    return trio.run(ask)


def by_pycurl() -> int:
    pycurl: Any = pytest.importorskip("pycurl")
    handle = pycurl.Curl()
    handle.setopt(pycurl.URL, URL)
    handle.setopt(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in HEADERS.items()])
    handle.setopt(pycurl.WRITEFUNCTION, len)
    handle.perform()
    status = int(handle.getinfo(pycurl.RESPONSE_CODE))
    handle.close()
    return status


def by_curl_cffi() -> int:
    curl: Any = pytest.importorskip("curl_cffi")
    with curl.Session(impersonate="chrome") as session:
        return int(session.get(URL, headers=HEADERS).status_code)


def by_a_bare_socket() -> int:
    with (
        socket.create_connection((HOST, 443)) as plain,
        EARLY_CONTEXT.wrap_socket(plain, server_hostname=HOST) as secured,
    ):
        head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
        secured.sendall(f"GET /v1/organization HTTP/1.1\r\nHost: {HOST}\r\n{head}\r\n".encode())
        return int(secured.recv(1000).split()[1])


CLIENTS: list[Callable[[], int]] = [
    lambda: requests.get(URL, headers=HEADERS, timeout=60).status_code,
    lambda: EARLY_SESSION.get(URL, headers=HEADERS).status_code,
    lambda: EARLY_SESSION.get(URL.replace("https", "http"), headers=HEADERS).status_code,
    lambda: EARLY_POOL.request("GET", URL, headers=HEADERS).status,
    lambda: (
        urllib3.PoolManager(cert_reqs="CERT_NONE", assert_hostname=False)
        .request("GET", URL, headers=HEADERS)
        .status
    ),
    by_urllib,
    by_http_client,
    by_aiohttp,
    by_the_sdk_on_aiohttp,
    by_trio,
    by_pycurl,
    by_curl_cffi,
    by_a_bare_socket,
]


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_with_a_hard_coded_host_is_answered(
    fake: FakeRunway, client: Callable[[], int]
) -> None:
    assert client() == 200
    assert [exchange.status for exchange in fake.requests("organization")] == [200]
    assert fake.problems == []


def test_the_old_host_gets_runways_own_401(fake: FakeRunway) -> None:
    answer = EARLY_SESSION.get("https://api.runwayml.com/v1/organization", headers=HEADERS)
    assert answer.status_code == 401
    assert answer.json()["error"] == "Incorrect hostname for API key"


def test_a_kept_connection_serves_the_fake_that_is_on() -> None:
    with FakeRunway(time="real") as outer:
        EARLY_SESSION.get(URL, headers=HEADERS)
        with FakeRunway(time="real") as inner:
            EARLY_SESSION.get(URL, headers=HEADERS)
            EARLY_SESSION.get(URL, headers=HEADERS)
            assert len(inner.requests()) == 2
        EARLY_SESSION.get(URL, headers=HEADERS)
        assert len(outer.requests()) == 2
        EARLY_SESSION.close()


def test_no_server_runs_where_nobody_looks_runway_up(fake: FakeRunway) -> None:
    httpx.get(URL, headers=HEADERS)
    assert servers_threads() == 0


def test_a_fake_does_not_import_a_server_that_nobody_needs() -> None:
    code = (
        "import sys; from pytest_runway import FakeRunway\n"
        "with FakeRunway(): print('pytest_runway.transports.loopback' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"


def test_names_of_others_are_looked_up_as_ever(fake: FakeRunway) -> None:
    assert socket.getaddrinfo("127.0.0.1", 80)[0][4] == ("127.0.0.1", 80)
    assert early_getaddrinfo("localhost", 80, socket.AF_INET)[0][4] == ("127.0.0.1", 80)
    assert early_getaddrinfo(HOST, 443)[0][4][0] == "127.0.0.1"
    assert socket.gethostbyname("localhost") == "127.0.0.1"


def test_the_fakes_authority_is_trusted_for_runways_names_only(fake: FakeRunway) -> None:
    EARLY_SESSION.get(URL, headers=HEADERS)
    port = int(socket.getaddrinfo(HOST, 443)[0][4][1])
    with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        requests.get(f"https://localhost:{port}/", timeout=60)


@contextmanager
def impostor() -> Iterator[tuple[str, int]]:
    """Somebody who answers TLS for Runway's name with a certificate of his own, as a proxy may."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(HOST).configure_cert(context)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = listener.accept()
                with contextlib.suppress(OSError), sock:
                    if sock.recv(7, socket.MSG_PEEK) == b"CONNECT":
                        sock.recv(1000)
                        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                    context.wrap_socket(sock, server_side=True).close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def refused(fake: FakeRunway) -> str:
    """Return what was told, once, and forget it."""
    (problem,) = fake.problems
    fake.engine.state.problems.clear()
    return problem


def test_a_proxy_of_the_environment_is_gone_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "example.com")
    with FakeRunway(time="real"):
        assert requests.get(URL, headers=HEADERS, timeout=60).status_code == 200
        assert by_urllib() == 200
        assert os.environ["NO_PROXY"].startswith("example.com,")
    assert os.environ["NO_PROXY"] == "example.com"
    assert "no_proxy" not in os.environ


def test_a_proxy_that_is_asked_all_the_same_is_refused(fake: FakeRunway) -> None:
    with impostor() as (name, port), pytest.raises(requests.exceptions.ConnectionError):
        requests.get(URL, headers=HEADERS, timeout=60, proxies={"https": f"http://{name}:{port}"})
    said = refused(fake)
    assert f"a connection to {HOST} was refused: it leads to 127.0.0.1:" in said
    assert "NO_PROXY" in said
    assert "test_redirect.py:" in said
    assert "::test_a_proxy_that_is_asked_all_the_same_is_refused." in said


def test_an_asyncio_client_that_gets_to_somebody_else_is_refused(fake: FakeRunway) -> None:
    async def ask(name: str, port: int) -> None:
        await asyncio.open_connection(name, port, ssl=EARLY_CONTEXT, server_hostname=HOST)

    with impostor() as (name, port), pytest.raises(ssl.SSLCertVerificationError):
        asyncio.run(ask(name, port))
    assert "whoever answered is not the fake" in refused(fake)


def test_a_lookup_for_the_address_alone_is_refused(fake: FakeRunway) -> None:
    with pytest.raises(socket.gaierror, match=r"test_redirect\.py:\d+ in test_a_lookup"):
        socket.gethostbyname(HOST)
    assert "::test_a_lookup_for_the_address_alone_is_refused." in refused(fake)


def test_a_resolver_that_asks_no_socket_is_redirected_too(
    fake: FakeRunway, monkeypatch: pytest.MonkeyPatch
) -> None:
    if aiohttp.resolver.DefaultResolver is not aiohttp.resolver.AsyncResolver:
        pytest.skip("aiodns is not installed, so aiohttp resolves by socket")
    assert by_aiohttp() == 200


def test_starting_twice_and_stopping_twice_leaves_the_originals() -> None:
    original: Any = socket.socket.connect
    lookups.start()
    lookups.start()
    lookups.stop()
    lookups.stop()
    assert socket.socket.connect is original


def test_libcurl_is_as_it_was_afterwards() -> None:
    pycurl: Any = pytest.importorskip("pycurl")
    cffi: Any = pytest.importorskip("curl_cffi")
    before = [pycurl.Curl, cffi.Curl.setopt]
    with FakeRunway():
        assert pycurl.Curl is not before[0]
        assert cffi.Curl.setopt is not before[1]
        handle = pycurl.Curl()
        for url in ("https://example.com/", b"https://example.com/"):
            handle.setopt(pycurl.URL, url)  # anybody else's goes where it says
        with pytest.raises(TypeError):
            handle.setopt(pycurl.URL, object())
        handle.close()
    assert [pycurl.Curl, cffi.Curl.setopt] == before
