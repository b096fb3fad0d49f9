"""The examples for other languages, as a reader would run them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUN = [sys.executable, "-m", "pytest_runway", "run"]


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if "PROXY" not in name.upper()}


def test_the_shell_example_of_the_page_runs() -> None:
    if not (shutil.which("bash") and shutil.which("curl")):
        pytest.skip("needs bash and curl")
    page = (ROOT / "docs" / "server.md").read_text("utf-8")
    (script,) = re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    done = subprocess.run(
        [*RUN, "--time", "virtual", "--", "bash", "-ec", script],
        check=False,
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r'"status":"SUCCEEDED"', done.stdout)
    assert "runway: 3 requests, 1 task, 25 credits" in done.stderr


def test_the_node_example_runs(tmp_path: Path) -> None:
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("needs node and npm")
    folder = shutil.copytree(ROOT / "examples" / "node", tmp_path / "node")
    install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(install, check=False, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"npm cannot install Runway's SDK here: {done.stderr.strip()[-300:]}")
    done = subprocess.run(
        [*RUN, "--time", "speed=60", "--", "npm", "test"],
        check=False,
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment(),
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^# pass 2$|pass 2", done.stdout, re.MULTILINE)
