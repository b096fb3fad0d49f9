"""Clips that are wrong in one way."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pytest_runway.media.craft.aac import m4a
from pytest_runway.media.craft.clips import clip
from pytest_runway.media.craft.isobmff import padded_movie
from pytest_runway.media.forge import known
from pytest_runway.media.forge.flaw import Broken, flaw
from pytest_runway.media.forge.shapes import Frame, length_ms
from pytest_runway.media.forge.valid import CONTENT_TYPES, VIDEO_FORMATS
from pytest_runway.media.library import sample

if TYPE_CHECKING:
    from pytest_runway.media.craft.isobmff import Brand
    from pytest_runway.media.limits import Limits
    from pytest_runway.media.rules import Transport
    from pytest_runway.media.verdicts import Late, Refusal

_CODECS = {
    "mpeg4.mp4": ("mp4", "mpeg4"),
    "vp9.mp4": ("mp4", "vp9"),
    "mjpeg.mp4": ("mp4", "mjpeg"),
    "mpeg2.mp4": ("mp4", "mpeg2"),
    "mpeg4.mov": ("mov", "mpeg4"),
    "qtrle.mov": ("mov", "rle"),
    "png.mov": ("mov", "png"),
    "mpeg4.3gp": ("3gp", "mpeg4"),
    "theora.mkv": ("mkv", "theora"),
    "mpeg4.mkv": ("mkv", "mpeg4"),
    "mpeg4.avi": ("avi", "mpeg4"),
    "wmv2.avi": ("avi", "wmv2"),
    "flv1.avi": ("avi", "flv1"),
    "flashsv.flv": ("flv", "flashsv"),
    "mpeg1.mpg": ("mpeg", "mpeg1"),
}
_CONTAINERS = {
    "wmv2.wmv": "asf",
    "h264.ts": "mpeg-ts",
    "rv20.rm": "rm",
    "mpeg2.mxf": "mxf",
    "vp9.ivf": "ivf",
    "h264.h264": "h264",
}
_MISLABELLED = {
    "vp9.webm": ("webm", "video/mp4"),
    "h264.mp4": ("mp4", "video/webm"),
    "h264.mkv": ("mkv", "video/quicktime"),
    "theora.ogv": ("ogg", "video/mp4"),
    "h264.avi": ("avi", "video/mp4"),
}


def _clip(
    limits: Limits,
    format_: Brand,
    expected: Refusal | Late,
    *,
    sides: tuple[int, int] | None = None,
    duration_ms: int | None = None,
    fps: int = 24,
) -> Broken:
    """Return a clip that is right for a field but for what is given."""
    width, height = sides or Frame.of(limits).fitting(even=True)
    length = duration_ms or length_ms(limits)
    data = clip(format_, width, height, length, fps=fps)
    return Broken(data=data, content_type=CONTENT_TYPES[format_], expected=expected)


@flaw(
    "video.unsupported_codec",
    "a clip in an accepted container with a codec that does not go into it",
    sample=tuple(_CODECS),
)
def _codec(_: Limits, __: Transport, /, **knobs: Any) -> Broken:
    made = sample(knobs["sample"])
    expected = known.wrong_codec(*_CODECS[made.name])
    return Broken(data=made.data, content_type=made.content_type, expected=expected)


@flaw(
    "video.unsupported_container",
    "a clip in a container that Runway does not take, and that says so",
    sample=tuple(_CONTAINERS),
)
def _container(_: Limits, transport: Transport, /, **knobs: Any) -> Broken:
    made = sample(knobs["sample"])
    expected = known.wrong_type("video", made.content_type, transport)
    if transport == "upload":
        expected = known.wrong_content(_CONTAINERS[made.name])
    return Broken(data=made.data, content_type=made.content_type, expected=expected)


@flaw(
    "video.mislabelled",
    "a good clip under the name of another good container",
    transports=("url", "data"),
    sample=tuple(_MISLABELLED),
)
def _mislabelled(_: Limits, __: Transport, /, **knobs: Any) -> Broken:
    made = sample(knobs["sample"])
    container, declared = _MISLABELLED[made.name]
    expected = known.wrong_name(container, declared)
    return Broken(data=made.data, content_type=declared, expected=expected)


@flaw("video.sound_only", "an MP4 that holds a sound and no pictures", duration_ms=(5000, 12_000))
def _sound_only(_: Limits, __: Transport, /, **knobs: Any) -> Broken:
    data = m4a(knobs["duration_ms"])
    return Broken(data=data, content_type="video/mp4", expected=known.wrong_content("m4a"))


@flaw(
    "video.no_index",
    "an MP4 that was cut before its index, as an upload that broke off",
    transports=("url", "data"),
    missing=(1, 500),
)
def _no_index(_: Limits, __: Transport, /, **knobs: Any) -> Broken:
    made = sample("av1.mp4")  # its index stands at its end
    data = made.data[: -knobs["missing"]]
    return Broken(data=data, content_type="video/mp4", expected=known.unreadable("video"))


@flaw(
    "video.side_too_long",
    "a clip with more pixels on a side than are taken",
    format=VIDEO_FORMATS,
    excess=(2, 192),
)
def _side_too_long(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    frame = Frame.of(limits)
    sides = frame.beyond(knobs["excess"], even=True)
    return _clip(limits, knobs["format"], known.side("most", frame.greatest, *sides), sides=sides)


@flaw(
    "video.side_too_short",
    "a clip with fewer pixels on a side than are asked for",
    breaks=lambda limits: limits.min_side_px,
    format=VIDEO_FORMATS,
    missing=(1, 2, 50),
)
def _side_too_short(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    frame = Frame.of(limits)
    sides = frame.below(knobs["missing"], even=True)
    return _clip(limits, knobs["format"], known.side("least", frame.least, *sides), sides=sides)


@flaw(
    "video.too_narrow",
    "a clip whose width / height is below the window",
    breaks=lambda limits: limits.aspect and limits.aspect[0],
    format=VIDEO_FORMATS,
    missing=(1, 2, 50),
)
def _too_narrow(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    sides = Frame.of(limits).too_narrow(knobs["missing"], even=True)
    expected = known.aspect("least", _first(limits.aspect), *sides)
    return _clip(limits, knobs["format"], expected, sides=sides)


@flaw(
    "video.too_wide",
    "a clip whose width / height is above the window",
    breaks=lambda limits: limits.aspect and limits.aspect[1],
    format=VIDEO_FORMATS,
    excess=(1, 2, 50),
)
def _too_wide(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    sides = Frame.of(limits).too_wide(knobs["excess"], even=True)
    expected = known.aspect("most", _last(limits.aspect), *sides)
    return _clip(limits, knobs["format"], expected, sides=sides)


@flaw(
    "video.too_short",
    "a clip that is shorter than is asked for",
    breaks=lambda limits: limits.seconds and limits.seconds[0],
    format=VIDEO_FORMATS,
    missing_ms=(1, 500),
)
def _too_short(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    least = _first(limits.seconds)
    duration_ms = round(least * 1000) - knobs["missing_ms"]
    return _clip(limits, knobs["format"], known.too_short(least), duration_ms=duration_ms)


@flaw(
    "video.too_long",
    "a clip that is longer than is taken",
    breaks=lambda limits: limits.seconds and limits.seconds[1],
    format=VIDEO_FORMATS,
    excess_ms=(1, 1000, 60_000),
)
def _too_long(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    most = _last(limits.seconds)
    duration_ms = round(most * 1000) + knobs["excess_ms"]
    return _clip(limits, knobs["format"], known.too_long(most), duration_ms=duration_ms)


@flaw(
    "video.too_fast",
    "a clip of more frames a second than are taken",
    breaks=lambda limits: limits.max_fps,
    format=VIDEO_FORMATS,
    excess=(1, 20, 30),
)
def _too_fast(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    assert limits.max_fps is not None  # noqa: S101 - the flaw is offered only then
    fps = int(limits.max_fps) + knobs["excess"]
    return _clip(limits, knobs["format"], known.too_fast(limits.max_fps), fps=fps)


@flaw(
    "video.too_many_bytes",
    "a file that is larger than its transport allows",
    transports=("url", "upload"),
    format=VIDEO_FORMATS,
    excess=(1, 4096),
)
def _too_many_bytes(limits: Limits, transport: Transport, /, **knobs: Any) -> Broken:
    limit = known.max_bytes("video", transport, limits)
    small = _clip(limits, knobs["format"], known.too_big(limit))
    data = _padded(small.data, limit + knobs["excess"])
    return Broken(data=data, content_type=small.content_type, expected=small.expected)


@flaw(
    "video.cut",
    "a clip whose index is whole and whose pictures stop halfway",
    format=VIDEO_FORMATS,
    missing=(1, 100),
)
def _cut(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    whole = _clip(limits, knobs["format"], known.CUT)
    data = whole.data[: -knobs["missing"]]
    return Broken(data=data, content_type=whole.content_type, expected=known.CUT)


def _first(window: tuple[float | None, float | None] | None) -> float:
    assert window is not None  # noqa: S101 - the flaw is offered only then
    assert window[0] is not None  # noqa: S101
    return window[0]


def _last(window: tuple[float | None, float | None] | None) -> float:
    assert window is not None  # noqa: S101 - the flaw is offered only then
    assert window[1] is not None  # noqa: S101
    return window[1]


@lru_cache(maxsize=2)
def _padded(data: bytes, size: int) -> bytes:
    """Return a file filled up to a size; the last are kept, since a test asks for hundreds."""
    return padded_movie(data, size)
