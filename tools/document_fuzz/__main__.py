"""Let schemathesis ask the server whatever the document allows, and what it does not.

It takes schemathesis, which is a tool of its own: ``pip install schemathesis``. The server is in
conformance mode, so that ids, keys and balances stand in no request's way.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from pytest_runway.contract import load
from pytest_runway.served import RunwayServer

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance"
)


def main() -> int:
    """Run schemathesis; return its exit status."""
    parser = argparse.ArgumentParser(prog="tools.document_fuzz", description=__doc__)
    parser.add_argument("--examples", type=int, default=260, help="cases for each operation")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("arguments", nargs="*", help="arguments for schemathesis, after --")
    given = parser.parse_args()
    version = load().document["info"]["version"]
    with RunwayServer(conformance=True, speed=1.0) as server:
        command = [sys.executable, "-m", "schemathesis.cli", "run"]
        command += [f"{server.url}/openapi.json", "--url", server.url, "--checks", CHECKS]
        command += ["--header", f"Authorization: Bearer {server.api_key}"]
        command += ["--header", f"X-Runway-Version: {version}"]
        command += ["--max-examples", str(given.examples), "--seed", str(given.seed)]
        command += ["--generation-database", "none", "--continue-on-failure"]
        return subprocess.run([*command, *given.arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
