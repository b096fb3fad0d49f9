"""Fetch the installed SDK's source from PyPI and run its tests of the API against the fake.

The SDK, pytest-asyncio, pytest-xdist, respx, aiohttp and httpx-aiohttp have to be installed. The
fake is in conformance mode: the ids of the SDK's examples exist, whatever happens to them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from pytest_runway.served import RunwayServer

PACKAGE = "runwayml"
TESTS = "tests/api_resources"


def main() -> int:
    """Run the suite; return pytest's exit status."""
    parser = argparse.ArgumentParser(prog="tools.sdk_suite", description=__doc__)
    parser.add_argument("arguments", nargs="*", help="arguments for pytest, after --")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = fetch(version(PACKAGE), Path(folder))
        with RunwayServer(conformance=True, speed=1.0) as server:
            return run(source, server.url, given.arguments or ["-q", "--tb=line", "-n", "2"])


def fetch(release: str, into: Path) -> Path:
    """Download a release's source and unpack it; return where it lies."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--no-binary", PACKAGE, "--dest", str(into), f"{PACKAGE}=={release}"]
    subprocess.run(command, check=True)
    (archive,) = into.glob(f"{PACKAGE}-*.tar.gz")
    shutil.unpack_archive(archive, into)
    return into / f"{PACKAGE}-{release}"


def run(source: Path, url: str, arguments: list[str]) -> int:
    """Run the tests of the API of an unpacked source against a server."""
    environment = {**os.environ, "TEST_API_BASE_URL": url}
    environment.pop("PYTEST_ADDOPTS", None)
    command = [sys.executable, "-m", "pytest", TESTS, "-p", "no:runway", *arguments]
    return subprocess.run(command, cwd=source, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
