"""What to say when a wait does not end: who waits, where, how often, since when."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_runway.clock.ending import VirtualTimeDeadlock, VirtualTimeLimit

if TYPE_CHECKING:
    from types import FrameType

    from pytest_runway.clock.participants import Participant
    from pytest_runway.clock.virtual import VirtualClock


def limit_reached(clock: VirtualClock, participant: Participant) -> VirtualTimeLimit:
    """Return the error for a wait that goes beyond the limit, raised in its own thread."""
    days = clock.limit_ms / 86_400_000
    lines = [
        f"virtual time reached its limit of {days:g} days, and {participant.name!r} would wait on:",
        *_sites(participant),
        *_callers(participant),
    ]
    if clock.on_limit is not None:
        lines.append(clock.on_limit())
    lines.append("Give the loop a deadline, or raise the limit (virtual_time(limit=...)).")
    return VirtualTimeLimit("\n".join(lines))


def deadlocked(clock: VirtualClock, waiting: list[Participant]) -> VirtualTimeDeadlock:
    """Return the error for participants that all wait, and none for a point in time."""
    at = f"{clock.elapsed:g} s"
    lines = [f"virtual time stands at {at} for good: everybody waits, nobody for a point in time:"]
    for participant in waiting:
        lines.append(f"  {participant.name!r} waits in {participant.doing}")
        lines.extend(f"  {line}" for line in _callers(participant)[:2])
    if clock.scheduler.holds:
        lines.append(f"  {clock.scheduler.holds} hold(s) keep time from passing")
    lines.append(
        "One of them must be woken by another, or by a thread outside of virtual time "
        "that never did."
    )
    return VirtualTimeDeadlock("\n".join(lines))


def _sites(participant: Participant) -> list[str]:
    return [
        f"  slept {count} times at {short_path(code.co_filename)}:{line} in {code.co_name}"
        for (code, line), count in participant.sites.most_common(3)
    ]


def _callers(participant: Participant) -> list[str]:
    frame = sys._current_frames().get(participant.ident or 0)  # noqa: SLF001
    found = []
    while frame is not None:
        if _is_users(frame):
            where = f"{short_path(frame.f_code.co_filename)}:{frame.f_lineno}"
            found.append(f"  called from {where} in {frame.f_code.co_name}")
        frame = frame.f_back
    return found[:3]


def _is_users(frame: FrameType) -> bool:
    path = frame.f_code.co_filename
    return (
        "site-packages" not in path
        and not path.startswith((sys.base_prefix, sys.prefix, "<"))
        and not str(frame.f_globals.get("__name__", "")).startswith("pytest_runway.")
    )


def short_path(path: str) -> str:
    """Return a path as people write it: below the working directory, or below site-packages."""
    _, found, below = path.rpartition("site-packages/")
    if found:
        return below
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return path
