# ruff: noqa: SLF001 - pools of processes have no public place where a job has ended
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
    from pytest_runway.clock.scheduler import Scheduler


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


def install_in_multiprocessing_pools(patches: Patches) -> None:
    """Let no time pass while a job is in another process of multiprocessing's pool."""
    module: Any = sys.modules["multiprocessing.pool"]
    results = (module.ApplyResult, module.IMapIterator)
    for kind in results:
        patches.set(kind, "__init__", _holding_for_result(kind.__init__))
    for kind in (*results, module.MapResult, module.IMapUnorderedIterator):
        patches.set(kind, "_set", _releasing_when_done(kind._set))
    # Without any jobs, these two are where a result is done.
    patches.set(module.MapResult, "__init__", _releasing_when_done(module.MapResult.__init__))
    patches.set(
        module.IMapIterator, "_set_length", _releasing_when_done(module.IMapIterator._set_length)
    )
    patches.set(module.Pool, "terminate", _releasing_all(module.Pool.terminate))


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
        scheduler.hold(None)
        try:
            with clock.unseen(participant):
                future = real(self, fn, *args, **kwargs)
        except BaseException:
            scheduler.release(None)
            raise
        _release_after_callbacks(future, scheduler)
        return future

    return submit


def _release_after_callbacks(future: Any, scheduler: Scheduler) -> None:
    """Release when all have been told: a callback of our own would come before the loop's."""
    tell = future._invoke_callbacks

    def tell_and_release() -> None:
        try:
            tell()
        finally:
            scheduler.release(None)

    with future._condition:
        if not future.done():
            future._invoke_callbacks = tell_and_release
            return
    scheduler.release(None)


_held: dict[int, Scheduler] = {}
"""By number of the job: who holds time for a result of multiprocessing's pool."""


def _holding_for_result(real: Callable[..., None]) -> Callable[..., None]:
    def init(self: Any, pool: Any, *args: Any, **kwargs: Any) -> None:
        real(self, pool, *args, **kwargs)
        clock = active.clock
        threads = isinstance(pool, sys.modules["multiprocessing.pool"].ThreadPool)
        if clock is not None and active.participant() is not None and not threads:
            clock.scheduler.hold(None)
            _held[self._job] = clock.scheduler

    return init


def _releasing_when_done(real: Callable[..., None]) -> Callable[..., None]:
    def step(self: Any, *args: Any, **kwargs: Any) -> None:
        real(self, *args, **kwargs)
        if self._job not in self._cache:
            _release(self._job)

    return step


def _releasing_all(real: Callable[..., None]) -> Callable[..., None]:
    def terminate(self: Any) -> None:
        real(self)
        for job in tuple(self._cache):
            _release(job)

    return terminate


def _release(job: int) -> None:
    scheduler = _held.pop(job, None)
    if scheduler is not None:
        scheduler.release(None)
