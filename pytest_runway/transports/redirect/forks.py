"""Processes that are forked while a fake is on: they ask the parent's, for theirs is a copy.

A task that a copy has created, nobody else would know of.
"""

from __future__ import annotations

import os
from functools import wraps
from typing import Any

from pytest_runway.transports import attached
from pytest_runway.transports.redirect import destination, programs

_fork: Any = None


def start() -> None:
    """Look after every fork from now on."""
    global _fork  # noqa: PLW0603 - one process, one fork
    if _fork is None and hasattr(os, "fork"):
        _fork = os.fork
        os.fork = _forking(_fork)


def stop() -> None:
    """Leave them alone."""
    global _fork
    if _fork is not None:
        os.fork, _fork = _fork, None


def _forking(real: Any) -> Any:
    @wraps(real)
    def fork() -> int:
        # Without a thread of ours: Python warns of forks in processes that have more than one.
        with destination.known_and_paused():
            pid = int(real())
            if pid == 0:
                attached.leave_to_parent()
            else:
                programs.watch(pid)
            return pid

    return fork
