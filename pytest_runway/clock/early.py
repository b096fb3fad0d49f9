"""What application code binds early: ``from time import sleep``, ``from threading import Lock``.

Put in place before that code is imported, the stand-ins are what it binds; they pass everything
through until a clock is on. Put in place later, they are looked for where they may be bound.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from pytest_runway.arrivals import Arrivals
from pytest_runway.clock import dispatch, originals, threads
from pytest_runway.clock.exempt import keeps_real_time
from pytest_runway.clock.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Iterator

_installed = Patches()
_arrivals = Arrivals({})


def install_dispatchers() -> bool:
    """Put the dispatchers in place, process-wide; return whether this call did.

    They stand for the functions of ``time``, ``threading.Lock``, ``threading.RLock`` and
    ``queue.SimpleQueue``, and give trio's runs a clock. Called before application code is
    imported, nothing needs to be looked for when a clock starts.
    """
    global _arrivals  # noqa: PLW0603
    if _installed:
        return False
    dispatch.install(_installed)
    threads.install_early(_installed)
    _arrivals = Arrivals({"trio": _install_in_trio, "freezegun.api": _install_in_freezegun})
    _arrivals.open()
    return True


def uninstall_dispatchers() -> None:
    """Put back what stood there before ``install_dispatchers``."""
    _arrivals.close()
    _installed.undo()


def rebind(patches: Patches) -> None:
    """Replace what the modules of the application have bound already.

    Only the modules' own dictionaries are looked at: asking a module for its attributes may
    import half the world.
    """
    replacements = _installed.replacements()
    for name, real in originals.by_name.items():
        replacements[id(real)] = vars(time)[name]
    wanted = frozenset(replacements)
    for module in _application_modules():
        names = vars(module)
        if wanted.isdisjoint(map(id, names.values())):
            continue
        for name, value in list(names.items()):
            if id(value) in wanted:
                patches.set(module, name, replacements[id(value)])


def _application_modules() -> Iterator[Any]:
    standard = sys.stdlib_module_names
    for name, module in list(sys.modules.items()):
        top = name.partition(".")[0]
        if top == "pytest_runway" or (top in standard and top != "__main__"):
            continue
        if module is not None and not keeps_real_time(name) and hasattr(module, "__dict__"):
            yield module


def _install_in_freezegun() -> None:
    from pytest_runway.clock import neighbours

    neighbours.install_in_freezegun(_installed)


def _install_in_trio() -> None:
    from pytest_runway.clock import trio_hooks

    trio_hooks.install_runs(_installed)
