"""RIFF: WAV sounds and AVI clips, chunks with a name and a length."""

from __future__ import annotations

from struct import unpack
from typing import TYPE_CHECKING

from pytest_runway.media.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.media.sources import Source

_OPEN = frozenset({0, 0xFFFFFFFF})  # what a writer leaves that could not go back
_SOUNDS = {1: "pcm", 2: "adpcm", 3: "pcm", 6: "alaw", 7: "mulaw", 17: "adpcm", 80: "mp2", 85: "mp3"}
_H264 = frozenset({b"h264", b"x264", b"avc1", b"davc"})
_MSMPEG4V3 = frozenset({b"div3", b"div4", b"div5", b"div6", b"mp43", b"mpg3", b"col1", b"ap41"})
_MPEG4 = frozenset({b"fmp4", b"xvid", b"divx", b"dx50", b"mp4v", b"m4s2", b"mp4s"})


def read_wav(source: Source) -> Facts | None:
    """Return the facts of a WAV; ``None`` without a format, or without samples.

    In an RF64, which may be larger than 4 GB, the length of the samples stands in a chunk before.
    """
    codec, rate, length, complete, long = "", 0, 0, True, 0
    for name, start, size in _chunks(source, 12, source.size):
        if name == b"ds64":
            (long,) = unpack("<Q", source.at(start + 8, 8))
        elif name == b"fmt ":
            tag, _, _, rate = unpack("<HHII", source.at(start, 12))
            if tag == 0xFFFE:
                (tag,) = unpack("<H", source.at(start + 24, 2))
            codec = _SOUNDS.get(tag, f"format {tag:#x}")
        elif name == b"data":
            there, claimed = source.size - start, size if size not in _OPEN else long
            length = min(claimed or there, there)
            complete = claimed <= there
            break
    if not codec or not length:
        return None
    return Facts(
        kind="audio",
        container="wav",
        codec=codec,
        duration_ms=round(length * 1000 / rate) if rate else 0,
        has_audio=True,
        complete=complete,
    )


def read_avi(source: Source) -> Facts | None:
    """Return the facts of an AVI; ``None`` where its headers name no pictures."""
    (claimed,) = unpack("<I", source.at(4, 4))
    streams: list[tuple[bytes, bytes]] = []
    for name, start, size in _chunks(source, 12, source.size):
        if name == b"LIST" and source.at(start, 4) == b"hdrl":
            streams = list(_streams(source, start + 4, start + size))
            break
    picture = next((each for each in streams if each[0][:4] == b"vids"), None)
    if picture is None:
        return None
    header, form = picture
    scale, rate, _, frames = unpack("<IIII", header[20:36])
    lengths = [_length_ms(header) for header, _ in streams]
    width, height = unpack("<ii", form[4:12])
    return Facts(
        kind="video",
        container="avi",
        codec=_codec(form[16:20].lower()),
        width=width,
        height=abs(height),
        duration_ms=max(lengths),
        frame_rate=round(rate / scale, 3) if scale else 0.0,
        frames=frames,
        has_audio=any(header[:4] == b"auds" for header, _ in streams),
        complete=claimed in _OPEN or claimed + 8 <= source.size,
    )


def _length_ms(header: bytes) -> int:
    """Return how long a stream of pictures or sound is; others do not count."""
    if header[:4] not in (b"vids", b"auds"):
        return 0
    scale, rate, _, count = unpack("<IIII", header[20:36])
    return round(count * scale * 1000 / rate) if rate else 0


def _codec(fourcc: bytes) -> str:
    if fourcc in _H264:
        return "h264"
    if fourcc == b"mjpg":
        return "mjpeg"
    if fourcc in _MSMPEG4V3:
        return "msmpeg4v3"
    if fourcc in _MPEG4:
        return "mpeg4"
    return fourcc.decode("latin-1").strip("\0 ") or "raw"


def _streams(source: Source, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield header and format of each stream."""
    for name, inner, size in _chunks(source, start, end):
        if name == b"LIST" and source.at(inner, 4) == b"strl":
            parts = {
                n: source.at(s, min(z, 64)) for n, s, z in _chunks(source, inner + 4, inner + size)
            }
            yield parts.get(b"strh", b""), parts.get(b"strf", b"")


def _chunks(source: Source, offset: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    end = min(end, source.size)
    while offset + 8 <= end:
        name, size = unpack("<4sI", source.at(offset, 8))
        yield name, offset + 8, size
        offset += 8 + size + size % 2
