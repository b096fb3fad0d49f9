"""The real functions, as they were before anything here replaced them.

Every wait and every reading of this package itself goes through these names, so that the clock
never waits for itself.
"""

from __future__ import annotations

import _thread
import time
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Result = TypeVar("_Result")


def _kept(function: Callable[..., _Result]) -> Callable[..., _Result]:
    """Return a function of the same kind that freezegun does not find, and so not replace."""

    def kept(*args: Any) -> _Result:
        return function(*args)

    return kept


by_name: dict[str, Callable[..., Any]] = {
    name: vars(time)[name] for name in ("sleep", "time", "time_ns", "monotonic", "monotonic_ns")
}
sleep: Callable[[float], None] = _kept(time.sleep)
wall: Callable[[], float] = _kept(time.time)
wall_ns: Callable[[], int] = _kept(time.time_ns)
monotonic: Callable[[], float] = _kept(time.monotonic)
monotonic_ns: Callable[[], int] = _kept(time.monotonic_ns)

allocate_lock = _thread.allocate_lock
start_thread = _thread.start_new_thread
thread_id: Callable[[], int] = _thread.get_ident
