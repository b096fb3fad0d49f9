"""TLS contexts that load their certificates when they are used, not when a client is made.

Reading the trust store takes 28 ms, and every httpx client does it; a faked client never opens a
connection. A context made while the fake is on is as good as any other: its first handshake
loads what it should have loaded before.
"""

from __future__ import annotations

import ssl
from typing import Any

import httpx

# httpx has no public name for the place where its transports look this function up
# (httpx 0.25 to 0.28).
_PLACE: Any = httpx._transports.default  # noqa: SLF001

_original: Any = None


class _LateContext(ssl.SSLContext):
    """An ``ssl.SSLContext`` that stands for the one ``make`` would return."""

    _make: Any
    _real: ssl.SSLContext | None

    @classmethod
    def of(cls, make: Any) -> _LateContext:
        context = cls(ssl.PROTOCOL_TLS_CLIENT)
        context._make, context._real = make, None
        return context

    def _load(self) -> ssl.SSLContext:
        if self._real is None:
            self._real = self._make()
        return self._real

    def set_alpn_protocols(self, alpn_protocols: Any) -> None:
        """Set them where the handshake will happen."""
        self._load().set_alpn_protocols(alpn_protocols)

    def wrap_socket(self, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        """Wrap with the real context."""
        return self._load().wrap_socket(*args, **kwargs)

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        """Wrap with the real context."""
        return self._load().wrap_bio(*args, **kwargs)


def start() -> None:
    """Let httpx's transports have late contexts."""
    global _original  # noqa: PLW0603 - one process, one httpx
    if _original is None:
        _original = _PLACE.create_ssl_context
        _PLACE.create_ssl_context = _create_ssl_context


def stop() -> None:
    """Give httpx its own function back. Contexts handed out stay good."""
    global _original  # noqa: PLW0603 - one process, one httpx
    if _original is not None and _PLACE.create_ssl_context is _create_ssl_context:
        _PLACE.create_ssl_context = _original
    _original = None


def _create_ssl_context(verify: Any = True, cert: Any = None, **kwargs: Any) -> ssl.SSLContext:
    make = _original or httpx.create_ssl_context
    if verify is not True or cert is not None:
        return make(verify=verify, cert=cert, **kwargs)
    return _LateContext.of(lambda: make(verify=True, cert=None, **kwargs))
