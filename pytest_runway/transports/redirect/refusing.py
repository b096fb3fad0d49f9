"""Refusals, and who is to blame: the test and the line that made the connection."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

_NOT_THE_USERS = tuple(
    str(Path(sysconfig.get_path(name))) for name in ("stdlib", "purelib", "platlib")
)
_OURS = str(Path(__file__).parents[2])

_tell: Callable[[str], None] | None = None


def start(tell: Callable[[str], None]) -> None:
    """Tell of refusals from now on."""
    global _tell  # noqa: PLW0603 - one process, one socket module
    _tell = tell


def stop() -> None:
    """Tell nobody any more."""
    global _tell  # noqa: PLW0603 - one process, one socket module
    _tell = None


def refuse(name: str, why: str) -> str:
    """Record that a connection to ``name`` was refused, and return the sentence that says so."""
    said = (
        f"a connection to {name} was refused: {why} "
        f"It was made by {_call_site(sys._getframe(1))}"  # noqa: SLF001
    )
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    said += f", in {test}." if test else "."
    if _tell is not None:
        _tell(said)
    return f"pytest-runway: {said}"


def _call_site(frame: FrameType | None) -> str:
    while frame is not None:
        path = frame.f_code.co_filename
        if not path.startswith((*_NOT_THE_USERS, _OURS, "<")):
            return f"{Path(path).name}:{frame.f_lineno} in {frame.f_code.co_name}()"
        frame = frame.f_back
    return "a thread of a library"
