# ruff: noqa: SLF001 - asyncio has no public place to wait differently
"""asyncio: a loop that waits is a participant that waits.

A selector event loop spends every wait in its selector's ``select``. That is where this comes in,
for whichever loop runs in a participant's thread: new or older than the clock, subclassed,
patched by nest_asyncio, started by anyio or pytest-asyncio.
"""

from __future__ import annotations

import selectors
import sys
import weakref
from typing import TYPE_CHECKING, Any

from pytest_runway.clock import active
from pytest_runway.clock.dispatch import NS
from pytest_runway.clock.participants import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.clock.participants import Participant
    from pytest_runway.clock.patching import Patches
    from pytest_runway.clock.virtual import VirtualClock

_seen: weakref.WeakKeyDictionary[Any, Participant] = weakref.WeakKeyDictionary()
_patches: Patches


def install(patches: Patches) -> None:
    """Wrap ``select`` of every kind of selector."""
    global _patches  # noqa: PLW0603
    _patches = patches
    for name in ("EpollSelector", "KqueueSelector", "DevpollSelector", "PollSelector"):
        kind = getattr(selectors, name, None)
        if kind is not None and "select" in vars(kind):
            patches.set(kind, "select", _wrapped(vars(kind)["select"]))
    patches.set(
        selectors.SelectSelector, "select", _wrapped(vars(selectors.SelectSelector)["select"])
    )


def _wrapped(real: Callable[..., Any]) -> Callable[..., Any]:
    def select(self: Any, timeout: float | None = None) -> Any:
        clock = active.clock
        if clock is not None:
            participant = active.participant()
            if participant is not None:
                loop = _running_loop_of(self)
                if loop is not None:
                    return _select(clock, participant, loop, lambda t: real(self, t), timeout)
        return real(self, timeout)

    return select


def _running_loop_of(selector: Any) -> Any:
    events = sys.modules.get("asyncio.events")
    if events is None:
        return None
    loop = events._get_running_loop()
    return loop if getattr(loop, "_selector", None) is selector else None


def _select(
    clock: VirtualClock,
    participant: Participant,
    loop: Any,
    poll: Callable[[float | None], Any],
    timeout: float | None,
) -> Any:
    if _seen.get(loop) is not participant:
        _adopt(loop, participant)
    scheduler = clock.scheduler
    participant.poked = False
    events = poll(0)
    if events or (timeout is not None and timeout <= 0):
        return events
    with scheduler.mutex:
        if participant.poked or not scheduler.open:
            return events
        deadline_ns = None if timeout is None else scheduler.now_ns + max(1, round(timeout * NS))
        participant.interrupt = None
        scheduler.park(participant, deadline_ns, "an event loop")
        if participant.state is State.WAITING:
            participant.interrupt = loop._runway_interrupt
    if participant.state is not State.RUNNING:
        scheduler.on_block()
        events = poll(None)
    scheduler.reclaim(participant)
    return events


def _adopt(loop: Any, participant: Participant) -> None:
    _seen[loop] = participant
    kind = sys.modules["asyncio.selector_events"].BaseSelectorEventLoop
    if not getattr(kind._write_to_self, "of_runway", False):
        _patches.set(kind, "_write_to_self", _waking(kind._write_to_self))
    real = kind._write_to_self.real
    loop._runway_interrupt = lambda: real(loop)


def _waking(real: Callable[[Any], None]) -> Any:
    def write_to_self(self: Any) -> None:
        clock, participant = active.clock, _seen.get(self)
        if clock is not None and participant is not None:
            clock.scheduler.wake(participant)
        real(self)

    write_to_self.of_runway = True  # type: ignore[attr-defined]
    write_to_self.real = real  # type: ignore[attr-defined]
    return write_to_self
