"""What an answer tells its client, as the client reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_runway.wire import Reply


def wait_asked_ms(reply: Reply, now_ms: int) -> int | None:
    """Return how long a reply asks to wait, None where it does not or nobody could tell.

    Read as clients read it: ``retry-after-ms``, else ``retry-after`` in seconds or as a date.
    """
    headers = {name.lower(): value for name, value in reply.headers}
    asked_ms = _number(headers.get("retry-after-ms"))
    if asked_ms is not None:
        return _positive(asked_ms)
    asked = headers.get("retry-after")
    asked_s = _number(asked)
    if asked_s is not None:
        return _positive(asked_s * 1000)
    return None if asked is None else _until(asked, now_ms)


def status_told(reply: Reply) -> str | None:
    """Return the status of a task that a reply names, None where it is no such reply."""
    try:
        body = reply.json()
    except ValueError:
        return None
    status = body.get("status") if isinstance(body, dict) else None
    return status if isinstance(status, str) else None


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def _until(date: str, now_ms: int) -> int | None:
    from email.utils import parsedate_to_datetime

    try:
        return _positive(parsedate_to_datetime(date).timestamp() * 1000 - now_ms)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _positive(ms: float) -> int | None:
    return round(ms) if 0 < ms < float("inf") else None
