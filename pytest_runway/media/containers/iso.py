"""MP4, MOV, 3GP and M4A: boxes in boxes; ``moov`` says everything."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from struct import iter_unpack, unpack
from typing import TYPE_CHECKING

from pytest_runway.media.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.media.sources import Source

MARKS = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"})
"""The boxes that a file may start with; those of old QuickTime have no ``ftyp``."""

_ENTRIES = 3  # of a table that are read at one look
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
    default_ticks: int = 0
    in_fragments: bool = False
    shown: Counter[int] = field(default_factory=Counter)  # frames by how many ticks each is shown

    @property
    def length_ms(self) -> int:
        return round(self.ticks * 1000 / self.timescale) if self.timescale else 0

    @property
    def frame_rate(self) -> float:
        """How many of its frames would make a second, most of them being alike."""
        usual = max(self.shown, key=lambda ticks: (self.shown[ticks], ticks), default=0)
        return round(self.timescale / usual, 3) if usual else 0.0


@dataclass(slots=True)
class _Movie:
    timescale: int = 0
    length_ms: int = 0
    tracks: list[_Track] = field(default_factory=list)


def read_iso(source: Source) -> Facts | None:
    """Return the facts of a file of boxes; ``None`` where it has no index, or none of a track."""
    brand, movie, complete = b"qt  ", None, True
    numbered: dict[int, _Track] = {}
    for name, start, end in _boxes(source, 0, source.size):
        if name == b"ftyp":
            brand = source.at(start, 4)
        elif name == b"moov" and end <= source.size:
            movie = _movie(source, start, end)
            numbered = {track.number: track for track in movie.tracks}
        elif name == b"moof":
            _take_fragment(source, start, end, numbered)
        complete = end <= source.size
    if movie is None:
        return None
    picture = next((t for t in movie.tracks if t.handler == b"vide" and t.codec), None)
    sound = next((t for t in movie.tracks if t.handler == b"soun" and t.codec), None)
    track = picture or sound
    if track is None:
        return None
    sides = (track.height, track.width) if track.turned else (track.width, track.height)
    return Facts(
        kind="video" if picture else "audio",
        container=_container(brand) if picture else "m4a",
        codec=track.codec,
        width=sides[0],
        height=sides[1],
        duration_ms=_length_ms(movie),
        frame_rate=track.frame_rate if picture else 0.0,
        frames=track.shown.total() if picture else 0,
        has_audio=sound is not None,
        complete=complete,
    )


def _length_ms(movie: _Movie) -> int:
    """Return how long a movie is; its header may know of no more than what stands before its
    fragments, and only it knows where an edit leaves something out."""
    fragments = [t.length_ms for t in movie.tracks if t.in_fragments]
    return max([movie.length_ms, *fragments]) or max(t.length_ms for t in movie.tracks)


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
    numbered = {track.number: track for track in movie.tracks}
    for name, inner, _ in _boxes(source, start, end):
        if name == b"mehd" and not movie.length_ms and movie.timescale:
            wide = source.at(inner, 1) == b"\1"
            (ticks,) = unpack(">Q" if wide else ">I", source.at(inner + 4, 8 if wide else 4))
            movie.length_ms = round(ticks * 1000 / movie.timescale)
        elif name == b"trex":
            number, _, ticks = unpack(">III", source.at(inner + 4, 12))
            if number in numbered:
                numbered[number].default_ticks = ticks


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
        _count(track, source, *table[b"stts"])
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


def _count(track: _Track, source: Source, start: int, end: int) -> None:
    """Count the frames by how long they are shown."""
    (runs,) = unpack(">I", source.at(start + 4, 4))
    for piece in _pieces(source, start + 8, min(end, start + 8 + 8 * runs), 8):
        for count, ticks in iter_unpack(">II", piece[: len(piece) // 8 * 8]):
            track.shown[ticks] += count


def _pieces(source: Source, start: int, end: int, entry: int) -> Iterator[bytes]:
    """Yield a table of such entries, a few at each look: long tables count for what they cost."""
    size = _ENTRIES * entry
    for offset in range(start, min(end, source.size), size):
        yield source.at(offset, min(size, end - offset))


def _take_fragment(source: Source, start: int, end: int, numbered: dict[int, _Track]) -> None:
    """Add the runs of a fragment to the tracks that they belong to."""
    for name, inner, last in _boxes(source, start, end):
        parts = _inside(source, inner, last) if name == b"traf" and last <= end else {}
        if b"tfhd" in parts and b"trun" in parts:
            flags, number = unpack(">II", source.at(parts[b"tfhd"][0], 8))
            at = parts[b"tfhd"][0] + 8 + (8 if flags & 1 else 0) + (4 if flags & 2 else 0)
            usual = unpack(">I", source.at(at, 4))[0] if flags & 8 else 0
            if number in numbered:
                track = numbered[number]
                _take_run(source, *parts[b"trun"], usual or track.default_ticks, track)


def _take_run(source: Source, start: int, end: int, usual: int, track: _Track) -> None:
    """Add a run of samples, each as long as usual or as its entry says first."""
    flags, count = unpack(">II", source.at(start, 8))
    track.in_fragments = True
    if not flags & 0x100:
        track.shown[usual] += count
        track.ticks += usual * count
        return
    entry = 4 * sum(1 for bit in (0x100, 0x200, 0x400, 0x800) if flags & bit)
    at = start + 8 + (4 if flags & 1 else 0) + (4 if flags & 4 else 0)
    for piece in _pieces(source, at, min(end, at + entry * count), entry):
        for offset in range(0, len(piece), entry):
            ticks = int.from_bytes(piece[offset : offset + 4], "big")
            track.shown[ticks] += 1
            track.ticks += ticks
