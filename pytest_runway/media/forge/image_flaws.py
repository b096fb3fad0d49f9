"""Pictures that are wrong in one way."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pytest_runway.media.craft.jpeg import jpeg, padded_jpeg
from pytest_runway.media.craft.png import padded_png, png
from pytest_runway.media.craft.webp import webp
from pytest_runway.media.forge import known
from pytest_runway.media.forge.flaw import Broken, flaw
from pytest_runway.media.forge.shapes import Frame
from pytest_runway.media.forge.valid import CONTENT_TYPES, IMAGE_FORMATS
from pytest_runway.media.library import sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.media.limits import Limits
    from pytest_runway.media.rules import Transport
    from pytest_runway.media.verdicts import Late, Refusal

_WRITE: dict[str, Callable[[int, int], bytes]] = {"png": png, "jpeg": jpeg, "webp": webp}
_WEBP_MAX = 16_383
_FORMATS = {
    "still.gif": "gif",
    "animated.gif": "gif",
    "rgb.bmp": "bmp",
    "rgb.tiff": "tiff",
    "rgb.avif": "avif",
    "rgb.jp2": "jp2",
    "rgb.ico": "ico",
    "rgb.icns": "icns",
    "rgb.qoi": "qoi",
    "rgb.pdf": "pdf",
    "drawing.svg": "svg",
}


def _broken(format_: str, data: bytes, expected: Refusal | Late) -> Broken:
    return Broken(data=data, content_type=CONTENT_TYPES[format_], expected=expected)


@flaw(
    "image.unsupported_format",
    "a picture in a format that Runway does not take, and that says so",
    sample=tuple(_FORMATS),
)
def _format(_: Limits, transport: Transport, /, **knobs: Any) -> Broken:
    made = sample(knobs["sample"])
    expected = known.wrong_type("image", made.content_type, transport)
    if transport == "upload":  # an upload has no declared type: its content speaks
        expected = known.wrong_content(_FORMATS[made.name])
    return Broken(data=made.data, content_type=made.content_type, expected=expected)


@flaw(
    "image.generic_type",
    "a good picture that is declared as something generic",
    transports=("url",),
    declared=("application/octet-stream", "binary/octet-stream", "text/plain", "image/*"),
)
def _generic(limits: Limits, transport: Transport, /, **knobs: Any) -> Broken:
    expected = known.wrong_type("image", knobs["declared"], transport)
    data = png(*Frame.of(limits).fitting())
    return Broken(data=data, content_type=knobs["declared"], expected=expected)


@flaw(
    "image.mislabelled",
    "a good picture under the name of another good format",
    transports=("url", "data"),
    format=IMAGE_FORMATS,
    declared=("image/jpeg", "image/png", "image/webp"),
)
def _mislabelled(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    format_, declared = knobs["format"], knobs["declared"]
    if CONTENT_TYPES[format_] == declared:  # the next one, so that it is wrong
        declared = {"image/jpeg": "image/png"}.get(declared, "image/jpeg")
    data = _WRITE[format_](*Frame.of(limits).fitting())
    return Broken(data=data, content_type=declared, expected=known.wrong_name(format_, declared))


@flaw(
    "image.no_picture",
    "a page or a note where a picture should be, declared as one",
    transports=("url", "data"),
    content=("<!DOCTYPE html><title>404</title>", '{"error":"not found"}', "404: not found"),
)
def _no_picture(_: Limits, __: Transport, /, **knobs: Any) -> Broken:
    html = knobs["content"].startswith("<")
    expected = known.wrong_content("html") if html else known.unreadable("image")
    return _broken("jpeg", knobs["content"].encode(), expected)


@flaw("image.empty", "no bytes at all", transports=("url",), format=IMAGE_FORMATS)
def _empty(_: Limits, __: Transport, /, **knobs: Any) -> Broken:
    return _broken(knobs["format"], b"", known.unreadable("image"))


@flaw(
    "image.side_too_long",
    "a picture with more pixels on a side than are taken",
    format=IMAGE_FORMATS,
    excess=(1, 2, 192, 12_000),
)
def _side_too_long(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    frame, excess = Frame.of(limits), knobs["excess"]
    if knobs["format"] == "webp":
        excess = min(excess, _WEBP_MAX - frame.greatest)
    width, height = frame.beyond(excess)
    expected = known.side("most", frame.greatest, width, height)
    return _broken(knobs["format"], _WRITE[knobs["format"]](width, height), expected)


@flaw(
    "image.too_many_pixels",
    "a picture of a few kilobytes that is enormous on both sides",
    format=IMAGE_FORMATS,
    side=(16_000, 16_383, 20_000),
)
def _too_many_pixels(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    side = min(knobs["side"], _WEBP_MAX) if knobs["format"] == "webp" else knobs["side"]
    expected = known.side("most", Frame.of(limits).greatest, side, side)
    return _broken(knobs["format"], _WRITE[knobs["format"]](side, side), expected)


@flaw(
    "image.side_too_short",
    "a picture with fewer pixels on a side than are asked for",
    breaks=lambda limits: limits.min_side_px,
    format=IMAGE_FORMATS,
    missing=(1, 2, 100),
)
def _side_too_short(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    frame = Frame.of(limits)
    width, height = frame.below(knobs["missing"])
    expected = known.side("least", frame.least, width, height)
    return _broken(knobs["format"], _WRITE[knobs["format"]](width, height), expected)


@flaw(
    "image.too_narrow",
    "a picture whose width / height is below the window",
    breaks=lambda limits: limits.aspect and limits.aspect[0],
    format=IMAGE_FORMATS,
    missing=(1, 2, 50),
)
def _too_narrow(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    width, height = Frame.of(limits).too_narrow(knobs["missing"])
    expected = known.aspect("least", _end(limits, 0), width, height)
    return _broken(knobs["format"], _WRITE[knobs["format"]](width, height), expected)


@flaw(
    "image.too_wide",
    "a picture whose width / height is above the window",
    breaks=lambda limits: limits.aspect and limits.aspect[1],
    format=IMAGE_FORMATS,
    excess=(1, 2, 50),
)
def _too_wide(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    width, height = Frame.of(limits).too_wide(knobs["excess"])
    expected = known.aspect("most", _end(limits, 1), width, height)
    return _broken(knobs["format"], _WRITE[knobs["format"]](width, height), expected)


@flaw(
    "image.too_narrow_once_turned",
    "a JPEG that is too narrow when it is shown as its EXIF orientation says",
    breaks=lambda limits: limits.aspect and limits.aspect[0],
    orientation=(6, 8, 5, 7),
)
def _too_narrow_once_turned(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    width, height = Frame.of(limits).too_narrow(1)
    expected = known.aspect("least", _end(limits, 0), width, height)
    return _broken("jpeg", jpeg(height, width, orientation=knobs["orientation"]), expected)


@flaw(
    "image.too_many_bytes",
    "a file that is larger than its transport allows",
    transports=("url", "upload"),
    format=("jpeg", "png"),
    excess=(1, 4096),
)
def _too_many_bytes(limits: Limits, transport: Transport, /, **knobs: Any) -> Broken:
    limit = known.max_bytes("image", transport, limits)
    sides = Frame.of(limits).fitting()
    data = _padded(knobs["format"], sides, limit + knobs["excess"])
    return _broken(knobs["format"], data, known.too_big(limit))


@flaw(
    "image.cut",
    "a picture whose header is whole and whose pixels stop halfway",
    format=IMAGE_FORMATS,
    percent=(90, 99, 95),
)
def _cut(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    width, height = Frame.of(limits).fitting()
    if knobs["format"] == "webp":  # the crafted one has no pixels to cut
        data = sample("lossy.webp").data if _takes(limits, 640, 640) else webp(width, height)[:-1]
    else:
        data = _WRITE[knobs["format"]](width, height)
    kept = max(len(data) * knobs["percent"] // 100, len(data) - 100)
    return _broken(knobs["format"], data[: min(kept, len(data) - 2)], known.CUT)


def _takes(limits: Limits, width: int, height: int) -> bool:
    frame = Frame.of(limits)
    low, high = frame.heights(width)
    return frame.least <= width <= frame.greatest and low <= height <= high


def _end(limits: Limits, which: int) -> float:
    assert limits.aspect is not None  # noqa: S101 - the flaw is offered only then
    end = limits.aspect[which]
    assert end is not None  # noqa: S101
    return end


@lru_cache(maxsize=4)
def _padded(format_: str, sides: tuple[int, int], size: int) -> bytes:
    """Return a file filled up to a size; the last few are kept, since a test asks for hundreds."""
    return (padded_png if format_ == "png" else padded_jpeg)(_WRITE[format_](*sides), size)
