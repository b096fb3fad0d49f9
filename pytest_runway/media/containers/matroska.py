"""Matroska and WebM: elements in elements, each with an id and a length."""

from __future__ import annotations

from struct import unpack
from typing import TYPE_CHECKING

from pytest_runway.media.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.media.sources import Source

MARK = b"\x1a\x45\xdf\xa3"

_OPEN = -1
_SEGMENT, _INFO, _TRACKS, _CLUSTER = 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
_TOP = frozenset({_INFO, _TRACKS, _CLUSTER, 0x114D9B74, 0x1C53BB6B, 0x1254C367, 0x1043A770})
_CODECS = {
    "V_MPEG4/ISO/AVC": "h264",
    "V_MPEGH/ISO/HEVC": "h265",
    "V_MPEG4/ISO/ASP": "mpeg4",
    "V_MPEG4/ISO/SP": "mpeg4",
    "V_MPEG1": "mpeg1",
    "V_MPEG2": "mpeg2",
    "V_AV1": "av1",
    "V_VP8": "vp8",
    "V_VP9": "vp9",
    "V_MJPEG": "mjpeg",
}


class _Found:
    """What the walk has met so far."""

    __slots__ = ("cut", "last_ms", "length_ms", "scale_ns", "tracks")

    def __init__(self) -> None:
        self.scale_ns = 1_000_000
        self.length_ms = 0
        self.last_ms = 0
        self.tracks: list[dict[int, bytes]] = []
        self.cut = False


def read_matroska(source: Source) -> Facts | None:
    """Return the facts of a Matroska or WebM file; ``None`` where it names no track."""
    doctype, found = b"", _Found()
    for name, start, length in _elements(source, 0, source.size):
        if name == 0x1A45DFA3:
            doctype = _fields(source, start, length).get(0x4282, b"")
        elif name == _SEGMENT:
            found.cut = length != _OPEN and start + length > source.size
            _walk(source, start, source.size if length == _OPEN else start + length, found)
            break
    pictures = [track for track in found.tracks if _integer(track.get(0x83)) == 1]
    sounds = [track for track in found.tracks if _integer(track.get(0x83)) == 2]
    if not (pictures or sounds):
        return None
    track = (pictures or sounds)[0]
    each_ns = _integer(track.get(0x23E383))
    return Facts(
        kind="video" if pictures else "audio",
        container="webm" if doctype.rstrip(b"\0") == b"webm" else "mkv",
        codec=_codec(track.get(0x86, b"")),
        width=_integer(track.get(0xB0)),
        height=_integer(track.get(0xBA)),
        duration_ms=found.length_ms or found.last_ms,
        frame_rate=round(1e9 / each_ns, 3) if each_ns and pictures else 0.0,
        has_audio=bool(sounds),
        complete=not found.cut,
    )


def _codec(name: bytes) -> str:
    text = name.decode("latin-1").rstrip("\0")
    return _CODECS.get(text, text.partition("_")[2].lower())


def _elements(source: Source, offset: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield id, start and length of elements; ``_OPEN`` is a length that is not known yet."""
    end = min(end, source.size)
    while offset + 2 <= end:
        head = source.at(offset, 12)
        id_size = 9 - head[0].bit_length()
        if id_size > 4 or len(head) <= id_size:
            return
        length_size = 9 - head[id_size].bit_length()
        body = head[id_size : id_size + length_size]
        if length_size > 8 or len(body) < length_size:
            return
        length = int.from_bytes(body, "big") & ((1 << 7 * length_size) - 1)
        if length == (1 << 7 * length_size) - 1:
            length = _OPEN
        start = offset + id_size + length_size
        yield int.from_bytes(head[:id_size], "big"), start, length
        offset = start + max(0, length)  # into what has no length: its parts stand in a row


def _walk(source: Source, start: int, end: int, found: _Found) -> None:
    """Go through a segment: its clock, its tracks, and when its last cluster starts."""
    cluster_ms = 0
    for name, inner, length in _elements(source, start, end):
        if name == _INFO and length != _OPEN:
            info = _fields(source, inner, length)
            found.scale_ns = _integer(info.get(0x2AD7B1)) or 1_000_000
            found.length_ms = round(_float(info.get(0x4489)) * found.scale_ns / 1e6)
        elif name == _TRACKS and length != _OPEN:
            for part, at, size in _elements(source, inner, inner + length):
                if part == 0xAE and size != _OPEN:
                    found.tracks.append(_track(source, at, size))
        elif name == 0xE7:  # of a cluster without a length: its parts come one by one
            cluster_ms = _ms(_integer(source.at(inner, min(length, 8))), found)
            found.last_ms = max(found.last_ms, cluster_ms)
        elif name == 0xA3 and not found.length_ms:
            found.last_ms = max(found.last_ms, cluster_ms + _block_ms(source, inner, found))
        elif name == _CLUSTER and length != _OPEN and not found.length_ms:
            found.last_ms = max(found.last_ms, _cluster_ms(source, inner, length, found))


def _cluster_ms(source: Source, start: int, length: int, found: _Found) -> int:
    """Return when the last block of a cluster is shown."""
    first = last = 0
    for name, inner, size in _elements(source, start, start + length):
        if name == 0xE7:
            first = _ms(_integer(source.at(inner, min(max(size, 0), 8))), found)
        elif name == 0xA3:
            last = max(last, _block_ms(source, inner, found))
    return first + last


def _block_ms(source: Source, start: int, found: _Found) -> int:
    """Return a block's time within its cluster; it follows the number of the track."""
    head = source.at(start, 10)
    size = 9 - head[0].bit_length() if head else 9
    if size > 4 or len(head) < size + 2:
        return 0
    return _ms(unpack(">h", head[size : size + 2])[0], found)


def _ms(ticks: int, found: _Found) -> int:
    return round(ticks * found.scale_ns / 1e6)


def _track(source: Source, start: int, length: int) -> dict[int, bytes]:
    fields = _fields(source, start, length)
    for name, inner, size in _elements(source, start, start + length):
        if name == 0xE0 and size != _OPEN:
            fields |= _fields(source, inner, size)
    return fields


def _fields(source: Source, start: int, length: int) -> dict[int, bytes]:
    """Return the small elements in an element, by id."""
    return {
        name: source.at(inner, size)
        for name, inner, size in _elements(source, start, start + length)
        if 0 <= size <= 64
    }


def _integer(data: bytes | None) -> int:
    return int.from_bytes(data or b"", "big")


def _float(data: bytes | None) -> float:
    """Return a number of four or eight bytes; 0 for none, for NaN and for infinity."""
    form = {4: ">f", 8: ">d"}.get(len(data or b""))
    value = float(unpack(form, data)[0]) if form and data else 0.0
    return value if 0 < value < 1e15 else 0.0
