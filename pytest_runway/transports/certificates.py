"""Certificates for Runway's names, from an authority that lives as long as the process."""

from __future__ import annotations

import atexit
import shutil
import ssl
import tempfile
import threading
from contextlib import suppress
from functools import lru_cache, wraps
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pytest_runway.transports.hosts import HOSTS

if TYPE_CHECKING:
    from collections.abc import Callable

    import trustme

_T = TypeVar("_T")

_making = threading.RLock()


def _once(make: Callable[[], _T]) -> Callable[[], _T]:
    """Return a function that makes its value once, whoever asks at the same time.

    ``lru_cache`` alone lets two threads make one each: two authorities, of which one is trusted.
    """
    cached = lru_cache(make)

    @wraps(make)
    def once() -> _T:
        with _making:
            return cached()

    return once


@_once
def authority() -> trustme.CA:
    """Return the certificate authority of this process."""
    import trustme

    return trustme.CA(organization_name="pytest-runway, a fake")


def authority_pem() -> bytes:
    """Return the authority's certificate in PEM."""
    return authority().cert_pem.bytes()


@_once
def server_context() -> ssl.SSLContext:
    """Return the context with which connections are served, for all of Runway's names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    # Tickets would come before the first answer, and make a connection look as if it had begun.
    context.num_tickets = 0
    names = sorted(HOSTS)
    authority().issue_cert(*names, "localhost", "127.0.0.1", "::1").configure_cert(context)
    return context


@_once
def folder() -> Path:
    """Return a folder for files for other processes, removed at the end of this one."""
    place = Path(tempfile.mkdtemp(prefix="pytest-runway-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place


@lru_cache(maxsize=64)
def bundle(beside: str | None, *, or_default: bool) -> str:
    """Return the path of a file with the authority's certificate and those of another file.

    Where that is None or cannot be read: those that are trusted by default, if wanted.
    """
    others = b""
    with suppress(OSError, ValueError):
        others = Path(beside).read_bytes() if beside else b""
    if not others and or_default:
        others = _trusted_by_default()
    with tempfile.NamedTemporaryFile(suffix=".pem", dir=folder(), delete=False) as file:
        file.write(authority_pem() + b"\n" + others)
    return file.name


def _trusted_by_default() -> bytes:
    if find_spec("certifi") is not None:
        import certifi

        return Path(certifi.where()).read_bytes()
    default = ssl.get_default_verify_paths().cafile
    return Path(default).read_bytes() if default else b""
