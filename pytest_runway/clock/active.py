"""Which clock is on in this process: none or one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.clock import originals

if TYPE_CHECKING:
    from pytest_runway.clock.participants import Participant
    from pytest_runway.clock.virtual import VirtualClock

clock: VirtualClock | None = None
seats: dict[int, Participant] = {}
"""The participants of ``clock`` by the identity of their thread; empty while no clock is on."""


def participant() -> Participant | None:
    """Return the current thread's participant, or ``None`` if it lives in real time."""
    return seats.get(originals.thread_id())
