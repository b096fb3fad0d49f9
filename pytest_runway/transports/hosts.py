"""The hosts that are Runway's, and so the fake's."""

from __future__ import annotations

from pytest_runway.contract import load
from pytest_runway.engine.resources.uploads import STORAGE_HOST

_LIMITS, _OUTPUTS = load().limits, load().values("outputs")

API_HOST: str = _LIMITS["hosts"][0]

HOSTS: frozenset[str] = frozenset(
    {
        *_LIMITS["hosts"],
        *_LIMITS["wrong_hosts"],
        _OUTPUTS["host"],
        _OUTPUTS["voice_preview_host"],
        STORAGE_HOST,
    }
)

OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
"""The names of the loopback interface, where the fake itself may be served."""
