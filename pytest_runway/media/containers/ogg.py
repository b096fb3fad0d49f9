"""Ogg: pages of streams; the first page of each says what it is, the last when it ends."""

from __future__ import annotations

from struct import unpack
from typing import TYPE_CHECKING

from pytest_runway.media.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.media.sources import Source

MARK = b"OggS"

_STREAMS = 16
_TAIL = 65_536 + 282
_SOUNDS = ((b"\x01vorbis", "vorbis"), (b"OpusHead", "opus"), (b"\x7fFLAC", "flac"))


def read_ogg(source: Source) -> Facts | None:
    """Return the facts of an Ogg file; ``None`` where no stream is known."""
    streams = list(_first_pages(source))
    tail = source.at(max(0, source.size - _TAIL), _TAIL)
    audio = [(serial, head, name) for serial, head in streams if (name := _sound(head))]
    heard_ms = max((_heard_ms(tail, *each) for each in audio), default=0)
    for serial, head in streams:
        if head.startswith(b"\x80theora"):
            position = _last_position(tail, serial)
            return _theora(head, position, heard_ms, has_audio=bool(audio))
        if head.startswith(b"OVP80\x01"):
            width, height = unpack(">HH", head[8:12])
            return Facts(kind="video", container="ogg", codec="vp8", width=width, height=height)
    if not audio:
        return None
    return Facts(
        kind="audio", container="ogg", codec=audio[0][2], duration_ms=heard_ms, has_audio=True
    )


def _first_pages(source: Source) -> Iterator[tuple[bytes, bytes]]:
    """Yield serial number and first packet of the streams that start the file."""
    offset = 0
    for _ in range(_STREAMS):
        head = source.at(offset, 27)
        if head[:4] != MARK or not head[5] & 2:
            return
        lengths = source.at(offset + 27, head[26])
        yield head[14:18], source.at(offset + 27 + head[26], sum(lengths))
        offset += 27 + head[26] + sum(lengths)


def _sound(head: bytes) -> str:
    return next((name for start, name in _SOUNDS if head.startswith(start)), "")


def _heard_ms(tail: bytes, serial: bytes, head: bytes, name: str) -> int:
    rate = _rate(name, head)
    return round(_last_position(tail, serial) * 1000 / rate) if rate else 0


def _rate(name: str, head: bytes) -> int:
    """Return how many positions make a second."""
    if name == "vorbis":
        return int(unpack("<I", head[12:16])[0])
    if name == "flac":  # its own header stands after the one that Ogg adds
        return int.from_bytes(head[27:30], "big") >> 4
    return 48_000


def _last_position(tail: bytes, serial: bytes) -> int:
    page = tail.rfind(MARK)
    while page >= 0:
        (position,) = unpack("<q", tail[page + 6 : page + 14].ljust(8, b"\xff"))
        if tail[page + 14 : page + 18] == serial and position >= 0:
            return int(position)
        page = tail.rfind(MARK, 0, page)
    return 0


def _theora(head: bytes, position: int, heard_ms: int, *, has_audio: bool) -> Facts:
    """Return the facts of Theora, whose position counts key frames, and frames since the last."""
    width = int.from_bytes(head[14:17], "big")
    height = int.from_bytes(head[17:20], "big")
    rate, per = unpack(">II", head[22:30])
    shift = unpack(">H", head[40:42])[0] >> 5 & 31
    frames = (position >> shift) + (position & ((1 << shift) - 1))
    return Facts(
        kind="video",
        container="ogg",
        codec="theora",
        width=width,
        height=height,
        duration_ms=max(heard_ms, round(frames * per * 1000 / rate) if rate else 0),
        frame_rate=round(rate / per, 3) if per else 0.0,
        frames=frames,
        has_audio=has_audio,
    )
