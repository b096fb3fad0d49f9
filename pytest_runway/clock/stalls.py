"""Participants that are blocked where only a look from outside could tell.

They run by the scheduler's books, so nobody else would; the watch sets them aside. From then on
time jumps one sleeper at a time, with a look in between: the blocked one may be blocked by the
very one that wakes. One that stays where it is through many looks is taken for idle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.clock.participants import Participant, State

if TYPE_CHECKING:
    from pytest_runway.clock.scheduler import Scheduler


def set_aside(scheduler: Scheduler, participant: Participant, events: int) -> None:
    """Go on without a participant that is blocked, if nothing has happened since ``events``."""
    with scheduler.mutex:
        if scheduler.events != events or participant.state is not State.RUNNING:
            return
        if not participant.stalled:
            participant.stalled = True
            scheduler.stalls += 1
            scheduler.running -= 1
            scheduler.stalled.add(participant)
            scheduler.dispatch()


def revive(scheduler: Scheduler, participant: Participant) -> None:
    """Take a participant back in that was set aside and has moved."""
    with scheduler.mutex:
        if participant.stalled:
            forget(scheduler, participant)
            scheduler.running += 1


def forget(scheduler: Scheduler, participant: Participant) -> None:
    """Drop the mark of a participant that was set aside. The mutex is held."""
    participant.stalled = participant.spinning = participant.idle = False
    scheduler.stalled.discard(participant)


def forbid_jumps(scheduler: Scheduler) -> bool:
    """Return whether time must wait for the watch to look. The mutex is held."""
    return scheduler.waits_for_stalled and any(not p.idle for p in scheduler.stalled)


def let_one_wake(scheduler: Scheduler, events: int) -> bool:
    """Let time jump once in spite of those set aside; return whether anything happens at all."""
    with scheduler.mutex:
        if scheduler.events != events or scheduler.running:
            return True
        scheduler.waits_for_stalled = False
        scheduler.dispatch()
        scheduler.waits_for_stalled = True
        return scheduler.events != events
