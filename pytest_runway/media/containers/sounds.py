"""Sounds without a container of their own: MP3, AAC in ADTS, FLAC."""

from __future__ import annotations

from struct import unpack
from typing import TYPE_CHECKING

from pytest_runway.media.facts import Facts

if TYPE_CHECKING:
    from pytest_runway.media.sources import Source

_MANY = 20_000
_MP3_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_KBITS = {
    (3, 3): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 1): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_AAC_RATES = (
    96_000,
    88_200,
    64_000,
    48_000,
    44_100,
    32_000,
    24_000,
    22_050,
    16_000,
    12_000,
    11_025,
    8_000,
    7_350,
)


def read_flac(source: Source) -> Facts | None:
    """Return the facts of a FLAC file, of which the first block must be the one with them."""
    start = tag_size(source)
    if source.at(start, 4) != b"fLaC" or source.at(start + 4, 1)[0] & 127:
        return None
    packed = int.from_bytes(source.at(start + 18, 8), "big")
    rate, samples = packed >> 44, packed & ((1 << 36) - 1)
    length_ms = round(samples * 1000 / rate) if rate else 0
    return Facts(
        kind="audio", container="flac", codec="flac", duration_ms=length_ms, has_audio=True
    )


def read_mpeg_audio(source: Source) -> Facts | None:
    """Return the facts of an MP3 (or Layer I or II); ``None`` where no two frames follow."""
    start = tag_size(source)
    frame = _mpeg_frame(source.at(start, 4))
    if frame is None:
        return None
    layer, size, samples, rate = frame
    following = _mpeg_frame(source.at(start + size, 4))
    if following is None and start + size < source.size:
        return None
    frames = _frames_said(source.at(start, 200)) or _frames_there(source, start)
    return Facts(
        kind="audio",
        container="mp3",
        codec=f"mp{4 - layer}",
        duration_ms=round(frames * samples * 1000 / rate),
        has_audio=True,
    )


def tag_size(source: Source) -> int:
    """Return how many bytes of ID3v2 stand before the sound."""
    head = source.at(0, 10)
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 127
    return 10 + size + (10 if head[5] & 16 else 0)


def _mpeg_frame(head: bytes) -> tuple[int, int, int, int] | None:
    """Return layer (3 is I, 1 is III), size, samples and rate of a frame."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    kbits, rate, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer == 0 or kbits in (0, 15) or rate == 3:
        return None
    speed = _KBITS[3 if version == 3 else 2, layer if version == 3 or layer == 3 else 1][kbits]
    hertz = _MP3_RATES[version][rate]
    if layer == 3:
        return layer, (12_000 * speed // hertz + padding) * 4, 384, hertz
    samples = 576 if layer == 1 and version != 3 else 1152
    return layer, samples * 125 * speed // hertz + padding, samples, hertz


def _frames_said(frame: bytes) -> int:
    """Return the number of frames that an encoder left in the first of them."""
    for mark in (b"Xing", b"Info"):
        at = frame.find(mark, 4, 44)
        if at > 0 and frame[at + 7] & 1:
            return int(unpack(">I", frame[at + 8 : at + 12])[0])
    if frame[36:40] == b"VBRI":
        return int(unpack(">I", frame[50:54])[0])
    return 0


def _frames_there(source: Source, start: int) -> int:
    """Count frames, and after many of them conclude from their size to the rest."""
    offset, count = start, 0
    while count < _MANY and (frame := _mpeg_frame(source.at(offset, 4))):
        offset, count = offset + frame[1], count + 1
    if count == _MANY:
        count = round((source.size - start) * count / (offset - start))
    return count


def read_adts(source: Source) -> Facts | None:
    """Return the facts of bare AAC, whose frames have to be counted."""
    offset = start = tag_size(source)
    count, rate = 0, 0
    while count < _MANY:
        head = source.at(offset, 6)
        if len(head) < 6 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
            break
        size = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
        if size < 7 or head[2] >> 2 & 15 >= len(_AAC_RATES):
            break
        rate = _AAC_RATES[head[2] >> 2 & 15]
        offset, count = offset + size, count + 1
    if not rate:
        return None
    if count == _MANY:
        count = round((source.size - start) * count / (offset - start))
    return Facts(
        kind="audio",
        container="aac",
        codec="aac",
        duration_ms=round(count * 1024 * 1000 / rate),
        has_audio=True,
        complete=offset <= source.size,
    )
