"""trio: every run that begins while this is in place gets a clock of ours."""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any

import trio

from pytest_runway.clock import active
from pytest_runway.clock.threads import PythonSimpleQueue
from pytest_runway.clock.trio_clock import TrioClock, runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.clock.patching import Patches


def install_runs(patches: Patches) -> None:
    """Give every run a clock of ours; one may begin before any clock is on, and see several.

    Not by wrapping ``trio.run``: that is bound early (pytest-trio has it as a default argument),
    and a run that was missed would wait in real time without a word.
    """
    run: Any = sys.modules["trio._core._run"]
    patches.set(run, "setup_runner", _setting_up(run.setup_runner))
    patches.set(run, "unrolled_run", _unrolling(run.unrolled_run))


def install(patches: Patches) -> None:
    """Wrap how other threads call into a run, and the jobs that trio's threads do."""
    token: Any = trio.lowlevel.TrioToken
    patches.set(token, "run_sync_soon", _calling(token.run_sync_soon))
    cache: Any = vars(sys.modules["trio._core._thread_cache"]).get("ThreadCache")
    if cache is not None:
        patches.set(cache, "start_thread_soon", _starting(cache.start_thread_soon))
    for name in ("Run", "RunSync"):
        call: Any = vars(sys.modules["trio._threads"]).get(name)
        if call is not None:
            patches.set(call, "__init__", _asking(call.__init__))


def _setting_up(real: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(real)
    def setup_runner(clock: Any, instruments: Any, *args: Any, **options: Any) -> Any:
        if clock is None:
            clock = TrioClock()
            instruments = [*instruments, clock]
        return real(clock, instruments, *args, **options)

    return setup_runner


def _unrolling(real: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(real)
    def unrolled_run(runner: Any, async_fn: Any, *args: Any, **options: Any) -> Any:
        if isinstance(runner.clock, TrioClock):
            runner.clock.guest = runner.is_guest
            async_fn = _ended_by(runner.clock, async_fn)
        return real(runner, async_fn, *args, **options)

    return unrolled_run


def _ended_by(clock: TrioClock, async_fn: Any) -> Any:
    """Return the main function of a run that its clock can end with an error."""

    @functools.wraps(async_fn)
    async def main(*args: Any) -> Any:
        with trio.CancelScope() as scope:
            clock.begin(scope, trio.lowlevel.current_trio_token())
            return await async_fn(*args)
        if clock.error is not None:
            raise clock.error
        return None

    return main


def _calling(real: Callable[..., Any]) -> Any:
    @functools.wraps(real)
    def run_sync_soon(self: Any, *args: Any, **options: Any) -> None:
        clock = runs.get(self)
        if clock is not None:
            clock.wake()  # first this: the run must find its turn when it comes back
        real(self, *args, **options)

    run_sync_soon.real = real  # type: ignore[attr-defined]
    return run_sync_soon


def _starting(real: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(real)
    def start_thread_soon(
        self: Any, fn: Callable[[], Any], deliver: Callable[[Any], Any], *args: Any, **options: Any
    ) -> None:
        clock, participant = active.clock, active.participant()
        if clock is None or participant is None or _is_io_of_a_guest(fn):
            real(self, fn, deliver, *args, **options)
            return
        scheduler = clock.scheduler
        job = scheduler.enlist(getattr(fn, "__qualname__", None) or repr(fn))
        job.daemon = True  # as trio's threads are

        def work() -> Any:
            clock.take_part(job)
            return fn()

        def tell(result: Any) -> None:
            try:
                deliver(result)
            finally:
                scheduler.leave(job)

        with clock.unseen(participant):
            real(self, work, tell, *args, **options)

    return start_thread_soon


def _is_io_of_a_guest(fn: Callable[[], Any]) -> bool:
    """Return whether a job is trio's own wait for I/O, in guest mode."""
    return getattr(fn, "__module__", None) == "trio._core._run"


def _asking(real: Callable[..., None]) -> Callable[..., None]:
    """Return the constructor of a question to trio whose asker waits where it is seen."""

    @functools.wraps(real)
    def init(self: Any, *args: Any, **options: Any) -> None:
        real(self, *args, **options)
        if active.participant() is not None and hasattr(self, "queue"):
            object.__setattr__(self, "queue", PythonSimpleQueue())  # it is frozen

    return init
