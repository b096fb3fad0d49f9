"""Programs that a test starts find their way to the fake, whoever has Runway's host in its code."""

from __future__ import annotations

import ast
import asyncio
import multiprocessing
import os
import shlex
import shutil
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from runwayml import RunwayML

from pytest_runway import FakeRunway, RunwayServer
from pytest_runway.transports.redirect import programs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

API = "https://api.dev.runwayml.com"
BY_SDK = "from runwayml import RunwayML; RunwayML().organization.retrieve()"
BY_URLLIB = f"""
import os, urllib.request
headers = {{
    "Authorization": "Bearer " + os.environ["RUNWAYML_API_SECRET"], "X-Runway-Version": "2024-11-06"
}}
urllib.request.urlopen(urllib.request.Request("{API}/v1/organization", headers=headers)).read()
"""
SAYS = "import os; print(os.environ.get('RUNWAYML_BASE_URL'), os.environ.get('HTTPS_PROXY'))"
LISTENER = "pytest-runway loopback"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "RUNWAY_FAKE_URL"):
        monkeypatch.delenv(name, raising=False)


def run(program: str, **options: Any) -> str:
    command = [sys.executable, "-c", program]
    said: bytes = subprocess.run(
        command, check=True, timeout=60, stdout=subprocess.PIPE, **options
    ).stdout
    return said.decode().strip()


def positionally(program: str) -> None:
    command = [sys.executable, "-c", program]
    after_args = (-1, None, None, None, None, None, True, False, None)
    assert subprocess.Popen(command, *after_args, dict(os.environ)).wait(60) == 0


def by_asyncio(program: str) -> None:
    async def main() -> int:
        return await (await asyncio.create_subprocess_exec(sys.executable, "-c", program)).wait()

    assert asyncio.run(main()) == 0


def by_shell(program: str) -> None:
    assert os.system(shlex.join([sys.executable, "-c", program])) == 0  # noqa: S605


@pytest.mark.parametrize(
    ("started", "program"),
    [
        (run, BY_SDK),
        (run, BY_URLLIB),
        (positionally, BY_URLLIB),
        (by_asyncio, BY_URLLIB),
        (by_shell, BY_URLLIB),
    ],
    ids=["the SDK", "a host in its code", "by position", "asyncio", "the shell"],
)
def test_a_program_that_is_started_is_on_the_fake(
    started: Callable[[str], object], program: str
) -> None:
    with FakeRunway() as fake:
        started(program)
        assert [each.status for each in fake.requests("organization")] == [200]


BY_AIOHTTP = f"""
import aiohttp, asyncio, os
headers = {{
    "Authorization": "Bearer " + os.environ["RUNWAYML_API_SECRET"], "X-Runway-Version": "2024-11-06"
}}
async def main():
    async with aiohttp.ClientSession() as session:
        async with session.get("{API}/v1/organization", headers=headers) as answer:
            answer.raise_for_status()
asyncio.run(main())
"""
BY_NODE = f"""
const headers = {{
  Authorization: "Bearer " + process.env.RUNWAYML_API_SECRET, "X-Runway-Version": "2024-11-06",
}};
const url = "{API}/v1/organization";
const told = (status) => {{ if (status !== 200) throw new Error(String(status)); }};
fetch(url, {{ headers }}).then((answer) => told(answer.status));
require("node:https").get(url, {{ headers }}, (answer) => {{
  told(answer.statusCode);
  answer.resume();
}});
const options = {{ servername: "localhost" }};
const socket = require("node:tls").connect(443, new URL(url).host, options, () => socket.end());
"""


def test_a_python_client_that_knows_no_proxy_is_led_to_the_fake_too() -> None:
    with FakeRunway() as fake:
        run(BY_AIOHTTP)
        assert [each.status for each in fake.requests("organization")] == [200]


def test_node_clients_that_know_no_proxy_are_led_to_the_fake_too() -> None:
    if not shutil.which("node"):
        pytest.skip("needs node")
    with FakeRunway() as fake:
        subprocess.run(["node", "-e", BY_NODE], check=True, timeout=60)
        assert [each.status for each in fake.requests("organization")] == [200, 200]


