"""How virtual time ends a wait that would never end by itself.

None of these derives from ``Exception``: the SDK under test retries on ``except Exception``, and
a verdict that can be retried is no verdict. pytest reports them as failures, as it does its own
``Failed``.
"""

from __future__ import annotations


class VirtualTimeError(BaseException):
    """The root of what virtual time raises into waiting code."""


class VirtualTimeLimit(VirtualTimeError):
    """Virtual time reached its limit. The message names the loop that kept it going."""


class VirtualTimeDeadlock(VirtualTimeError):
    """Every participant waits, and none of them for a point in time."""


class VirtualTimeOver(VirtualTimeError):
    """Raised in a thread that still slept when its clock stopped; the thread ends by it."""
