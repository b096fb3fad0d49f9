"""MP4, MOV, 3GP and M4A: boxes in boxes; ``moov`` says everything."""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import iter_unpack, unpack
from typing import TYPE_CHECKING

from pytest_runway.media.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.media.sources import Source

MARKS = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"})
"""The boxes that a file may start with; those of old QuickTime have no ``ftyp``."""

_MANY_TIMES = 100_000
_OPEN = 0xFFFFFFFF
_CODECS = {
    b"avc1": "h264",
    b"avc3": "h264",
    b"hvc1": "h265",
    b"hev1": "h265",
    b"av01": "av1",
    b"vp08": "vp8",
    b"vp09": "vp9",
    b"apco": "prores",
    b"apcs": "prores",
    b"apcn": "prores",
    b"apch": "prores",
    b"ap4h": "prores",
    b"ap4x": "prores",
    b"jpeg": "mjpeg",
    b"mjpa": "mjpeg",
    b"mjpb": "mjpeg",
    b"alac": "alac",
}
_OBJECT_TYPES = {  # ISO/IEC 14496-1, the codecs that hide behind mp4v and mp4a
    0x20: "mpeg4",
    0x40: "aac",
    **dict.fromkeys(range(0x60, 0x66), "mpeg2"),
    **dict.fromkeys((0x66, 0x67, 0x68), "aac"),
    0x69: "mp3",
    0x6A: "mpeg1",
    0x6B: "mp3",
    0x6C: "mjpeg",
}


@dataclass(slots=True)
class _Track:
    number: int = 0
    handler: bytes = b""
    codec: str = ""
    width: int = 0
    height: int = 0
    turned: bool = False
    timescale: int = 0
    ticks: int = 0
    frames: int = 0
    usual_ticks: int = 0
    default_ticks: int = 0

    @property
    def length_ms(self) -> int:
        return round(self.ticks * 1000 / self.timescale) if self.timescale else 0


@dataclass(slots=True)
class _Movie:
    timescale: int = 0
    length_ms: int = 0
    tracks: list[_Track] = field(default_factory=list)


def read_iso(source: Source) -> Facts | None:
    """Return the facts of a file of boxes; ``None`` where it has no index, or none of a track."""
    brand, movie, complete = b"qt  ", None, True
    for name, start, end in _boxes(source, 0, source.size):
        if name == b"ftyp":
            brand = source.at(start, 4)
        elif name == b"moov" and end <= source.size:
            movie = _movie(source, start, end)
        elif name == b"moof" and movie is not None:
            _take_fragment(source, start, end, movie.tracks)
        complete = end <= source.size
    if movie is None:
        return None
    picture = next((t for t in movie.tracks if t.handler == b"vide" and t.codec), None)
    sound = next((t for t in movie.tracks if t.handler == b"soun" and t.codec), None)
    track = picture or sound
    if track is None:
        return None
    sides = (track.height, track.width) if track.turned else (track.width, track.height)
    rate = track.timescale / track.usual_ticks if track.usual_ticks else 0.0
    return Facts(
        kind="video" if picture else "audio",
        container=_container(brand) if picture else "m4a",
        codec=track.codec,
        width=sides[0],
        height=sides[1],
        duration_ms=movie.length_ms or max(t.length_ms for t in movie.tracks),
        frame_rate=round(rate, 3) if picture else 0.0,
        frames=track.frames if picture else 0,
        has_audio=sound is not None,
        complete=complete,
    )


def _container(brand: bytes) -> str:
    if brand == b"qt  ":
        return "mov"
    return "3gp" if brand.startswith(b"3g") else "mp4"


