"""TLS for Runway's names: the fake's authority is trusted, and nobody else.

A context that a library made at import is left as it is; for those names alone another one stands
in. It checks certificates also where the client does not, so that a connection which got to a real
host by some other way fails before a key is sent.
"""

from __future__ import annotations

import errno
import ssl
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pytest_runway.transports import certificates
from pytest_runway.transports.redirect.destination import is_address, is_runways
from pytest_runway.transports.redirect.refusing import refuse

if TYPE_CHECKING:
    import socket

# Python's own class, also where truststore has put another one in its place.
_Context: Any = next(each for each in ssl.SSLContext.__mro__ if each.__module__ == "ssl")

_wrap_socket: Any = None
_wrap_bio: Any = None

_WRONG_PEER = (
    "it leads to {peer} and not to the fake, by a proxy perhaps; unset HTTPS_PROXY, or name the "
    "host in NO_PROXY."
)
_WRONG_CERTIFICATE = "whoever answered is not the fake."


def start() -> None:
    """Trust the fake for Runway's names."""
    global _wrap_socket, _wrap_bio
    if _wrap_socket is None:
        _wrap_socket, _wrap_bio = _Context.wrap_socket, _Context.wrap_bio
        _Context.wrap_socket = _redirected_socket
        _Context.wrap_bio = _redirected_bio


def stop() -> None:
    """Trust whom the client trusts."""
    global _wrap_socket, _wrap_bio  # noqa: PLW0603 - one process, one ssl module
    if _wrap_socket is None:
        return
    if _Context.wrap_socket is _redirected_socket:
        _Context.wrap_socket = _wrap_socket
    if _Context.wrap_bio is _redirected_bio:
        _Context.wrap_bio = _wrap_bio
    _wrap_socket = _wrap_bio = None


def _redirected_socket(
    self: ssl.SSLContext,
    sock: socket.socket,
    server_side: bool = False,
    do_handshake_on_connect: bool = True,
    suppress_ragged_eofs: bool = True,
    server_hostname: Any = None,
    session: Any = None,
) -> Any:
    wrap = _wrap_socket or _Context.wrap_socket
    context = self
    if not server_side and is_runways(server_hostname):
        _check_peer(sock, str(server_hostname))
        context, session = _trusting_like(self), None
    return wrap(
        context,
        sock,
        server_side,
        do_handshake_on_connect,
        suppress_ragged_eofs,
        server_hostname,
        session,
    )


def _redirected_bio(
    self: ssl.SSLContext,
    incoming: Any,
    outgoing: Any,
    server_side: bool = False,
    server_hostname: Any = None,
    session: Any = None,
) -> Any:
    wrap = _wrap_bio or _Context.wrap_bio
    context = self
    if not server_side and is_runways(server_hostname):
        context, session = _trusting_like(self), None
    return wrap(context, incoming, outgoing, server_side, server_hostname, session)


def _check_peer(sock: socket.socket, name: str) -> None:
    try:
        peer = sock.getpeername()
    except OSError:
        return  # not connected yet: it will be by name
    if not is_address(peer):
        where = ":".join(str(part) for part in peer[:2]) if isinstance(peer, tuple) else str(peer)
        why = _WRONG_PEER.format(peer=where)
        raise ConnectionRefusedError(errno.ECONNREFUSED, refuse(name, why))


def _trusting_like(context: ssl.SSLContext) -> ssl.SSLContext:
    classes: tuple[Any, Any] = (context.sslsocket_class, context.sslobject_class)
    return _trusting(*classes)


@lru_cache
def _trusting(socket_class: Any, object_class: Any) -> ssl.SSLContext:
    context: ssl.SSLContext = _Context(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=certificates.authority_pem().decode("ascii"))
    context.set_alpn_protocols(["http/1.1"])
    context.sslsocket_class = socket_class
    context.sslobject_class = _Watched if object_class is ssl.SSLObject else object_class
    return context


class _Watched(ssl.SSLObject):
    """A connection whose peer is unknown until the handshake, as asyncio makes them."""

    def do_handshake(self) -> None:
        try:
            super().do_handshake()
        except ssl.SSLCertVerificationError:
            refuse(self.server_hostname or "Runway", _WRONG_CERTIFICATE)
            raise
