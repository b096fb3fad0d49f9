"""Clips: H.264 stills in MP4, MOV or 3GP, of any size, length and frame rate."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from pytest_runway.media.craft.aac import silent_track
from pytest_runway.media.craft.h264 import still
from pytest_runway.media.craft.isobmff import Track, avc_entry, movie

if TYPE_CHECKING:
    from pytest_runway.media.craft.isobmff import Brand


def clip(
    brand: Brand,
    width: int,
    height: int,
    duration_ms: int,
    *,
    fps: Fraction | int = 24,
    shade: int = 0,
    audio: bool = False,
    turned: bool = False,
) -> bytes:
    """Return a clip of one even grey.

    ``width`` and ``height`` are even, and count before a ``turned`` clip is laid on its side.
    A length that is no whole number of frames makes the last frame longer or shorter.
    """
    frames, times, timescale = timed(duration_ms, Fraction(fps))
    stream = still(width, height, frames, shade=shade)
    picture = Track(
        handler=b"vide",
        entry=avc_entry(width, height, stream.sequence_set, stream.picture_set),
        samples=tuple(len(unit).to_bytes(4, "big") + unit for unit in stream.pictures),
        times=times,
        timescale=timescale,
        width=width,
        height=height,
        turned=turned,
    )
    return movie(brand, picture, *([silent_track(duration_ms)] if audio else []))


def timed(duration_ms: int, rate: Fraction) -> tuple[int, tuple[tuple[int, int], ...], int]:
    """Return how many frames there are, when each is shown, and in what unit."""
    frames = max(1, round(duration_ms * rate / 1000))
    total, each = duration_ms * rate.numerator, rate.denominator * 1000
    last = total - each * (frames - 1)
    times = ((frames, each),) if last == each else ((frames - 1, each), (1, last))
    return frames, tuple(run for run in times if run[0]), rate.numerator * 1000