def _boxes(source: Source, offset: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, start and end of the bodies of boxes; the last may claim to end after ``end``."""
    while offset + 8 <= end:
        size, name = unpack(">I4s", source.at(offset, 8))
        start = offset + 8
        if size == 1:
            (size,) = unpack(">Q", source.at(start, 8))
            start += 8
        elif size == 0:
            size = end - offset
        if size < start - offset or not name.isascii():
            return
        yield name, start, offset + size
        offset += size


def _inside(source: Source, start: int, end: int) -> dict[bytes, tuple[int, int]]:
    """Return where the bodies of the boxes in a box are, the first of each name."""
    found: dict[bytes, tuple[int, int]] = {}
    for name, inner, last in _boxes(source, start, end):
        if last <= end:
            found.setdefault(name, (inner, last))
    return found


def _movie(source: Source, start: int, end: int) -> _Movie:
    movie = _Movie()
    for name, inner, last in _boxes(source, start, end):
        if last > end:
            break
        if name == b"mvhd":
            movie.timescale, ticks = _times(source, inner)
            movie.length_ms = round(ticks * 1000 / movie.timescale) if movie.timescale else 0
        elif name == b"trak":
            movie.tracks.append(_track(source, inner, last))
        elif name == b"mvex":
            _take_extension(source, inner, last, movie)
    return movie


def _take_extension(source: Source, start: int, end: int, movie: _Movie) -> None:
    """Take what holds for all fragments: the length of the whole, and of a sample by default."""
    for name, inner, _ in _boxes(source, start, end):
        if name == b"mehd" and not movie.length_ms and movie.timescale:
            wide = source.at(inner, 1) == b"\1"
            (ticks,) = unpack(">Q" if wide else ">I", source.at(inner + 4, 8 if wide else 4))
            movie.length_ms = round(ticks * 1000 / movie.timescale)
        elif name == b"trex":
            number, _, ticks = unpack(">III", source.at(inner + 4, 12))
            for track in movie.tracks:
                if track.number == number:
                    track.default_ticks = ticks


def _times(source: Source, start: int) -> tuple[int, int]:
    """Return timescale and length of an ``mvhd`` or ``mdhd``; an open length is 0."""
    if source.at(start, 1) == b"\1":
        timescale, ticks = unpack(">IQ", source.at(start + 20, 12))
        return timescale, 0 if ticks == (1 << 64) - 1 else ticks
    timescale, ticks = unpack(">II", source.at(start + 12, 8))
    return timescale, 0 if ticks == _OPEN else ticks


def _track(source: Source, start: int, end: int) -> _Track:
    track = _Track()
    boxes = _inside(source, start, end)
    if b"tkhd" in boxes:
        wide = source.at(boxes[b"tkhd"][0], 1) == b"\1"
        at = boxes[b"tkhd"][0] + (52 if wide else 40)
        (track.number,) = unpack(">I", source.at(boxes[b"tkhd"][0] + (20 if wide else 12), 4))
        across, _, _, _, down, _, _, _, _, width, height = unpack(">9iII", source.at(at, 44))
        track.turned = across == down == 0
        track.width, track.height = width >> 16, height >> 16
    media = _inside(source, *boxes.get(b"mdia", (0, 0)))
    if b"hdlr" in media:
        track.handler = source.at(media[b"hdlr"][0] + 8, 4)
    if b"mdhd" in media:
        track.timescale, track.ticks = _times(source, media[b"mdhd"][0])
    table = _inside(source, *_inside(source, *media.get(b"minf", (0, 0))).get(b"stbl", (0, 0)))
    if b"stsd" in table:
        _describe(track, source, *table[b"stsd"])
    if b"stts" in table:
        _count(track, source, table[b"stts"][0])
    return track


def _describe(track: _Track, source: Source, start: int, end: int) -> None:
    """Take codec and sides from the first sample entry."""
    size, name = unpack(">I4s", source.at(start + 8, 8))
    entry = source.at(start + 8, min(size, end - start - 8, 65_536))
    track.codec = _CODECS.get(name) or name.decode("latin-1").strip().lower()
    if name in (b"mp4v", b"mp4a"):
        track.codec = _object_type(entry) or {b"mp4a": "aac"}.get(name, "mpeg4")
    if track.handler == b"vide" and len(entry) >= 36:
        width, height = unpack(">HH", entry[32:36])
        track.width, track.height = width or track.width, height or track.height


def _object_type(entry: bytes) -> str:
    """Return the codec that an ``esds`` names, ``""`` without one."""
    at = entry.find(b"esds")
    if at < 0:
        return ""
    body = entry[at + 8 :]  # past the name, version and flags
    for tag, fixed in ((3, 3), (4, 0)):
        if body[:1] != bytes([tag]):
            return ""
        length = 1 + next((n for n in range(1, 5) if body[n] < 0x80), 4)
        body = body[length + fixed :]
    return _OBJECT_TYPES.get(body[0], f"object type {body[0]:#x}")


def _count(track: _Track, source: Source, start: int) -> None:
    """Count the frames, and find how long most of them are shown."""
    (runs,) = unpack(">I", source.at(start + 4, 4))
    data = source.at(start + 8, 8 * min(runs, _MANY_TIMES))
    shown: dict[int, int] = {}
    for count, ticks in iter_unpack(">II", data[: len(data) // 8 * 8]):
        shown[ticks] = shown.get(ticks, 0) + count
    track.frames = sum(shown.values())
    if shown:
        track.usual_ticks = max(shown, key=lambda ticks: (shown[ticks], ticks))


def _take_fragment(source: Source, start: int, end: int, tracks: list[_Track]) -> None:
    """Add the runs of a fragment to the tracks that they belong to."""
    for name, inner, last in _boxes(source, start, end):
        parts = _inside(source, inner, last) if name == b"traf" and last <= end else {}
        if b"tfhd" in parts and b"trun" in parts:
            flags, number = unpack(">II", source.at(parts[b"tfhd"][0], 8))
            at = parts[b"tfhd"][0] + 8 + (8 if flags & 1 else 0) + (4 if flags & 2 else 0)
            usual = unpack(">I", source.at(at, 4))[0] if flags & 8 else 0
            for track in tracks:
                if track.number == number:
                    _take_run(source, parts[b"trun"][0], usual or track.default_ticks, track)


def _take_run(source: Source, start: int, usual: int, track: _Track) -> None:
    """Add a run of samples, each as long as usual or as its entry says first."""
    flags, count = unpack(">II", source.at(start, 8))
    count = min(count, _MANY_TIMES)
    if flags & 0x100:
        entry = 4 * sum(1 for bit in (0x100, 0x200, 0x400, 0x800) if flags & bit)
        at = start + 8 + (4 if flags & 1 else 0) + (4 if flags & 4 else 0)
        data = source.at(at, entry * count)
        shown = [int.from_bytes(data[n : n + 4], "big") for n in range(0, len(data), entry)]
    else:
        shown = [usual] * count
    track.frames += len(shown)
    track.ticks += sum(shown)
    track.usual_ticks = track.usual_ticks or (shown[0] if shown else 0)
