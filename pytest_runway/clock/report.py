"""What to say when a wait does not end: who waits, where, how often, since when."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from pytest_runway.clock import loops, places
from pytest_runway.clock.ending import VirtualTimeDeadlock, VirtualTimeLimit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.clock.inside import ClockInside
    from pytest_runway.clock.participants import Participant

_UNITS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1_000, "s"))
_MOST_TASKS = 5


def limit_reached(clock: ClockInside, participant: Participant, loop: Any) -> VirtualTimeLimit:
    """Return the error for a wait beyond the limit, raised in its own thread.

    ``loop`` is the event loop of the thread, if it waits in one.
    """
    limit, name = duration(clock.limit_ms), participant.name
    lines = [
        f"virtual time reached its limit of {limit}, but {name!r} waits on in {participant.doing}:",
        *_loop_of_waits(participant),
        *_tasks(participant, loop),
    ]
    if clock.on_limit is not None:
        lines.append(clock.on_limit())
    lines.append("Give the loop a deadline, or raise the limit (virtual_time(limit=...)).")
    return VirtualTimeLimit("\n".join(lines))


def deadlocked(clock: ClockInside, waiting: list[Participant]) -> VirtualTimeDeadlock:
    """Return the error for participants that all wait, and none for a point in time."""
    at = duration(clock.elapsed_ms)
    lines = [f"virtual time stands at {at} for good: everybody waits, nobody for a point in time:"]
    for participant in waiting:
        lines.append(f"  {participant.name!r} waits in {participant.doing}")
        lines.extend(f"    {where}" for where in places.of_thread(participant.ident))
        if participant.doing != "a trio run":  # its tasks can be told in its own thread only
            lines.extend(f"  {task}" for task in _tasks(participant, loops.loop_of(participant)))
    if clock.scheduler.holds:
        lines.append(f"  {clock.scheduler.holds} hold(s) keep time from passing")
    lines.append("One of them must wake another, or something outside of virtual time must.")
    return VirtualTimeDeadlock("\n".join(lines))


def outlived(clock: ClockInside, sleeper: Participant) -> str:
    """Return a line about a sleeper whose clock has stopped."""
    left_ms = ((sleeper.deadline_ns or 0) - clock.scheduler.now_ns) // 1_000_000
    where = places.of_thread(sleeper.ident)
    return f"{sleeper.name!r} sleeps for {duration(left_ms)} more at " + (where or ["?"])[0]


def duration(ms: int) -> str:
    """Return milliseconds in the largest unit that takes a whole number of them."""
    for unit_ms, unit in _UNITS:
        if ms and ms % unit_ms == 0:
            return f"{ms // unit_ms} {unit}"
    return f"{ms / 1_000:g} s"


def _loop_of_waits(participant: Participant) -> Iterator[str]:
    told = set()
    for (code, line), (count, since_ns) in participant.most_slept():
        since, where = duration(since_ns // 1_000_000), places.place(code, line)
        told.add(where)
        yield f"  slept {count} times since {since}, at {where}"
    if participant.wakes and not participant.sites:
        yield f"  woke {participant.wakes} times"
    for where in places.of_thread(participant.ident):
        if where not in told:
            yield f"  called from {where}"


def _tasks(participant: Participant, loop: Any) -> list[str]:
    """Return a line for each task of an event loop that waits, with where it stands."""
    if participant.doing == "a trio run":
        tasks = [(task.name, task.coro) for task in _tasks_of_trio()]
    elif loop is not None:
        asyncio: Any = sys.modules["asyncio"]
        tasks = [(task.get_name(), task.get_coro()) for task in asyncio.all_tasks(loop)]
        tasks.sort(key=lambda task: (len(task[0]), task[0]))  # a set: Task-9 before Task-10
    else:
        return []
    lines = []
    for name, coroutine in tasks[:_MOST_TASKS]:
        where = places.of_coroutine(coroutine)
        if where:
            lines.append(f"  task {name!r} waits at {', called from '.join(where)}")
    if len(tasks) > _MOST_TASKS:
        lines.append(f"  and {len(tasks) - _MOST_TASKS} more tasks")
    return lines


def _tasks_of_trio() -> Iterator[Any]:
    trio: Any = sys.modules["trio"]
    found = [trio.lowlevel.current_root_task()]
    while found:
        task = found.pop()
        if task is not None:
            yield task
            for nursery in task.child_nurseries:
                found.extend(nursery.child_tasks)
