"""What a request over the loopback server costs, beside the two mock servers that serve a document.

steady (npm ``@stdy/cli``) is what the official SDK's own tests run against, Prism (npm
``@stoplight/prism-cli``) the best known. All three serve the same document, in processes of their
own; the rounds alternate, and the ratio of the medians is what counts. Both are stateless: a task
there is an example, here it has a life.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from pytest_runway.contract import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROUNDS = 400
WRK_SECONDS = 3
KEY = "key_" + "fa4e" * 32
HEADERS = {
    "Authorization": f"Bearer {KEY}",
    "X-Runway-Version": "2024-11-06",
    "Content-Type": "application/json",
}
CLIP = {
    "model": "gen4_turbo",
    "promptImage": "https://example.com/a.jpg",
    "ratio": "1280:720",
    "duration": 5,
}
OURS = """
import sys, time
from pytest_runway import RunwayServer
RunwayServer(port=int(sys.argv[1]), speed=1).start()
time.sleep(3600)
"""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """The ports of the servers that run here, by name."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("the servers to compare with need node and npm")
    folder = tmp_path_factory.mktemp("servers")
    (folder / "openapi.json").write_text(json.dumps(load().document))
    wanted = ["@stdy/cli", "@stoplight/prism-cli"]
    install = ["npm", "install", "--no-audit", "--no-fund", *wanted]
    done = subprocess.run(install, check=False, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"npm cannot install them here: {done.stderr.strip()[-300:]}")
    with contextlib.ExitStack() as stack:
        ports = {}
        for name in ("ours", "steady", "prism"):
            ports[name] = port = _free_port()
            stack.enter_context(_running(_command(name, port), folder))
        for port in ports.values():
            _wait_for(port)
        yield ports


def _command(name: str, port: int) -> list[str]:
    return {
        "ours": [sys.executable, "-c", OURS, str(port)],
        "steady": ["node_modules/.bin/steady", "-q", "-p", str(port), "openapi.json"],
        "prism": ["node_modules/.bin/prism", "mock", "-p", str(port), "openapi.json"],
    }[name]


@contextlib.contextmanager
def _running(command: list[str], folder: Path) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.05)
    raise AssertionError(f"nobody listens on {port}")


def ask(client: http.client.HTTPConnection, method: str, path: str, body: bytes | None) -> Any:
    client.request(method, path, body, HEADERS)
    response = client.getresponse()
    raw = response.read()
    assert response.status in (200, 400), raw[:300]
    return json.loads(raw)


def medians(
    servers: dict[str, int], method: str, path: str, body: bytes | None, rounds: int
) -> dict[str, float]:
    """Median seconds of a request to each server over a kept connection, in alternating rounds."""
    clients = {
        name: http.client.HTTPConnection("127.0.0.1", port) for name, port in servers.items()
    }
    spent: dict[str, list[float]] = {name: [] for name in servers}
    for _ in range(rounds):
        for name, client in clients.items():
            started = time.perf_counter()
            ask(client, method, path, body)
            spent[name].append(time.perf_counter() - started)
    for client in clients.values():
        client.close()
    return {name: statistics.median(each) for name, each in spent.items()}


def tell(what: str, found: dict[str, float], unit: float, name: str) -> None:
    said = ", ".join(
        f"{server} {value * unit:,.0f} {name} ({value / found['ours']:.2f}x)"
        for server, value in found.items()
    )
    print(f"\n{what}: {said}")


@pytest.fixture(scope="module")
def task(servers: dict[str, int]) -> str:
    client = http.client.HTTPConnection("127.0.0.1", servers["ours"])
    created = ask(client, "POST", "/v1/image_to_video", json.dumps(CLIP).encode())
    client.close()
    return str(created["id"])


def test_get_of_a_task(servers: dict[str, int], task: str) -> None:
    found = medians(servers, "GET", f"/v1/tasks/{task}", None, ROUNDS)
    tell("GET of a task", found, 1e6, "us")
    assert found["ours"] <= 0.65 * found["steady"]


def test_a_small_create(servers: dict[str, int]) -> None:
    found = medians(servers, "POST", "/v1/image_to_video", json.dumps(CLIP).encode(), ROUNDS)
    tell("create", found, 1e6, "us")
    assert found["ours"] < found["prism"]


def test_a_create_with_a_data_uri_of_four_megabytes(servers: dict[str, int]) -> None:
    picture = "data:image/png;base64," + "iVBORw0KGgo" + "A" * (4 * 1024 * 1024)
    body = json.dumps({**CLIP, "promptImage": picture}).encode()
    found = medians(servers, "POST", "/v1/image_to_video", body, 7)
    tell("create with 4 MB", found, 1e3, "ms")
    assert found["ours"] <= found["prism"] / 10


def test_requests_a_second(servers: dict[str, int], task: str) -> None:
    wrk = shutil.which("wrk")
    if wrk is None:
        pytest.skip("needs wrk")
    found: dict[str, list[float]] = {"ours": [], "steady": []}
    for _ in range(3):
        for name, rates in found.items():
            url = f"http://127.0.0.1:{servers[name]}/v1/tasks/{task}"
            sent = [part for key, value in HEADERS.items() for part in ("-H", f"{key}: {value}")]
            command = [wrk, "-t2", "-c16", f"-d{WRK_SECONDS}s", *sent, url]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            assert "Non-2xx" not in said
            (rate,) = re.findall(r"Requests/sec:\s+([\d.]+)", said)
            rates.append(float(rate))
    best = {name: max(rates) for name, rates in found.items()}
    tell("requests a second", best, 1, "")
    assert best["ours"] >= 1.5 * best["steady"]
