"""The hosts that are Runway's, and so the fake's."""

from __future__ import annotations

from pytest_runway.contract import load

_LIMITS, _OUTPUTS = load().limits, load().values("outputs")

API_HOST: str = _LIMITS["hosts"][0]

UPLOADS_HOST = "runway-uploads-prod.s3.amazonaws.com"  # facts §1.4, seen in names of outputs

HOSTS: frozenset[str] = frozenset(
    {
        *_LIMITS["hosts"],
        *_LIMITS["wrong_hosts"],
        _OUTPUTS["host"],
        _OUTPUTS["voice_preview_host"],
        UPLOADS_HOST,
    }
)
