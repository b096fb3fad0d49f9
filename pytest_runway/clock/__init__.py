"""Virtual time for everything that waits.

The public face is what ``__all__`` names. See ``docs/time.md`` for what it is good for, and for
what it does not cover.
"""

from __future__ import annotations

from pytest_runway.clock.early import install_dispatchers, uninstall_dispatchers
from pytest_runway.clock.ending import VirtualTimeDeadlock, VirtualTimeError, VirtualTimeLimit
from pytest_runway.clock.inner import InnerClock, virtual_clock
from pytest_runway.clock.real import RealClock
from pytest_runway.clock.session import virtual_time
from pytest_runway.clock.virtual import Stats, VirtualClock

__all__ = [
    "InnerClock",
    "RealClock",
    "Stats",
    "VirtualClock",
    "VirtualTimeDeadlock",
    "VirtualTimeError",
    "VirtualTimeLimit",
    "install_dispatchers",
    "uninstall_dispatchers",
    "virtual_clock",
    "virtual_time",
]
