"""Flash Video: tags in a row; the first is a table of facts, the last says when it ends."""

from __future__ import annotations

from struct import unpack
from typing import TYPE_CHECKING

from pytest_runway.media.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.media.sources import Source

MARK = b"FLV\x01"

_FIRST_TAGS = 64
_CODECS = {2: "flv1", 3: "flashsv", 4: "vp6", 5: "vp6a", 6: "flashsv2", 7: "h264", 12: "h265"}


def read_flv(source: Source) -> Facts | None:
    """Return the facts of a Flash Video; ``None`` without pictures."""
    (start,) = unpack(">I", source.at(5, 4))
    said: dict[str, float] = {}
    codec, has_audio = "", False
    for kind, offset, size in _tags(source, start + 4):
        if kind == 18 and not said:
            said = _numbers(source.at(offset, min(size, 16_384)))
        elif kind == 9 and not codec:
            number = source.at(offset, 1)[0] & 15
            codec = _CODECS.get(number, f"codec {number}")
        has_audio = has_audio or kind == 8
    if not codec:
        return None
    return Facts(
        kind="video",
        container="flv",
        codec=codec,
        width=int(said.get("width", 0)),
        height=int(said.get("height", 0)),
        duration_ms=round(said.get("duration", 0.0) * 1000) or _last_ms(source),
        frame_rate=round(said.get("framerate", 0.0), 3),
        has_audio=has_audio,
        complete=_is_whole(source),
    )


def _tags(source: Source, offset: int) -> Iterator[tuple[int, int, int]]:
    for _ in range(_FIRST_TAGS):
        head = source.at(offset, 11)
        if len(head) < 11:
            return
        size = int.from_bytes(head[1:4], "big")
        yield head[0] & 31, offset + 11, size
        offset += 11 + size + 4


def _numbers(data: bytes) -> dict[str, float]:
    """Return the numbers of an AMF table that matter: each is a name, a 0, and eight bytes."""
    found: dict[str, float] = {}
    for name in ("width", "height", "duration", "framerate"):
        key = len(name).to_bytes(2, "big") + name.encode() + b"\0"
        at = data.find(key)
        value = data[at + len(key) : at + len(key) + 8]
        if at >= 0 and len(value) == 8:
            (number,) = unpack(">d", value)
            if 0 < number < 1e9:
                found[name] = number
    return found


def _last_ms(source: Source) -> int:
    """Return when the last tag is shown; its size stands after it."""
    size = int.from_bytes(source.at(source.size - 4, 4), "big")
    head = source.at(source.size - 4 - size, 11) if size < source.size - 4 else b""
    return int.from_bytes(head[7:8] + head[4:7], "big")


def _is_whole(source: Source) -> bool:
    """Return whether the size that ends the file leads to a tag of that size."""
    size = int.from_bytes(source.at(source.size - 4, 4), "big")
    head = source.at(source.size - 4 - size, 11) if 11 <= size < source.size - 4 else b""
    return len(head) == 11 and int.from_bytes(head[1:4], "big") + 11 == size
