"""Names and connections: Runway's lead to the fake's server.

``_socket.getaddrinfo`` is replaced, one level below the ``socket.getaddrinfo`` that libraries may
have bound when they were imported.
"""

from __future__ import annotations

import _socket
import socket
from importlib.util import find_spec
from typing import Any

from pytest_runway.transports import peers
from pytest_runway.transports.methods import Methods
from pytest_runway.transports.redirect.destination import address, is_runways
from pytest_runway.transports.redirect.refusing import refuse

_getaddrinfo: Any = _socket.getaddrinfo
_BY_NAME = ("gethostbyname", "gethostbyname_ex")
_CONNECTS = ("connect", "connect_ex")
_by_name: dict[str, Any] = {}
_connects = Methods(socket.socket)
_resolve: Any = None


def start() -> None:
    """Redirect lookups and connections by name."""
    global _getaddrinfo  # noqa: PLW0603 - one process, one socket module
    if _by_name:
        return
    _getaddrinfo = _socket.getaddrinfo
    _socket.getaddrinfo = _redirected
    for name in _BY_NAME:
        _by_name[name] = getattr(socket, name)
        setattr(socket, name, _refusing(_by_name[name]))
    for name in _CONNECTS:
        _connects.replace(name, _connecting)


def stop() -> None:
    """Let them go where they will."""
    if not _by_name:
        return
    if _socket.getaddrinfo is _redirected:
        _socket.getaddrinfo = _getaddrinfo
    for name, original in _by_name.items():
        setattr(socket, name, original)
    _by_name.clear()
    _connects.put_back()
    _leave_aiodns()


def _redirected(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
    flags = args[3] if len(args) > 3 else kwargs.get("flags", 0)
    if is_runways(host) and not flags & socket.AI_NUMERICHOST:
        host, port = address()
    return _getaddrinfo(host, port, *args, **kwargs)


def _connecting(real: Any) -> Any:
    def connect(self: socket.socket, to: Any) -> Any:
        where = _by_address(to)
        try:
            return real(self, where)
        finally:
            peers.note(self, where)

    return connect


def _by_address(to: Any) -> Any:
    if isinstance(to, tuple) and to and is_runways(to[0]):
        return (*address(), *to[2:])
    return to


def _refusing(original: Any) -> Any:
    def lookup(name: Any) -> Any:
        if is_runways(name):
            why = "it was looked up for its address alone, which says nothing of the fake's port."
            raise socket.gaierror(socket.EAI_NONAME, refuse(_text(name), why))
        return original(name)

    return lookup


def _text(name: str | bytes) -> str:
    return name if isinstance(name, str) else name.decode("ascii", "replace")


def redirect_aiodns() -> None:
    """Redirect aiohttp's own resolver too: where aiodns is installed, it asks nobody here."""
    global _resolve  # noqa: PLW0603 - one process, one aiohttp
    if find_spec("aiodns") is None:
        return
    from aiohttp.resolver import AsyncResolver, ThreadedResolver

    _resolve = original = AsyncResolver.resolve

    async def resolve(self: Any, host: str, *args: Any, **kwargs: Any) -> Any:
        if is_runways(host):
            return await ThreadedResolver().resolve(host, *args, **kwargs)
        return await original(self, host, *args, **kwargs)

    AsyncResolver.resolve = resolve  # type: ignore[method-assign]


def _leave_aiodns() -> None:
    global _resolve  # noqa: PLW0603 - one process, one aiohttp
    if _resolve is not None:
        from aiohttp.resolver import AsyncResolver

        AsyncResolver.resolve = _resolve  # type: ignore[method-assign]
        _resolve = None
