"""Whose calls keep real time, also inside a virtual test: the machinery around the test.

A participant's thread runs more than the code under test. pytest measures durations in it,
hypothesis deadlines, logging stamps records, subprocess waits for a process that lives in real
time. So virtual time is given by caller: the module whose code calls ``time.sleep`` decides.
"""

from __future__ import annotations

import sys
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

INSIDE = frozenset({"multiprocessing.dummy"})
"""Modules of those packages that see virtual time all the same: threads, dressed as processes."""

CHILDREN = frozenset(
    {"multiprocessing", "subprocess", "concurrent.futures.process", "asyncio.unix_events"}
)
"""Whose threads wait for other processes, and may wake a participant at any time."""

THREADS = frozenset({"concurrent.futures.thread", "trio._core._thread_cache"})
"""Whose threads are no participants by birth: each job that they run is one."""

_known: dict[str, bool] = {}


def keeps_real_time(module: str) -> bool:
    """Return whether code of the module of this name sees real time."""
    verdict = _known.get(module)
    if verdict is None:
        verdict = module in MODULES or _is_of(PACKAGES, module)
        _known[module] = verdict
    return verdict


def waits_for_children(module: str) -> bool:
    """Return whether code of the module of this name waits for other processes."""
    return module in CHILDREN or _is_of(CHILDREN, module)


def calls_from(frame: FrameType) -> bool:
    """Return whether the code of a frame sees real time."""
    return keeps_real_time(frame.f_globals.get("__name__", "")) and not _is_thread_pool(frame)


def stays_outside(thread: Thread, starter: FrameType) -> bool:
    """Return whether a thread started by a participant stays outside virtual time."""
    target = getattr(thread, "_target", None)
    if type(thread).__module__ in INSIDE:
        return False
    if _is_thread_pool(starter):
        return looks_after_a_pool(thread)
    for module in (type(thread).run.__module__, getattr(target, "__module__", None) or ""):
        if module in THREADS or keeps_real_time(module):
            return True
    return False


def looks_after_a_pool(thread: Thread) -> bool:
    """Return whether a thread counts the workers of multiprocessing's pool, ten times a second."""
    return getattr(getattr(thread, "_target", None), "__name__", "") == "_handle_workers"


def _is_of(packages: frozenset[str], module: str) -> bool:
    return module.partition(".")[0] in packages and module not in INSIDE


def _is_thread_pool(frame: FrameType) -> bool:
    """Return whether a frame is that of multiprocessing's pool of threads."""
    if frame.f_globals.get("__name__") != "multiprocessing.pool":
        return False
    return isinstance(frame.f_locals.get("self"), sys.modules["multiprocessing.pool"].ThreadPool)
