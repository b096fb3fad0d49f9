"""Values as Runway writes them on the wire."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fractions import Fraction

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_AS_UNICODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_AS_ASCII = json.JSONEncoder(separators=(",", ":"))


@lru_cache(maxsize=1024)
def iso_timestamp(unix_ms: int) -> str:
    """Return a time as the API writes it: ISO 8601, milliseconds, ``Z`` (facts §1.1)."""
    moment = _EPOCH + timedelta(milliseconds=unix_ms)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{unix_ms % 1000:03d}Z"


def credits_on_the_wire(amount: Fraction) -> int | float:
    """Return an amount as a JSON number: an int where it is whole (facts §4.1)."""
    return amount.numerator if amount.denominator == 1 else float(amount)


def json_bytes(value: Any) -> bytes:
    """Return compact JSON in UTF-8; lone surrogates are escaped, as JavaScript does."""
    try:
        return _AS_UNICODE.encode(value).encode()
    except UnicodeEncodeError:
        return _AS_ASCII.encode(value).encode()


def weak_etag(body: bytes) -> str:
    """Return the tag that Express puts on a body: its length and a short SHA-1 (facts §1.1)."""
    digest = base64.b64encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()
    return f'W/"{len(body):x}-{digest[:27]}"'


def unsigned_token(claims: dict[str, Any]) -> str:
    """Return a JWT-shaped token whose signature says that it is none (facts §4.5)."""
    parts = (json_bytes({"alg": "HS256", "typ": "JWT"}), json_bytes(claims), b"fake-signature")
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
