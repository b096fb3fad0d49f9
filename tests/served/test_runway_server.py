"""RunwayServer: a fake with an address."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading

import pytest
import requests
from runwayml import RunwayML

from pytest_runway import RunwayServer
from pytest_runway.errors import UsageError
from pytest_runway.media import sample


def test_the_sdk_goes_over_the_socket_in_virtual_time() -> None:
    with RunwayServer() as server:
        task = RunwayML().image_to_video.create(
            model="gen4_turbo",
            prompt_image="https://example.com/a.jpg",
            ratio="1280:720",
            duration=5,
        )
        done = task.wait_for_task_output()
        assert done.status == "SUCCEEDED"
        assert done.output[0].startswith(f"{server.url}/~dnznrvs05pmza.cloudfront.net/")
        assert server.clock.elapsed > 10
        assert server.requests()[0].headers["host"] == server.url.removeprefix("http://")
    assert not any(thread.name.startswith("pytest-runway") for thread in threading.enumerate())
    assert os.environ.get("RUNWAYML_BASE_URL") != server.url


def test_the_sdk_uploads_over_the_socket() -> None:
    with RunwayServer(assets="strict") as server:
        uri = RunwayML().uploads.create_ephemeral(file=("a.png", sample("alpha.png").data)).uri
        assert uri.startswith("runway://")
        assert [each.status for each in server.engine.state.journal.transfers] == [204]


def test_runways_own_names_lead_to_the_same_account() -> None:
    with RunwayServer(time="real") as server:
        for url in (server.url, "https://api.dev.runwayml.com"):
            headers = {
                "Authorization": f"Bearer {server.api_key}",
                "X-Runway-Version": "2024-11-06",
            }
            assert requests.get(f"{url}/v1/organization", headers=headers, timeout=9).ok
        assert len(server.requests()) == 2


API = "https://api.dev.runwayml.com"
BY_PYTHON = f"""
import requests
from runwayml import RunwayML
RunwayML().organization.retrieve()
headers = {{"Authorization": f"Bearer {{RunwayML().api_key}}", "X-Runway-Version": "2024-11-06"}}
requests.get("{API}/v1/organization", headers=headers, timeout=9).raise_for_status()
"""
BY_CURL = f"""
curl -sSf {API}/v1/organization -H "Authorization: Bearer $RUNWAYML_API_SECRET" \
  -H "X-Runway-Version: 2024-11-06"
curl -sSf "$RUNWAYML_BASE_URL/v1/organization" -H "Authorization: Bearer $RUNWAYML_API_SECRET" \
  -H "X-Runway-Version: 2024-11-06"
"""


@pytest.mark.parametrize(
    "command", [[sys.executable, "-c", BY_PYTHON], ["sh", "-ec", BY_CURL]], ids=["python", "curl"]
)
def test_a_program_in_its_environment_is_on_the_fake(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if command[0] == "sh" and not shutil.which("curl"):
        pytest.skip("needs curl")
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    with RunwayServer() as server:
        subprocess.run(command, env=server.environment, check=True, timeout=60)
        assert [each.status for each in server.requests("organization")] == [200, 200]


def test_a_port_in_use_is_said_and_nothing_is_left_on() -> None:
    with RunwayServer(time="real") as server:
        port = int(server.url.rpartition(":")[2])
        with pytest.raises(UsageError, match="something else does already"):
            RunwayServer(time="real", port=port).start()
        assert RunwayML().organization.retrieve().credit_balance > 0


def test_the_clock_of_a_test_is_moved_by_the_test_alone() -> None:
    with RunwayServer() as server:
        said = requests.post(
            f"{server.url}/__runway/clock",
            json={"advance": "1s"},
            headers={"X-Runway-Token": server.token},
            timeout=9,
        )
        assert (said.status_code, "runway_server.clock.advance()" in said.text) == (409, True)
