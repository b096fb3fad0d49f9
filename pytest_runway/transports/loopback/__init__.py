"""A real server on the loopback interface, for every client that is not httpx in this process."""

from __future__ import annotations

from pytest_runway.transports.loopback.server import LoopbackServer

__all__ = ["LoopbackServer"]
