"""Who asks: the asynchronous task or the thread that a request comes from."""

from __future__ import annotations

import asyncio
import sys
import threading


def current_flow() -> int:
    """Return a number for the asyncio task, the trio task or the thread that is running.

    Numbers may come again, though never for two that run at the same time.
    """
    try:
        task: object = asyncio.current_task()
    except RuntimeError:
        task = _trio_task() if "trio" in sys.modules else None
    return threading.get_ident() if task is None else id(task)


def _trio_task() -> object:
    from trio.lowlevel import current_task

    try:
        return current_task()
    except RuntimeError:
        return None
