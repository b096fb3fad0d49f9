"""Other libraries that own a clock of their own, or that leave the process."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

from pytest_runway.clock import active
from pytest_runway.clock.loop_time import refuse_unless_virtual

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.clock.patching import Patches


def install_in_freezegun(patches: Patches) -> None:
    """Let a freeze that ends put our functions back, not the real ones it once saw."""
    import time

    api = sys.modules["freezegun.api"]
    for name in ("time", "time_ns", "monotonic", "monotonic_ns"):
        if f"real_{name}" in vars(api) and getattr(vars(time)[name], "of_runway", False):
            patches.set(api, f"real_{name}", vars(time)[name])


def install_in_uvloop(patches: Patches) -> None:
    """Have plain loops of asyncio made instead of uvloop's, which keep time in C."""
    module: Any = sys.modules["uvloop"]
    real = module.Loop
    patches.set(module, "Loop", _plain_instead_of(real))
    patches.set(real, "run_forever", _refusing(real.run_forever))


def install_in_process_pools(patches: Patches) -> None:
    """Let no time pass while a job is in another process."""
    pool: Any = sys.modules["concurrent.futures.process"].ProcessPoolExecutor
    patches.set(pool, "submit", _holding(pool.submit))


def _plain_instead_of(real: Any) -> type:
    class _Kind(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, (real, asyncio.SelectorEventLoop))

    class Loop(metaclass=_Kind):
        def __new__(cls) -> Any:
            return real() if active.participant() is None else asyncio.SelectorEventLoop()

    return Loop


def _refusing(real: Callable[[Any], None]) -> Callable[[Any], None]:
    def run_forever(self: Any) -> None:
        if active.participant() is not None:
            refuse_unless_virtual(self)
        real(self)

    return run_forever


def _holding(real: Callable[..., Any]) -> Callable[..., Any]:
    def submit(self: Any, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        clock, participant = active.clock, active.participant()
        if clock is None or participant is None:
            return real(self, fn, *args, **kwargs)
        scheduler = clock.scheduler
        with clock.unseen(participant):
            future = real(self, fn, *args, **kwargs)
        scheduler.hold(None)
        future.add_done_callback(lambda _: scheduler.release(None))
        return future

    return submit
