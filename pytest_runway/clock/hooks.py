"""Everything that is replaced while a clock is on, and only then."""

from __future__ import annotations

from pytest_runway.clock import loops, pools, threads
from pytest_runway.clock.patching import Patches

_patches = Patches()


def install() -> None:
    """Replace what waits: selectors of event loops, threads, locks, queues, pools."""
    loops.install(_patches)
    threads.install(_patches)
    pools.install(_patches)


def uninstall() -> None:
    """Put everything back."""
    _patches.undo()
