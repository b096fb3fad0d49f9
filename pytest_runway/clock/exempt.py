"""Whose calls keep real time, also inside a virtual test: the machinery around the test.

A participant's thread runs more than the code under test. pytest measures durations in it,
hypothesis deadlines, logging stamps records, subprocess waits for a process that lives in real
time. So virtual time is given by caller: the module whose code calls ``time.sleep`` decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threading import Thread
    from types import FrameType

PACKAGES = frozenset(
    {
        "_pytest", "pluggy", "pytest", "xdist", "execnet", "hypothesis", "coverage",
        "pytest_asyncio", "pytest_benchmark", "pytest_cov", "pytest_randomly",
        "pytest_rerunfailures", "pytest_timeout", "pytest_trio",
        "faulthandler", "logging", "multiprocessing", "subprocess", "socketserver", "sqlite3",
        "wsgiref", "werkzeug", "pytest_httpserver", "gevent", "eventlet", "debugpy", "pydevd",
    }
)  # fmt: skip
"""Top-level packages whose calls are answered in real time."""

MODULES = frozenset({"http.server", "concurrent.futures.process", "asyncio.unix_events"})
"""Single modules likewise, of packages that otherwise see virtual time."""

HOLDING = frozenset({"asyncio.unix_events"})
"""Whose threads keep time from passing while they live: they wait for a child process."""

THREADS = frozenset({"concurrent.futures.thread", "trio._core._thread_cache"})
"""Whose threads are no participants by birth: each job that they run is one."""

_known: dict[str, bool] = {}


def keeps_real_time(module: str) -> bool:
    """Return whether code of the module of this name sees real time."""
    verdict = _known.get(module)
    if verdict is None:
        verdict = module in MODULES or module.partition(".")[0] in PACKAGES
        _known[module] = verdict
    return verdict


def calls_from(frame: FrameType) -> bool:
    """Return whether the code of a frame sees real time."""
    return keeps_real_time(frame.f_globals.get("__name__", ""))


def stays_outside(thread: Thread) -> bool:
    """Return whether a thread started by a participant stays outside virtual time."""
    target = getattr(thread, "_target", None)
    for module in (type(thread).run.__module__, getattr(target, "__module__", None) or ""):
        if module in THREADS or keeps_real_time(module):
            return True
    return False
