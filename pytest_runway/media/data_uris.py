"""Data URIs, taken apart without decoding them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_runway.ascii_text import BASE64_ALPHABET, AsciiText
from pytest_runway.media.sources import Encoded

if TYPE_CHECKING:
    from pytest_runway.media.reasons import Reasons
    from pytest_runway.media.sources import Source
    from pytest_runway.media.verdicts import Refusal

_LONGEST_HEAD = 1024


@dataclass(frozen=True, slots=True)
class DataUri:
    """What a data URI declares, and what it encodes, to be decoded where somebody looks."""

    content_type: str
    source: Source


def parse_data_uri(value: str, reasons: Reasons) -> DataUri | Refusal:
    """Return the parts of ``data:TYPE;base64,DATA``, or why it is refused.

    Documented: there must be a content type and ``;base64``. Assumed, since parsers differ: the
    standard alphabet only, padded, and nothing else in between: no white space, no percent signs.
    """
    comma = value.find(",", 0, _LONGEST_HEAD)
    head = value[:comma].split(";")
    if comma < 0 or head[0][:5].lower() != "data:":
        return reasons.bad_data_uri()
    content_type = head[0][5:].strip().lower()
    if "/" not in content_type:
        return reasons.no_content_type()
    if len(head) < 2 or head[-1].strip().lower() != "base64":
        return reasons.bad_data_uri()
    if not isinstance(value, AsciiText):
        if not value.isascii():
            return reasons.bad_data_uri()
        value = AsciiText(value)
    start = comma + 1
    if len(value) == start or (len(value) - start) % 4:
        return reasons.bad_data_uri()
    strange_in_head = value[:start].encode().translate(None, BASE64_ALPHABET)
    padding = value.strange[len(strange_in_head) :]
    if padding not in (b"", b"=", b"==") or not value.endswith(padding.decode()):
        return reasons.bad_data_uri()
    return DataUri(content_type, Encoded(value, start))
