"""Certificates, made when somebody needs them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pytest_runway.transports import certificates

MAKE_AT_ONCE = """
import threading
from concurrent.futures import ThreadPoolExecutor
from pytest_runway.transports import certificates

together = threading.Barrier(8)

def make(number):
    together.wait()
    if number % 2:
        certificates.server_context()
    return certificates.authority_pem()

with ThreadPoolExecutor(8) as pool:
    print(len(set(pool.map(make, range(8)))))
"""


def test_threads_that_ask_at_once_get_one_authority() -> None:
    command = [sys.executable, "-c", MAKE_AT_ONCE]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout == "1\n"


def test_the_files_for_other_processes_go_when_this_one_does() -> None:
    code = "from pytest_runway.transports import certificates; print(certificates.folder())"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not Path(done.stdout.strip()).exists()


def test_the_bundle_holds_what_is_trusted_by_default_besides() -> None:
    bundle = Path(certificates.bundle(None, or_default=True)).read_bytes()
    assert bundle.startswith(certificates.authority_pem())
    assert bundle.count(b"BEGIN CERTIFICATE") > 50
