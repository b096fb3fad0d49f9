"""URLs of assets: what can be said of one before anybody fetches it."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pytest_runway.media.rules import Rules
    from pytest_runway.media.verdicts import Refusal

_FORBIDDEN_IN_HOST = re.compile(r"[\s\x00-\x1f\x7f<>^|%\\]")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")


def check_url(value: str, rules: Rules) -> Refusal | None:
    """Return why Runway would not fetch a URL at all, ``None`` where it would try.

    Documented: https only, a domain and no address, at most 2,048 characters. Addresses count in
    every spelling that a browser takes: ``https://2130706433/`` is 127.0.0.1. Assumed:
    ``localhost`` reads as a domain, and cannot be reached.
    """
    reasons, limit = rules.reasons, rules.max_url_chars
    if len(value.encode("utf-16-le", "surrogatepass")) // 2 > limit:
        return reasons.url_too_long(limit)
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return reasons.bad_url()
    if not parts.scheme:
        return reasons.bad_url()
    if parts.scheme != "https":
        return reasons.not_https()
    if not host or _FORBIDDEN_IN_HOST.search(host):
        return reasons.bad_url()
    if _is_address(host):
        return reasons.not_a_domain()
    if host == "localhost" or host.endswith(".localhost"):
        return reasons.unreachable()
    return None


def _is_address(host: str) -> bool:
    """Return whether a host is an IP address; a last label that is a number makes it one."""
    if ":" in host:
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(_NUMBER.fullmatch(host.rstrip(".").rsplit(".", 1)[-1]))
    return True
