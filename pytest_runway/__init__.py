"""pytest-runway: a strict, stateful fake of the Runway API, for pytest and without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_runway.engine.faults import FaultPlan
    from pytest_runway.fake import FakeRunway
    from pytest_runway.plugin.fixtures import runway, runway_server
    from pytest_runway.served import RunwayServer

__all__ = ["FakeRunway", "FaultPlan", "RunwayServer", "runway", "runway_server"]

# Resolved when they are asked for: the plugin is imported in every pytest run of an environment
# that has it installed, and must cost nothing there.
_HOMES = {
    "FakeRunway": "pytest_runway.fake",
    "FaultPlan": "pytest_runway.engine.faults",
    "RunwayServer": "pytest_runway.served",
    "runway": "pytest_runway.plugin.fixtures",
    "runway_server": "pytest_runway.plugin.fixtures",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
