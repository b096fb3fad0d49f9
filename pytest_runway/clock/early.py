"""Names bound early: ``from time import sleep`` in a module that was imported before us."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from pytest_runway.clock.exempt import keeps_real_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_runway.clock.patching import Patches


def rebind(patches: Patches, replacements: dict[int, Callable[..., Any]]) -> None:
    """Replace, in every module of the application, names bound to a function of ``replacements``.

    ``replacements`` maps the ``id`` of a function to what stands in for it. Only the modules'
    own dictionaries are looked at: asking a module for its attributes may import half the world.
    """
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
