"""The command line: a dev server, and commands that run on the fake."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pytest_runway.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMAND = [sys.executable, "-m", "pytest_runway"]
ORGANIZATION = (
    'curl -sS -o {to} -w "%{{http_code}} " {url}/v1/organization '
    '-H "Authorization: Bearer $RUNWAYML_API_SECRET" -H "X-Runway-Version: 2024-11-06"'
)
ARM = (
    'curl -sS -o /dev/null "$RUNWAY_FAKE_URL/__runway/faults" '
    '-H "X-Runway-Token: $RUNWAY_FAKE_TOKEN" -d \'{"operation": "organization", "reply": 503}\''
)
needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")


def run(*words: str, script: str = "") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if "PROXY" not in name.upper()}
    return subprocess.run(
        [*COMMAND, "run", *words, "--", "sh", "-c", script],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
    )


@needs_curl
def test_a_command_is_on_the_fake(tmp_path: Path) -> None:
    asked = ORGANIZATION.format(url="$RUNWAYML_BASE_URL", to=tmp_path / "answer")
    done = run("--tier", "1", "--credits", "40", script=asked)
    assert (done.returncode, done.stdout) == (0, "200 ")
    assert "runway: 1 request, 0 tasks, 0 credits" in done.stderr
    assert '"creditBalance":40' in (tmp_path / "answer").read_text()


@needs_curl
def test_a_command_with_a_hard_coded_host_is_on_the_fake_too() -> None:
    asked = ORGANIZATION.format(url="https://api.dev.runwayml.com", to="/dev/null")
    wrong = ORGANIZATION.format(url="https://api.runwayml.com", to="/dev/null")
    done = run(script=f"{asked}; {wrong}")
    assert (done.returncode, done.stdout) == (0, "200 401 ")


@needs_curl
def test_a_command_fails_where_the_fake_noticed_something() -> None:
    done = run(script=ARM)
    assert done.returncode == 1
    assert "a fault was armed and never fired" in done.stderr
    done = run(script=f"{ARM}; {ORGANIZATION.format(url='$RUNWAYML_BASE_URL', to='/dev/null')}")
    assert (done.returncode, done.stdout) == (0, "503 ")


def test_a_command_keeps_its_own_status() -> None:
    assert run(script="exit 7").returncode == 7


def test_other_hosts_are_reached_through_the_fake(tmp_path: Path) -> None:
    with echo() as port:
        code = (
            "import os, socket, urllib.parse as p;"
            "proxy = p.urlsplit(os.environ['HTTPS_PROXY']);"
            "s = socket.create_connection((proxy.hostname, proxy.port));"
            f"s.sendall(b'CONNECT localhost:{port} HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n');"
            "print(s.recv(100).split()[1].decode());"
            "s.sendall(b'hello'); s.shutdown(1); print(s.recv(100).decode())"
        )
        done = subprocess.run(
            [*COMMAND, "run", "--", sys.executable, "-c", code],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
            env={name: value for name, value in os.environ.items() if "PROXY" not in name.upper()},
        )
    assert done.stdout.split() == ["200", "HELLO"]


@contextlib.contextmanager
def echo() -> Iterator[int]:
    """Somebody who answers once, in capitals."""
    import threading

    listener = socket.create_server(("localhost", 0))

    def serve() -> None:
        sock, _ = listener.accept()
        with sock:
            sock.sendall(sock.recv(100).upper())

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1]
    thread.join()
    listener.close()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run"], "run takes a command"),
        (["run", "--tier", "9", "--", "true"], "tier=9 is not valid"),
        (["run", "--keys", "none", "--", "true"], "keys='none' is not valid"),
        (["run", "--time", "fast", "--", "true"], "--time 'fast' is not valid"),
        (["run", "--time", "speed=x", "--", "true"], "expected real, virtual or speed=60"),
        (["run", "--time", "speed=-1", "--", "true"], "expected a number of at least 0"),
        (["serve", "--port", "70000"], "expected 0 (any) to 65535"),
        (["serve", "--host", "192.0.2.1"], "no business on a network"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(words) == 2
    assert said in capsys.readouterr().err


def test_a_command_that_does_not_exist_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--", "no-such-command"]) == 127
    assert "'no-such-command' cannot be run" in capsys.readouterr().err


@contextlib.contextmanager
def served(*words: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server of the command line, on its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [*COMMAND, "serve", "--port", str(port), *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as serving:
        assert serving.stderr is not None
        assert serving.stderr.readline() == f"a fake Runway at http://127.0.0.1:{port}\n"
        try:
            yield serving, port
        finally:
            serving.terminate()


def ask(port: int, method: str, path: str, *, key: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Bearer {key}", "X-Runway-Version": "2024-11-06"}
    connection.request(method, path, headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_serve_tells_where_it_is_and_what_is_asked(name: str) -> None:
    with served("--time", "speed=60") as (serving, port):
        assert serving.stdout is not None
        assert serving.stderr is not None
        told = dict(serving.stderr.readline().strip().split("=") for _ in range(3))
        assert ask(port, "GET", "/v1/organization", key=told["RUNWAYML_API_SECRET"]) == 200
        assert "GET    /v1/organization -> 200" in serving.stdout.readline()
        serving.send_signal(getattr(signal, name))
        assert serving.wait(10) == 0
        assert "runway: 1 request," in serving.stderr.read()


def test_in_conformance_mode_the_ids_of_the_examples_exist_again_and_again() -> None:
    task = "/v1/tasks/182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"
    with served("--conformance") as (_, port):
        methods = ("GET", "DELETE", "GET")
        assert [ask(port, method, task, key="any") for method in methods] == [200, 204, 200]
