"""Imported by Python before a program that a test starts: Runway's names lead to the fake.

Not all clients go through the proxy that the environment names, aiohttp for one. Whose module of
this name would have been imported otherwise is imported after this.
"""

from __future__ import annotations

import _socket
import importlib.util
import json
import os
import sys
from importlib.machinery import PathFinder
from typing import Any

_LEADS: dict[str, Any] = json.loads(os.environ.get("PYTEST_RUNWAY_LEADS") or '{"names": []}')
_getaddrinfo: Any = _socket.getaddrinfo


def _led(host: Any, port: Any, *args: Any, **options: Any) -> Any:
    name = host.decode("ascii", "replace") if isinstance(host, (bytes, bytearray)) else host
    if isinstance(name, str) and name.rstrip(".").lower() in _LEADS["names"]:
        host, port = _LEADS["host"], _LEADS["port"]
    return _getaddrinfo(host, port, *args, **options)


if _LEADS["names"]:
    _socket.getaddrinfo = _led

_HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib is slow to import
_next = PathFinder.find_spec(
    "sitecustomize",
    [path for path in sys.path if os.path.abspath(path) != _HERE],  # noqa: PTH100 - as above
)
if _next is not None and _next.loader is not None:
    sys.modules["sitecustomize"] = _module = importlib.util.module_from_spec(_next)
    _next.loader.exec_module(_module)
