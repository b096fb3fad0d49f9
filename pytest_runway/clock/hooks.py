"""Everything that is replaced while a clock is on, and only then."""

from __future__ import annotations

from typing import Any

from pytest_runway.arrivals import Arrivals
from pytest_runway.clock import loops, pools, sockets, threads
from pytest_runway.clock.patching import Patches

_patches = Patches()
_arrivals = Arrivals({})


def install() -> None:
    """Replace what waits: selectors of event loops, threads, locks, queues, pools."""
    global _arrivals  # noqa: PLW0603
    loops.install(_patches)
    threads.install(_patches)
    sockets.install(_patches)
    _arrivals = Arrivals(
        {
            "asyncio": lambda: loops.install_in_asyncio(_patches),
            "anyio._backends._asyncio": pools.retire_idle_workers_of_anyio,
            "concurrent.futures.thread": lambda: pools.install(_patches),
            "concurrent.futures.process": lambda: _neighbours().install_in_process_pools(_patches),
            "multiprocessing.pool": lambda: _neighbours().install_in_multiprocessing_pools(
                _patches
            ),
            "trio": _install_in_trio,
            "uvloop": lambda: _neighbours().install_in_uvloop(_patches),
        }
    )
    _arrivals.open()


def uninstall() -> None:
    """Put everything back."""
    _arrivals.close()
    _patches.undo()
    loops.forget()
    sockets.forget()


def _neighbours() -> Any:
    from pytest_runway.clock import neighbours

    return neighbours


def _install_in_trio() -> None:
    from pytest_runway.clock import trio_hooks

    trio_hooks.install(_patches)
