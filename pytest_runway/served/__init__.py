"""A fake that is served: to any client on this machine, in any language, scripted over HTTP."""

from __future__ import annotations

from pytest_runway.served.clocks import PacedClock
from pytest_runway.served.server import RunwayServer

__all__ = ["PacedClock", "RunwayServer"]
