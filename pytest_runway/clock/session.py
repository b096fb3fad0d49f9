"""Virtual time as a context manager."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_runway.clock.virtual import VirtualClock
from pytest_runway.errors import HarnessProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.durations import Duration


@contextmanager
def virtual_time(
    *, limit: Duration = "7d", patience: Duration = "2s", datetime: bool = False
) -> Iterator[VirtualClock]:
    """Give the code inside a virtual clock: every wait of it costs nothing and is true.

    ``limit`` is in virtual time, ``patience`` in real time; ``datetime`` moves ``datetime.now``
    along: see ``VirtualClock``.

    Raises:
        VirtualTimeLimit: at a wait beyond ``limit``; again at the end, if the code inside kept
            it from reaching the caller.
        HarnessProblem: at the end, when a thread still sleeps.
    """
    clock = VirtualClock(limit=limit, patience=patience, datetime=datetime)
    clock.start()
    try:
        yield clock
    except BaseException:
        clock.stop()
        raise
    late = clock.stop()
    if clock.failure is not None:
        raise clock.failure
    if late:
        raise HarnessProblem(
            "virtual time ended while somebody still slept in it:\n  " + "\n  ".join(late)
        )
