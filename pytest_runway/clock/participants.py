"""Who takes part in virtual time: one record a thread, or a job that a foreign thread runs."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from pytest_runway.clock import originals

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Thread
    from types import CodeType


class State(enum.Enum):
    """What a participant is doing, as far as virtual time cares."""

    RUNNING = "runs"
    READY = "waits for its turn"
    WAITING = "waits for a point in time or for another participant"
    DISMISSED = "no longer takes part"


class Participant:
    """One thread (or one job of a thread pool) inside virtual time.

    Everything here is guarded by the scheduler's mutex. ``order`` counts participants in the
    order of their creation and breaks ties; one that ``yields`` comes last of those who wake at
    one moment. ``deadline_ns`` is the virtual moment that it waits for, ``None`` while it waits
    for an event; ``overdue`` says that the moment lies beyond the clock's limit. ``ticket``
    numbers its waits, so that a stale entry of the queue is recognised. ``poked`` says that a
    wake-up came while it was not waiting. ``stalled`` says that it runs by our books but was seen
    blocked. ``held`` counts the holds that it owns. ``thread`` is set where nothing tells us of
    the thread's end.
    """

    __slots__ = (
        "daemon",
        "deadline_ns",
        "doing",
        "error",
        "expects_io",
        "gate",
        "glances",
        "held",
        "ident",
        "idle",
        "interrupt",
        "joiners",
        "name",
        "native_id",
        "order",
        "overdue",
        "poked",
        "read_ns",
        "reads",
        "sites",
        "spinning",
        "spins",
        "stalled",
        "state",
        "thread",
        "ticket",
        "timed_out",
        "wakes",
        "weightless",
        "yields",
    )

    def __init__(self, name: str, order: int, *, state: State) -> None:
        self.name = name
        self.order = order
        self.state = state
        self.ident: int | None = None
        self.native_id = 0
        self.thread: Thread | None = None
        self.deadline_ns: int | None = None
        self.doing = "runs"
        self.ticket = 0
        self.timed_out = False
        self.poked = False
        self.weightless = False
        self.yields = False
        self.daemon = False
        self.stalled = False
        self.spinning = False
        self.idle = False
        self.expects_io = False
        self.held = 0
        self.overdue = False
        self.error: BaseException | None = None
        self.interrupt: Callable[[], object] | None = None
        self.joiners: list[Participant] = []
        self.gate = originals.allocate_lock()
        self.gate.acquire()
        self.reads = 0
        self.glances = 0
        self.read_ns = 0
        self.spins = 0
        self.wakes = 0
        self.sites: dict[tuple[CodeType, int], tuple[int, int]] = {}

    def slept_at(self, code: CodeType, line: int, since_ns: int) -> None:
        """Count a sleep by its place, and keep when the first was."""
        count, first_ns = self.sites.get((code, line), (0, since_ns))
        self.sites[code, line] = count + 1, first_ns

    def most_slept(self) -> list[tuple[tuple[CodeType, int], tuple[int, int]]]:
        """Return the three places with the most sleeps: how many, and since when."""
        return sorted(self.sites.items(), key=lambda item: item[1], reverse=True)[:3]

    def __repr__(self) -> str:
        return f"<Participant {self.order} {self.name!r} {self.state.value}>"
