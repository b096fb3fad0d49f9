"""Proxies of the environment: Runway's names are asked for without them."""

from __future__ import annotations

import os

from pytest_runway.transports.hosts import HOSTS, OWN_NAMES

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
# Both: which of them wins differs from library to library.
_EXCEPTIONS = ("NO_PROXY", "no_proxy")

_before: dict[str, str | None] = {}


def start() -> None:
    """Except Runway's names and the loopback interface from the proxies, where there are any."""
    if _before or not any(
        os.environ.get(name) or os.environ.get(name.lower()) for name in _PROXIES
    ):
        return
    said = [os.environ[name] for name in _EXCEPTIONS if os.environ.get(name)]
    everything = ",".join(dict.fromkeys([*said, *sorted(HOSTS), *sorted(OWN_NAMES)]))
    for name in _EXCEPTIONS:
        _before[name] = os.environ.get(name)
        os.environ[name] = everything


def stop() -> None:
    """Put the environment back."""
    for name, value in _before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    _before.clear()
