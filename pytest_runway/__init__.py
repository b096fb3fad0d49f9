"""pytest-runway: a strict, stateful fake of the Runway API, for pytest and without it.

PYTEST_DONT_REWRITE
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec

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


class _AsCompiled:
    """Finds the modules of this package as pip compiled them.

    pytest parses, rewrites and compiles every module of a plugin for its asserts, and again in
    each run that may write no bytecode, as in many containers: 2 ms a module, and none of these
    has an assert that a test could fail at.
    """

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: Any = None
    ) -> ModuleSpec | None:
        """Find a module of this package, and leave all others to the finders behind."""
        if not name.startswith(f"{__name__}."):
            return None
        return PathFinder.find_spec(name, path, target)


if "_pytest.assertion.rewrite" in sys.modules:
    sys.meta_path.insert(0, _AsCompiled)
