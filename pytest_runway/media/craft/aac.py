"""AAC silence: frames of four bytes, 64 ms each, bare (ADTS) or for a container."""

from __future__ import annotations

from struct import pack

from pytest_runway.media.craft.bits import Bits
from pytest_runway.media.craft.isobmff import Track, aac_entry, movie

RATE = 16_000
FRAME_MS = 64
_SAMPLES = 1024
_RATE_INDEX = 8
_FRAME = (  # one mono channel: no bands, hence no spectrum
    Bits().put(3, 0).put(4, 0).put(8, 0).put(11, 0).put(3, 0).put(3, 7).to_bytes()
)
_CONFIG = pack(">H", 2 << 11 | _RATE_INDEX << 7 | 1 << 3)


def adts(frames: int) -> bytes:
    """Return a bare AAC file of so many frames of 64 ms."""
    size = 7 + len(_FRAME)
    head = Bits().put(12, 0xFFF).put(4, 1).put(2, 1).put(4, _RATE_INDEX).put(1, 0).put(3, 1)
    head.put(4, 0).put(13, size).put(11, 0x7FF).put(2, 0)
    return (head.to_bytes() + _FRAME) * frames


def silent_track(duration_ms: int) -> Track:
    """Return a track of silence for a movie, to the millisecond: the last frame is cut short."""
    total = duration_ms * RATE // 1000
    full, rest = divmod(total, _SAMPLES)
    times = ([(full, _SAMPLES)] if full else []) + ([(1, rest)] if rest else [])
    return Track(
        handler=b"soun",
        entry=aac_entry(RATE, _CONFIG),
        samples=(_FRAME,) * (full + (rest > 0)),
        times=tuple(times),
        timescale=RATE,
    )


def m4a(duration_ms: int) -> bytes:
    """Return an M4A file of silence, to the millisecond."""
    return movie("m4a", silent_track(duration_ms))
