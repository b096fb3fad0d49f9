"""Where a thread is, seen from outside: does it move, does it compute, does it wait for the net."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

BLOCKED_S = 0.05
"""Real seconds in one place in C after which a thread counts as blocked."""

_OUTSIDE = frozenset(
    {"socket", "ssl", "selectors", "select", "asyncore", "http", "httpcore", "h11", "urllib",
     "urllib3", "requests", "aiohttp", "grpc", "ftplib", "smtplib", "subprocess", "multiprocessing"}
)  # fmt: skip
_OUR_SOCKETS = "pytest_runway.clock.sockets"


@dataclass(slots=True)
class Sample:
    """One place in which a thread was found, since when, and for how many looks.

    ``runnable`` says that the system would run it; ``active``, that it moved or was runnable since
    ``loop_since``, when it was first seen in this call of this function.
    """

    frame: int
    instruction: int
    module: str
    function: str
    since: float
    ticks: int = 0
    active: bool = False
    runnable: bool = False
    loop_since: float = 0.0

    @classmethod
    def of(cls, frame: FrameType | None, now: float) -> Sample:
        """Return where a thread is; ``None`` for one that has not come yet."""
        if frame is None:
            return cls(0, 0, "", "", now, loop_since=now)
        return cls(
            id(frame),
            frame.f_lasti,
            str(frame.f_globals.get("__name__", "")),
            frame.f_code.co_name,
            now,
            loop_since=now,
        )

    def continues_in(self, other: Sample, *, spinning: bool) -> bool:
        """Return whether another sample shows the same place; for a spinner, the same loop."""
        if self.frame != other.frame:
            return False
        if spinning or self.instruction == other.instruction:
            return True
        other.loop_since, other.active = self.loop_since, True
        return False


def waits_outside(sample: Sample) -> bool:
    """Return whether a thread is on its way here, or waits for the network or a process.

    A server's ``accept`` is no such wait: it lasts until somebody comes.
    """
    if not sample.frame:
        return True
    outside = sample.module.partition(".")[0] in _OUTSIDE or sample.module == _OUR_SOCKETS
    return outside and sample.function != "accept"


def is_runnable(native_id: int) -> bool:
    """Return whether the system would run a thread, so that it computes or is starved.

    Linux only; elsewhere a thread that stays in one place counts as blocked.
    """
    try:
        status = Path(f"/proc/self/task/{native_id}/stat").read_bytes()
    except OSError:
        return False
    return status.rpartition(b")")[2].lstrip()[:1] == b"R"
