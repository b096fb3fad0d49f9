"""asyncio's child processes, which live in real time: a task's deadline must not outrun them.

While a task waits for the end of one, no timer goes off earlier than it really would: five seconds
of ffmpeg must not cost a ``wait_for`` of five minutes. That has an end where such a child is silent
for long, for it may be a server that somebody looks after; then it is as any other file that a
loop waits for. A child whose requests to the fake move time is not silent.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from pytest_runway.clock import originals

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from pytest_runway.clock.inside import ClockInside
    from pytest_runway.clock.patching import Patches

SILENCE = 15.0
"""In units of the clock's patience: how long a child that is awaited may be silent."""

_MODULE = "asyncio.subprocess"

_alive: weakref.WeakKeyDictionary[Any, weakref.WeakSet[Any]] = weakref.WeakKeyDictionary()


def install(patches: Patches) -> None:
    """Take note of the children that loops start. ``asyncio`` is loaded."""
    from asyncio import base_subprocess

    transport: Any = base_subprocess.BaseSubprocessTransport
    patches.set(transport, "__init__", _starting(transport.__init__))


def forget() -> None:
    """Drop what was noted."""
    _alive.clear()


class Wait:
    """How long a loop has waited for its children at one moment of virtual time."""

    def __init__(self, clock: ClockInside, loop: Any) -> None:
        self._clock = clock
        self._loop = loop
        self._since = (-1, 0)  # virtual and real

    def goes_on(self, deadline_ns: int | None) -> bool:
        """Return whether it is too early for time to move, to the loop's own deadline at most."""
        children = _alive.get(self._loop) if _alive else None
        if not children or not any(child.get_returncode() is None for child in children):
            return False
        scheduler, real_ns = self._clock.scheduler, originals.monotonic_ns()
        if self._since[0] != scheduler.now_ns:
            self._since = scheduler.now_ns, real_ns
        waited_ns = real_ns - self._since[1]
        if waited_ns > SILENCE * self._clock.patience_s * 1e9:
            return False
        next_ns = scheduler.next_deadline_ns(deadline_ns)
        if next_ns is not None and next_ns - scheduler.now_ns <= waited_ns:
            return False
        import asyncio

        return any(_awaits_a_child(task) for task in asyncio.all_tasks(self._loop))


def _starting(real: Callable[..., None]) -> Callable[..., None]:
    def init(self: Any, loop: Any, *args: Any, **options: Any) -> None:
        real(self, loop, *args, **options)
        _alive.setdefault(loop, weakref.WeakSet()).add(self)

    return init


def _awaits_a_child(task: asyncio.Task[Any]) -> bool:
    """Return whether a task is in ``Process.wait`` or ``Process.communicate``."""
    awaited: Any = task.get_coro()
    while awaited is not None:
        frame = getattr(awaited, "cr_frame", None)
        if frame is not None and frame.f_globals.get("__name__") == _MODULE:
            return True
        awaited = getattr(awaited, "cr_await", None)
    return False
