"""The last moments of a clock: who may still finish, and who sleeps on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.clock import originals
from pytest_runway.clock.participants import Participant, State

if TYPE_CHECKING:
    from pytest_runway.clock.scheduler import Scheduler


def let_others_finish(scheduler: Scheduler, participant: Participant, patience_s: float) -> None:
    """Let those who are ready run until they wait, but no time pass, and not for long."""
    end = originals.monotonic() + patience_s
    scheduler.hold(participant)
    scheduler.park_ready(participant)
    while participant.state is State.READY and originals.monotonic() < end:
        participant.gate.acquire(timeout=max(0, end - originals.monotonic()))
    with scheduler.mutex:
        scheduler.go_on(participant)
    scheduler.release(participant)


def sleepers(scheduler: Scheduler) -> list[Participant]:
    """Return those who wait for a point in time by a sleep of their own; daemons may."""
    with scheduler.mutex:
        return [participant for participant in scheduler.everyone.values() if _sleeps(participant)]


def _sleeps(participant: Participant) -> bool:
    return (
        participant.state is State.WAITING
        and participant.doing == "time.sleep"
        and not participant.daemon
    )
