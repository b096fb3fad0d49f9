from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from pytest_runway.transports.loopback import LoopbackServer
from pytest_runway.transports.loopback.site import Site
from tests.transports.receivers import Recorder

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def recorder() -> Recorder:
    """What the server serves."""
    return Recorder()


@pytest.fixture
def server(recorder: Recorder) -> Iterator[LoopbackServer]:
    """A server that gives up on slow clients after half a second, and leaves nothing behind."""
    site = Site(lambda _request: recorder, idle_seconds=5, slow_seconds=0.5)
    with LoopbackServer(site) as running:
        yield running
    assert not any(thread.name.startswith("pytest-runway") for thread in threading.enumerate())
