"""Values as Runway writes them on the wire."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fractions import Fraction

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_SIGNATURE = b"fake-signature"
_AS_UNICODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_AS_ASCII = json.JSONEncoder(separators=(",", ":"))


@lru_cache(maxsize=1024)
def iso_timestamp(unix_ms: int) -> str:
    """Return a time as the API writes it: ISO 8601, milliseconds, ``Z`` (facts §1.1)."""
    moment = _EPOCH + timedelta(milliseconds=unix_ms)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:Z|([+-])(\d\d):(\d\d)))?"
)
_FIRST_MS = -62_135_596_800_000  # 0001-01-01T00:00:00Z
_LAST_MS = 253_402_300_799_999  # 9999-12-31T23:59:59.999Z


def unix_ms(moment: str) -> int:
    """Return a date, or a date and time, in Unix milliseconds; a date is its midnight in UTC.

    What lies outside of the years 1 to 9999 is moved to their ends.

    Raises:
        ValueError: for any other form than ``2026-08-26``, ``2026-08-26T06:30Z`` and
            ``2026-08-26T06:30:33.796+02:00``.
    """
    found = _MOMENT.fullmatch(moment)
    if found is None:
        raise ValueError(f"not a date, nor a date and time with an offset: {moment!r}")
    if found[1] == "0000":  # a year to zod, none to Python; nothing happened in it
        return _FIRST_MS
    midnight = datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=timezone.utc)
    minutes = int(found[4] or 0) * 60 + int(found[5] or 0)
    if found[8]:
        minutes -= int(f"{found[8]}1") * (int(found[9]) * 60 + int(found[10]))
    clock_ms = (
        minutes * 60_000 + int(found[6] or 0) * 1000 + int((found[7] or "0")[:3].ljust(3, "0"))
    )
    moment_ms = (midnight - _EPOCH) // timedelta(milliseconds=1) + clock_ms
    return min(max(moment_ms, _FIRST_MS), _LAST_MS)


def iso_date(unix_ms_: int) -> str:
    """Return the day of a moment as the API writes it, in UTC."""
    return (_EPOCH + timedelta(milliseconds=unix_ms_)).date().isoformat()


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
    digest = binascii.b2a_base64(hashlib.sha1(body, usedforsecurity=False).digest())
    return f'W/"{len(body):x}-{digest[:27].decode()}"'


def unsigned_token(claims: dict[str, Any]) -> str:
    """Return a JWT-shaped token whose signature says that it is none (facts §4.5)."""
    parts = (json_bytes({"alg": "HS256", "typ": "JWT"}), json_bytes(claims), _SIGNATURE)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def claims_of(token: str) -> dict[str, Any] | None:
    """Return what a token of :func:`unsigned_token` claims, None where it was damaged."""
    try:
        claims = json.loads(base64.b64decode(token.split(".")[1] + "==", altchars=b"-_"))
    except (IndexError, ValueError):
        return None
    return claims if isinstance(claims, dict) and unsigned_token(claims) == token else None
