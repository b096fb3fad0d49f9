"""The formats of strings: what zod calls them, and what it takes for one.

Without a pattern beside the format in the document, zod's own stands here, since it is shown on
the wire.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DATE = (
    r"(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29"
    r"|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)"
    r"|(?:02)-(?:0[1-9]|1\d|2[0-8])))"
)
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?"
# Assumed: the SDK writes the offset of UTC in numbers, so it must be taken.
_OFFSET = r"([+-](?:[01]\d|2[0-3]):[0-5]\d)"
_UUID4 = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12})$"

_SPECIAL = re.compile(r"(?:https?|wss?|ftp):[/\\]*([^/\\?#]*)", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST = re.compile(r"(?:[^@]*@)?(\[[0-9A-Fa-f:.]+\]|[^\s:%<>^|\[\]@#/\\?\x00-\x1f]+)(?::(\d*))?")


@dataclass(frozen=True, slots=True)
class Format:
    """A format: zod's ``name`` for it, and its ``pattern``, or a test where no pattern will do."""

    name: str
    pattern: str | None = None
    holds: Callable[[str], bool] | None = None


def is_url(text: str) -> bool:
    """Tell whether a browser's URL parser takes a string.

    Assumed to be enough of it: a scheme; for the web's schemes a host and a port of 16 bits. Hosts
    that only IDNA or number parsing refuses pass.
    """
    text = re.sub(r"[\t\n\r]", "", text.strip())
    if not (special := _SPECIAL.match(text)):
        return _SCHEME.match(text) is not None
    host = _HOST.fullmatch(special[1])
    return host is not None and int(host[2] or 0) < 2**16


FORMATS: Mapping[str | None, Format] = {
    None: Format("regex"),
    "uuid": Format("uuid", _UUID4),
    "date-time": Format("datetime", rf"^{_DATE}T(?:{_TIME}(?:Z|{_OFFSET}))$"),
    "date": Format("date", rf"^{_DATE}$"),
    "uri": Format("url", holds=is_url),
}
"""Formats by their name in the document; ``None`` stands for a string with a pattern alone."""
