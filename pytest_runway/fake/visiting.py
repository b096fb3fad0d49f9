"""How a test's hand reaches into a fake that other threads are talking to."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeAlias

from pytest_runway.engine.engine import Engine

Visit: TypeAlias = Callable[[], AbstractContextManager[Engine]]
"""Returns a block in which the engine has caught up with the clock and nobody else is at it."""
