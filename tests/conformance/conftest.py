from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_runway import FakeRunway, RunwayServer
from tests.conformance import exchanges
from tests.conformance.exchanges import Answer, Ask, Lost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

API = "https://api.dev.runwayml.com"
NODE = "the Node SDK over loopback"

IN_PROCESS = {
    "httpx in process": exchanges.by_httpx,
    "httpx on asyncio in process": exchanges.by_httpx_on_asyncio,
    "httpx on trio in process": exchanges.by_httpx_on_trio,
    "the SDK in process": exchanges.by_the_sdk,
}
REDIRECTED = {
    "requests redirected": exchanges.by_requests,
    "urllib redirected": exchanges.by_urllib,
    "http.client redirected": exchanges.by_http_client,
    "aiohttp redirected": exchanges.by_aiohttp,
    "the SDK on aiohttp redirected": exchanges.by_the_sdk_on_aiohttp,
}
OVER_LOOPBACK = {
    "httpx over loopback": exchanges.by_httpx,
    "httpx on asyncio over loopback": exchanges.by_httpx_on_asyncio,
    "httpx on trio over loopback": exchanges.by_httpx_on_trio,
    "requests over loopback": exchanges.by_requests,
    "urllib over loopback": exchanges.by_urllib,
    "aiohttp over loopback": exchanges.by_aiohttp,
    "the SDK over loopback": exchanges.by_the_sdk,
    "the SDK on aiohttp over loopback": exchanges.by_the_sdk_on_aiohttp,
    "the SDK on trio over loopback": exchanges.by_the_sdk_on_trio,
}
ROWS = (*IN_PROCESS, *REDIRECTED, *OVER_LOOPBACK, NODE)


@dataclass
class Place:
    """A fake, and a client that asks it."""

    fake: FakeRunway
    ask: Ask
    client: Any
    has_real_time: bool = False

    def __call__(self, method: str, path: str, body: Any = None, **changes: str | None) -> Answer:
        """Ask, with headers changed: an underscore stands for a hyphen, None leaves one out."""
        headers = dict(self.ask.headers)
        for name, value in changes.items():
            headers.pop(name.replace("_", "-"), None)
            if value is not None:
                headers[name.replace("_", "-")] = value
        return Ask(self.ask.url, headers)(self.client, method, path, body)


@pytest.fixture(params=ROWS)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """A fake and a client of each row, in virtual time."""
    row: str = request.param
    client: Any = {**IN_PROCESS, **REDIRECTED, **OVER_LOOPBACK}.get(row)
    if row == NODE:
        client = request.getfixturevalue("node_client")
    is_served = row in OVER_LOOPBACK or row == NODE
    with RunwayServer() if is_served else FakeRunway() as fake:
        url = fake.url if isinstance(fake, RunwayServer) else API
        headers = {
            "Authorization": f"Bearer {fake.api_key}",
            "X-Runway-Version": "2024-11-06",
            "Content-Type": "application/json",
        }
        yield Place(fake, Ask(url, headers), client, has_real_time=row == NODE)


@pytest.fixture(scope="session")
def node_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Answer]]:
    """Runway's SDK for Node, in a process that asks what it is told."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("the row of the Node SDK needs node and npm")
    folder = tmp_path_factory.mktemp("node")
    shutil.copy(Path(__file__).with_name("node_client.js"), folder / "client.js")
    about = {"type": "module", "private": True, "dependencies": {"@runwayml/sdk": ">=3"}}
    (folder / "package.json").write_text(json.dumps(about))
    install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(install, check=False, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"npm cannot install Runway's SDK here: {done.stderr.strip()[-300:]}")
    with _asking(folder) as ask:
        yield ask


@contextmanager
def _asking(folder: Path) -> Iterator[Callable[..., Answer]]:
    process = subprocess.Popen(
        ["node", "client.js"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, stdout = process.stdin, process.stdout

    def ask(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        asked = {"method": method, "url": url, "headers": dict(headers)}
        sent = {**asked, "body": None if body is None else body.decode()}
        stdin.write(json.dumps(sent) + "\n")
        stdin.flush()
        told = json.loads(stdout.readline())
        if told is None:
            raise Lost
        return Answer(told["status"], told["body"].encode())

    try:
        yield ask
    finally:
        stdin.close()
        process.wait(10)
        stdout.close()
