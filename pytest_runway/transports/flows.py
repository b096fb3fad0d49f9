"""Who asks: the asynchronous task or the thread that a request comes from."""

from __future__ import annotations

import sys
import threading
from asyncio import _get_running_loop, current_task


def current_flow() -> int:
    """Return a number for the asyncio task, the trio task or the thread that is running.

    Numbers may come again, though never for two that run at the same time.
    """
    loop = _get_running_loop()  # the public one raises where there is none: that is the usual case
    task: object = _trio_task() if loop is None else current_task(loop)
    return threading.get_ident() if task is None else id(task)


def _trio_task() -> object:
    trio = sys.modules.get("trio")
    if trio is None or not trio.lowlevel.in_trio_run():
        return None
    return trio.lowlevel.current_task()
