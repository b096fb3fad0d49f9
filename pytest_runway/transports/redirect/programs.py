"""Programs that are started while a fake is on: they are told in their environment where it is.

In another process nothing is redirected, and what this one has in its environment leads to Runway:
a program would take the fake's key there. So its base URL, where it is Runway's, becomes a server
of the fake's, and its https goes through that server. A program that was told where a fake is,
as ``pytest-runway run`` and ``runway_server.environment`` do, goes there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import weakref
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pytest_runway.transports.methods import Methods
from pytest_runway.transports.redirect import destination
from pytest_runway.transports.surroundings import led_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_BASE_URL = "RUNWAYML_BASE_URL"
_TOLD = "RUNWAY_FAKE_URL"
# They live as long as this process: one asks nobody, of the other the children do.
_TRACKER, _FORKSERVER = "multiprocessing.resource_tracker", "multiprocessing.forkserver"
_ENV_POSITION = 10  # among Popen's arguments, after ``self``

_starts = Methods(subprocess.Popen)
_inheriting: dict[tuple[Any, str], Any] = {}
_programs: weakref.WeakSet[subprocess.Popen[Any]] = weakref.WeakSet()
_pids: set[int] = set()
_has_forkserver = False


def start() -> None:
    """Tell programs from now on."""
    if _inheriting:
        return
    _starts.replace("__init__", _starting)
    _inheriting[os, "system"] = os.system
    os.system = _letting_inherit(os.system)


def tell_multiprocessing() -> None:
    """Tell its processes too; its module ``util`` is loaded."""
    util: Any = sys.modules["multiprocessing.util"]
    _inheriting[util, "spawnv_passfds"] = util.spawnv_passfds
    util.spawnv_passfds = _spawning(util.spawnv_passfds)


def stop() -> None:
    """Tell them nothing any more."""
    _starts.put_back()
    for (owner, name), original in _inheriting.items():
        setattr(owner, name, original)
    _inheriting.clear()


def may_come_back() -> bool:
    """Whether a process was told of the server that is not counted among those that run."""
    return _has_forkserver


def watch(pid: int) -> None:
    """Count a process, forked or spawned, among those that may need the fake's server."""
    _pids.add(pid)


def are_running() -> bool:
    """Whether a process is left that was told where the fake is, for all that is known."""
    _pids.difference_update([pid for pid in _pids if not _exists(pid)])
    # Not asked by poll(): it would take the exit status away from asyncio, which waits itself.
    return bool(_pids) or any(program.returncode is None for program in _programs)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _starting(real: Any) -> Any:
    @wraps(real)
    def init(self: subprocess.Popen[Any], *args: Any, **options: Any) -> None:
        if len(args) > _ENV_POSITION:
            given, after = args[_ENV_POSITION], args[_ENV_POSITION + 1 :]
            args = (*args[:_ENV_POSITION], _told(given), *after)
        else:
            options["env"] = _told(options.get("env"))
        real(self, *args, **options)
        _programs.add(self)

    return init


def _letting_inherit(real: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(real)
    def call(*args: Any) -> Any:
        with _environment(_told(None)):
            return real(*args)

    return call


def _spawning(real: Callable[..., int]) -> Callable[..., int]:
    let_inherit = _letting_inherit(real)

    @wraps(real)
    def spawn(path: Any, args: Any, passfds: Any) -> int:
        pid: int = let_inherit(path, args, passfds)
        global _has_forkserver  # noqa: PLW0603 - one process, one forkserver
        said = str(args)
        if _FORKSERVER in said:
            _has_forkserver = True
        elif _TRACKER not in said:
            watch(pid)
        return pid

    return spawn


@contextmanager
def _environment(variables: Mapping[str, str] | None) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables or {})
    try:
        yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)


def _told(given: Any) -> Any:
    """Return a program's environment, changed; or as it is, where it cannot be read."""
    try:
        environment = {
            os.fsdecode(name): os.fsdecode(value)
            for name, value in (os.environ if given is None else given).items()
        }
    except (AttributeError, TypeError):
        return given  # Popen says what is wrong with it
    if environment.get(_TOLD):
        return given
    url = destination.url()
    base_url = environment.get(_BASE_URL)  # without one, an SDK goes to Runway
    if not base_url or _is_runways(base_url):
        environment[_BASE_URL] = url
    return {**environment, **led_to(url, environment)}


def _is_runways(url: str) -> bool:
    try:
        return destination.is_runways(urlsplit(url).hostname)
    except ValueError:  # no URL: the program says what is wrong with it
        return False