def test_what_was_to_be_loaded_before_a_program_still_is(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('customized')")
    (tmp_path / "before.cjs").write_text("console.log('required')")
    given = {
        "PYTHONPATH": str(tmp_path),
        "NODE_OPTIONS": f"--require {tmp_path.as_posix()}/before.cjs",
    }
    with FakeRunway():
        assert run("print('ran')", env=given).split() == ["customized", "ran"]
        if shutil.which("node"):
            node = ["node", "-e", "console.log('ran')"]
            environment = {**given, "PATH": os.environ["PATH"]}
            assert subprocess.check_output(node, env=environment).split() == [b"required", b"ran"]


def ask() -> None:
    RunwayML().organization.retrieve()


def make_a_task() -> str:
    made = RunwayML().image_to_video.create(
        model="gen4_turbo", prompt_image="https://example.com/a.jpg", ratio="1280:720"
    )
    return made.id


def tasks_on_a_fake_of_its_own() -> int:
    with FakeRunway() as fake:
        make_a_task()
        return len(fake.tasks)


@pytest.mark.parametrize("how", ["spawn", "forkserver", "fork"])
def test_a_process_of_multiprocessing_is_on_the_fake(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A forkserver stays, and with it a server for each later fake: not for those of other tests.
    monkeypatch.setattr(programs, "_has_forkserver", False)
    # A new interpreter imports this module by the path of its parent, which other tests change.
    monkeypatch.syspath_prepend(Path(__file__).parents[2])
    for _ in range(2):
        with FakeRunway() as fake:
            process = multiprocessing.get_context(how).Process(target=ask)  # type: ignore[attr-defined]
            process.start()
            process.join(60)
            assert process.exitcode == 0
            assert [each.status for each in fake.requests("organization")] == [200]
    assert LISTENER not in [thread.name for thread in threading.enumerate()]


@pytest.mark.usefixtures("no_old_pools")
def test_what_a_forked_process_makes_is_there_for_its_parent() -> None:
    with FakeRunway() as fake:
        with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
            id_ = pool.submit(make_a_task).result(60)
        assert RunwayML().tasks.retrieve(id_).status == "PENDING"
        assert [task.id for task in fake.tasks] == [id_]


@pytest.mark.usefixtures("no_old_pools")
def test_a_forked_process_can_have_a_fake_of_its_own() -> None:
    with FakeRunway() as fake, ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
        assert pool.submit(tasks_on_a_fake_of_its_own).result(60) == 1
        assert len(fake.tasks) == 0


@pytest.mark.parametrize(
    ("given", "base_url"),
    [
        ({}, "http://127.0.0.1"),
        ({"RUNWAYML_BASE_URL": ""}, "http://127.0.0.1"),
        ({"RUNWAYML_BASE_URL": API}, "http://127.0.0.1"),
        ({"RUNWAYML_BASE_URL": "https://API.dev.runwayml.com/"}, "http://127.0.0.1"),
        ({"RUNWAYML_BASE_URL": "https://mock.test"}, "https://mock.test"),
        ({"RUNWAYML_BASE_URL": "http://[none"}, "http://[none"),
        ({b"RUNWAYML_BASE_URL": b"https://mock.test"}, "https://mock.test"),
    ],
)
def test_a_base_url_of_ones_own_is_left_alone(given: Mapping[Any, Any], base_url: str) -> None:
    with FakeRunway():
        said, proxy = run(SAYS, env=given).split()
    assert said.startswith(base_url)
    assert proxy.startswith("http://127.0.0.1:")


def test_a_program_that_was_told_of_a_fake_goes_there() -> None:
    with RunwayServer() as server, FakeRunway():
        assert run(SAYS, env=server.environment).split() == [server.url, server.url]


def test_a_proxy_of_ones_own_is_left_alone() -> None:
    with FakeRunway():
        assert run(SAYS, env={"https_proxy": "http://proxy.test"}).endswith(" None")


def test_an_authority_that_a_program_is_to_trust_is_still_trusted(tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_text("the company's")
    names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
    reads = f"import os; print([open(os.environ[name]).read() for name in {names}])"
    with FakeRunway():
        said = ast.literal_eval(run(reads, env=dict.fromkeys(names, str(own))))
        default = ast.literal_eval(run(reads, env={"SSL_CERT_FILE": str(tmp_path / "gone.pem")}))
    assert all(text.endswith("the company's") and "BEGIN CERTIFICATE" in text for text in said)
    assert [text.count("BEGIN CERTIFICATE") > 1 for text in default] == [True, True, True, False]


def test_without_a_fake_a_program_is_told_nothing() -> None:
    with FakeRunway():
        pass
    assert run(SAYS, env={}) == "None None"
    before = dict(os.environ)
    with FakeRunway():
        by_shell("pass")
    assert dict(os.environ) == before


def test_an_environment_that_is_none_is_refused_by_popen() -> None:
    with FakeRunway(), pytest.raises(TypeError):
        run(SAYS, env={"NAME": 1})


ASKS_WHEN_TOLD = (
    f"import sys\nfor line in sys.stdin:\n    {BY_SDK}\n    print('asked', flush=True)\n"
)


def test_a_program_that_lives_on_finds_the_next_fake_too() -> None:
    command = [sys.executable, "-c", ASKS_WHEN_TOLD]
    pipe = subprocess.PIPE
    before = dict(vars(socket.socket))
    with FakeRunway() as first:
        program = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, bufsize=1)
        assert program.stdin is not None
        assert program.stdout is not None
        for fake in (first, FakeRunway()):
            if fake is not first:
                first.stop()
                assert dict(vars(socket.socket)) == before
                fake.start()
            program.stdin.write("ask\n")
            assert program.stdout.readline() == "asked\n"
            assert len(fake.requests("organization")) == 1
        assert program.communicate(timeout=60)[0] == ""
        fake.stop()
    assert dict(vars(socket.socket)) == before
    assert LISTENER not in [thread.name for thread in threading.enumerate()]


POLLS_ON = """
from runwayml import RunwayML
client = RunwayML()
made = client.image_to_video.create(
    model="gen4_turbo", prompt_image="https://example.com/a.jpg", ratio="1280:720"
)
while client.tasks.retrieve(made.id).status != "SUCCEEDED":
    pass
"""


@pytest.mark.parametrize("fake", [FakeRunway, RunwayServer])
def test_a_program_that_polls_lives_in_real_time_and_so_does_its_task(
    fake: Callable[[], FakeRunway],
) -> None:
    with fake() as running:
        running.next_task.pending("0.2s").running("0.3s").succeeds()
        began = time.perf_counter()
        run(POLLS_ON)
        assert time.perf_counter() - began >= 0.5
        assert [task.status for task in running.tasks] == ["SUCCEEDED"]
        assert running.clock.elapsed == 0.5


def test_a_client_in_this_process_moves_no_time() -> None:
    with RunwayServer() as server:
        for _ in range(3):
            RunwayML().organization.retrieve()
        assert server.clock.elapsed == 0
