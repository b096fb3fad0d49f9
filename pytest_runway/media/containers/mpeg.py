"""MPEG program streams: packs of packets; sides in the first sequence, time in the stamps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_runway.media.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.media.sources import Source

MARK = b"\0\0\1\xba"

_PACKETS = re.compile(b"\0\0\1[\xbd\xc0-\xef]")  # of AC-3, MPEG audio, and pictures
_WINDOW = 256 * 1024
_RATES = (0.0, 23.976, 24.0, 25.0, 29.97, 30.0, 50.0, 59.94, 60.0)
_CLOCK_KHZ = 90


def read_program_stream(source: Source) -> Facts | None:
    """Return the facts of a program stream; ``None`` without a sequence of pictures."""
    head = source.at(0, _WINDOW)
    start = head.find(b"\0\0\1\xb3")
    if start < 0 or len(head) < start + 8:
        return None
    width = head[start + 4] << 4 | head[start + 5] >> 4
    height = (head[start + 5] & 15) << 8 | head[start + 6]
    code = head[start + 7] & 15
    rate = _RATES[code] if code < len(_RATES) else 0.0
    tail = source.at(max(0, source.size - _WINDOW), _WINDOW)
    stamps = [*_stamps(head), *_stamps(tail)]
    length = (max(stamps) - min(stamps)) / _CLOCK_KHZ if stamps else 0.0
    return Facts(
        kind="video",
        container="mpeg",
        codec="mpeg2" if b"\0\0\1\xb5" in head[start : start + 256] else "mpeg1",
        width=width,
        height=height,
        duration_ms=round(length + (1000 / rate if rate else 0)),
        frame_rate=rate,
        has_audio=any(bytes([0, 0, 1, number]) in head for number in (0xBD, 0xC0, 0xC1)),
    )


def _stamps(data: bytes) -> Iterator[int]:
    """Yield the times at which pictures are shown and sounds heard, in ticks of 90 kHz."""
    for packet in _PACKETS.finditer(data):
        stamp = _stamp(data[packet.end() + 2 : packet.end() + 26])
        if stamp is not None:
            yield stamp


def _stamp(packet: bytes) -> int | None:
    """Return the time in a packet's header, which MPEG-2 and MPEG-1 write differently."""
    if len(packet) < 8:
        return None
    if packet[0] >> 6 == 2:
        field = packet[3:8] if packet[1] & 0x80 else b""
    else:
        field = packet.lstrip(b"\xff")
        if field and field[0] >> 6 == 1:
            field = field[2:]
        field = field[:5] if field and field[0] >> 4 in (2, 3) else b""
    if len(field) < 5:
        return None
    high, middle, low = field[0] >> 1 & 7, int.from_bytes(field[1:3], "big"), field[3:5]
    return high << 30 | middle >> 1 << 15 | int.from_bytes(low, "big") >> 1
