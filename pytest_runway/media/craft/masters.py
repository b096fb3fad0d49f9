"""Clips for the grading room: ProRes, and HEVC of 10 and 12 bits, in SDR and HDR."""

from __future__ import annotations

from fractions import Fraction
from struct import pack
from typing import TYPE_CHECKING

from pytest_runway.media.craft import hevc, prores
from pytest_runway.media.craft.aac import silent_track
from pytest_runway.media.craft.clips import timed
from pytest_runway.media.craft.isobmff import Track, box, colour_box, movie, picture_entry

if TYPE_CHECKING:
    from pytest_runway.media.craft.isobmff import Brand

REC_709, PQ, HLG = (1, 1, 1), (9, 16, 9), (9, 18, 9)
"""Primaries, transfer and matrix (ITU-T H.273): BT.709, and BT.2020 with PQ or HLG."""

# SMPTE ST 2086 of a grading monitor: corners of BT.2020 (green, blue, red, white), 1000 and 0.0001
# candela; then the brightest pixel and the brightest frame.
_MASTERED = pack(">8HII", 8500, 39850, 6550, 2300, 35400, 14600, 15635, 16450, 10_000_000, 1)
_LIGHT = pack(">HH", 1000, 400)


def prores_clip(
    width: int,
    height: int,
    duration_ms: int,
    *,
    profile: str,
    fps: Fraction | int = 24,
    shade: int = 0,
    colour: tuple[int, int, int] = REC_709,
    audio: bool = False,
) -> bytes:
    """Return a MOV of one even grey in ProRes; ``profile`` is ``422 HQ``, ``4444``, …"""
    entry = picture_entry(prores.PROFILES[profile], width, height, colour_box("mov", colour))
    frame = prores.frame(width, height, profile, shade=shade, colour=colour)
    return _movie("mov", (width, height), entry, frame, duration_ms, Fraction(fps), audio=audio)


def hevc_clip(
    brand: Brand,
    width: int,
    height: int,
    duration_ms: int,
    *,
    fps: Fraction | int = 24,
    shade: int = 0,
    colour: tuple[int, int, int] = REC_709,
    is_deep: bool = False,
    audio: bool = False,
) -> bytes:
    """Return a clip of one even grey in HEVC: 10 bits or, where it ``is_deep``, 12 and 4:4:4.

    ``width`` and ``height`` are even. With PQ it says how bright it is (HDR10).
    """
    made = hevc.picture(width, height, is_deep=is_deep, colour=colour, shade=shade)
    boxes = [box(b"hvcC", made.config), colour_box(brand, colour)]
    if colour == PQ:
        boxes += [box(b"mdcv", _MASTERED), box(b"clli", _LIGHT)]
    entry = picture_entry(b"hvc1", width, height, *boxes)
    sample = pack(">I", len(made.unit)) + made.unit
    return _movie(brand, (width, height), entry, sample, duration_ms, Fraction(fps), audio=audio)


def _movie(
    brand: Brand,
    sides: tuple[int, int],
    entry: bytes,
    sample: bytes,
    duration_ms: int,
    rate: Fraction,
    *,
    audio: bool,
) -> bytes:
    frames, times, timescale = timed(duration_ms, rate)
    track = Track(
        handler=b"vide",
        entry=entry,
        samples=(sample,),
        times=times,
        timescale=timescale,
        width=sides[0],
        height=sides[1],
        repeats=frames,
    )
    return movie(brand, track, *([silent_track(duration_ms)] if audio else []))
