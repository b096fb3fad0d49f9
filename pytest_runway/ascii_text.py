"""A string of megabytes, looked through once.

To find the end of a data URI of 4 MB, to copy it out of the body, to encode it again and to check
it for base64's alphabet takes JSON's parser and others 4.5 ms. Taken out of the body beforehand,
all of that takes 2.4 ms.
"""

from __future__ import annotations

from string import ascii_letters, digits
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Self

BASE64_ALPHABET = (ascii_letters + digits + "+/").encode()

_LONG = 64 * 1024
_OPENING = b'"data:'
_STAND_IN = "data:\x7f"
_CONTROLS = bytes(range(0x20))


class AsciiText(str):
    """A string of ASCII; ``strange`` is what is in it beside base64's alphabet, in order."""

    __slots__ = ("strange",)
    strange: bytes

    def __new__(cls, text: str, strange: bytes | None = None) -> Self:
        """Take a text that is ASCII, and what is known to be strange in it."""
        made = super().__new__(cls, text)
        made.strange = (
            text.encode().translate(None, BASE64_ALPHABET) if strange is None else strange
        )
        return made


def take_out(body: bytes) -> tuple[bytes, AsciiText | None]:
    """Return JSON without its first long data URI, for which something stands in, and that.

    Only what a parser would take as it is: no quote, no backslash, no control character, ASCII
    only. So the rest is JSON if and only if the whole was.
    """
    at, end = body.find(_OPENING), 0
    while at >= 0 and (end := body.find(b'"', at + 1)) - at <= _LONG:
        at = body.find(_OPENING, max(end, at + 1))
    if at < 0 or body[at - 1 : at] == b"\\" or body.find(b"\\", at, end) >= 0:
        return body, None
    before, after = body[: at + 1], body[end:]
    strange = body.translate(None, BASE64_ALPHABET)
    strange = strange[len(_strange(before)) : len(strange) - len(_strange(after))]
    rest = before + _STAND_IN.encode() + after
    is_plain = strange.isascii() and strange == strange.translate(None, _CONTROLS)
    is_alone = rest.count(b"\x7f") == 1 and b"\\u007f" not in rest.lower()
    if not (is_plain and is_alone):
        return body, None
    return rest, AsciiText(str(memoryview(body)[at + 1 : end], "ascii"), strange)


def put_back(value: Any, text: AsciiText) -> Any:
    """Return a JSON value with the string where it was."""
    if isinstance(value, str):
        return text if value == _STAND_IN else value
    if isinstance(value, list):
        return [put_back(item, text) for item in value]
    if isinstance(value, dict):
        return {put_back(key, text): put_back(item, text) for key, item in value.items()}
    return value


def _strange(part: bytes) -> bytes:
    return part.translate(None, BASE64_ALPHABET)
