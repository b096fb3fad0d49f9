"""The real functions, as they were before anything here replaced them.

Every wait and every reading of this package itself goes through these names, so that the clock
never waits for itself.
"""

from __future__ import annotations

import _thread
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

sleep: Callable[[float], None] = time.sleep
wall: Callable[[], float] = time.time
wall_ns: Callable[[], int] = time.time_ns
monotonic: Callable[[], float] = time.monotonic
monotonic_ns: Callable[[], int] = time.monotonic_ns

allocate_lock = _thread.allocate_lock
start_thread = _thread.start_new_thread
thread_id: Callable[[], int] = _thread.get_ident
