"""Nothing gets past: while a fake is on, Runway's real hosts cannot be looked up.

A client that the fake does not answer in process, such as one built on another HTTP library, is
refused at the name lookup, and the test is told who tried.
"""

from __future__ import annotations

import os
import socket
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_runway.transports.hosts import HOSTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

_NOT_THE_USERS = tuple(
    str(Path(sysconfig.get_path(name))) for name in ("stdlib", "purelib", "platlib")
)

_original: Any = None
_tell: Callable[[str], None] | None = None


def start(tell: Callable[[str], None]) -> None:
    """Refuse lookups of Runway's hosts from now on; ``tell`` hears of each attempt."""
    global _original, _tell  # noqa: PLW0603 - one process, one socket module
    _tell = tell
    if _original is None:
        _original = socket.getaddrinfo
        socket.getaddrinfo = _getaddrinfo


def stop() -> None:
    """Allow them again."""
    global _original, _tell  # noqa: PLW0603 - one process, one socket module
    if _original is not None and socket.getaddrinfo is _getaddrinfo:
        socket.getaddrinfo = _original
    _original = _tell = None


def _getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if isinstance(name, str) and name.rstrip(".").lower() in HOSTS:
        said = (
            f"a connection to {name} was refused: the fake answers httpx in this process, and "
            f"this client is another one. It was made by {_call_site(sys._getframe(1))}"  # noqa: SLF001
        )
        test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
        if _tell is not None:
            _tell(said + (f", in {test}." if test else "."))
        raise socket.gaierror(socket.EAI_NONAME, f"pytest-runway: {said}")
    lookup = _original or socket.getaddrinfo
    return lookup(host, *args, **kwargs)


def _call_site(frame: FrameType | None) -> str:
    while frame is not None:
        path = frame.f_code.co_filename
        if not path.startswith((*_NOT_THE_USERS, "<")):
            return f"{Path(path).name}:{frame.f_lineno} in {frame.f_code.co_name}()"
        frame = frame.f_back
    return "a thread of a library"
