"""libcurl in this process, by pycurl and curl_cffi: it looks names up, and shakes hands, in C.

So a handle that is given a URL of Runway's gets one of the fake's server instead.
"""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from pytest_runway.transports.methods import Methods
from pytest_runway.transports.redirect import destination

_of_pycurl: Any = None
_of_cffi: Methods | None = None


def lead_pycurl() -> None:
    """Lead the handles of pycurl, which is loaded."""
    global _of_pycurl  # noqa: PLW0603 - one process, one libcurl
    pycurl: Any = sys.modules["pycurl"]
    if _of_pycurl is None:
        _of_pycurl = pycurl.Curl
        pycurl.Curl = _leading(pycurl.Curl, pycurl.URL)


def lead_curl_cffi() -> None:
    """Lead the handles of curl_cffi, which is loaded."""
    global _of_cffi  # noqa: PLW0603 - one process, one libcurl
    module: Any = sys.modules["curl_cffi.curl"]
    if _of_cffi is None:
        url = int(module.CurlOpt.URL)
        _of_cffi = Methods(module.Curl)
        _of_cffi.replace("setopt", lambda real: _setting(real, url))


def stop() -> None:
    """Let them go where they will."""
    global _of_pycurl, _of_cffi  # noqa: PLW0603 - one process, one libcurl
    if _of_pycurl is not None:
        pycurl: Any = sys.modules["pycurl"]
        pycurl.Curl = _of_pycurl
        _of_pycurl = None
    if _of_cffi is not None:
        _of_cffi.put_back()
        _of_cffi = None


def _leading(kind: Any, url: int) -> Any:
    """Return a class of handles; pycurl's own is of C, and takes no other methods."""
    methods = {name: _setting(getattr(kind, name), url) for name in ("setopt", "setopt_string")}
    return type(kind.__name__, (kind,), methods)


def _setting(real: Any, url: int) -> Any:
    def setopt(self: Any, option: Any, value: Any) -> Any:
        return real(self, option, _led(value) if option == url else value)

    return setopt


def _led(given: Any) -> Any:
    text = given.decode("latin-1") if isinstance(given, bytes) else given
    try:
        url = urlsplit(text)
        if not destination.is_runways(url.hostname):
            return given
    except (AttributeError, TypeError, ValueError):
        return given  # curl says what is wrong with it
    own = urlsplit(destination.url())
    path = f"/~{url.hostname}{url.path or '/'}"
    led = urlunsplit((own.scheme, own.netloc, path, url.query, ""))
    return led.encode("latin-1") if isinstance(given, bytes) else led
