"""Forks: the child of a process in virtual time lives in real time.

None of the other participants exists there, so nobody could ever wake its sleepers.
"""

from __future__ import annotations

import os

from pytest_runway.clock import active

_watching = False


def watch() -> None:
    """Look after every fork of this process, from now on."""
    global _watching  # noqa: PLW0603
    if not _watching and hasattr(os, "register_at_fork"):
        _watching = True
        os.register_at_fork(before=_before, after_in_child=_in_child)


def _before() -> None:
    """End our own thread: Python warns of forks in processes that have more than one."""
    if active.clock is not None:
        active.clock.pause_watch(wait=True)


def _in_child() -> None:
    if active.clock is not None:
        active.clock.abandon()
