"""Media that Runway takes: pictures, clips and sounds of the sides and the length asked for."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, get_args

from pytest_runway.errors import UsageError
from pytest_runway.media.craft.aac import FRAME_MS as AAC_FRAME_MS
from pytest_runway.media.craft.aac import adts, m4a
from pytest_runway.media.craft.clips import clip
from pytest_runway.media.craft.isobmff import padded_movie
from pytest_runway.media.craft.jpeg import jpeg, padded_jpeg
from pytest_runway.media.craft.png import padded_png, png
from pytest_runway.media.craft.sounds import MP3_FRAME_MS, flac, mp3, wav
from pytest_runway.media.craft.webp import padded_webp, webp
from pytest_runway.media.values import Media

if TYPE_CHECKING:
    from collections.abc import Callable

ImageFormat = Literal["png", "jpeg", "webp"]
VideoFormat = Literal["mp4", "mov", "3gp"]
AudioFormat = Literal["wav", "mp3", "flac", "m4a", "aac"]
IMAGE_FORMATS: tuple[ImageFormat, ...] = get_args(ImageFormat)
VIDEO_FORMATS: tuple[VideoFormat, ...] = get_args(VideoFormat)
AUDIO_FORMATS: tuple[AudioFormat, ...] = get_args(AudioFormat)

GRID_MS = {"wav": 1, "flac": 1, "m4a": 1, "mp3": MP3_FRAME_MS, "aac": AAC_FRAME_MS}
"""Of what a sound's length is a whole number, in milliseconds."""

CONTENT_TYPES = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "3gp": "video/3gpp",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
}
_PICTURES: dict[str, Callable[[int, int], bytes]] = {"png": png, "jpeg": jpeg, "webp": webp}
_SOUNDS: dict[str, Callable[[int], bytes]] = {
    "wav": wav,
    "flac": flac,
    "m4a": m4a,
    "mp3": lambda duration_ms: mp3(duration_ms // MP3_FRAME_MS),
    "aac": lambda duration_ms: adts(duration_ms // AAC_FRAME_MS),
}
_PADDED: dict[str, Callable[[bytes, int], bytes]] = {
    "png": padded_png,
    "jpeg": padded_jpeg,
    "webp": padded_webp,
    "mp4": padded_movie,
    "mov": padded_movie,
    "3gp": padded_movie,
    "m4a": padded_movie,
}


def image(
    format: ImageFormat,  # noqa: A002 - the word for it
    width: int,
    height: int,
    *,
    orientation: int = 1,
    size: int | None = None,
) -> Media:
    """Return a picture of one colour.

    ``orientation`` is EXIF's, for JPEG: from 5 on, width and height change places when it is
    shown. ``size`` is in bytes; it is filled up with comments.
    """
    _need_one_of("image", format, IMAGE_FORMATS)
    if orientation != 1 and format != "jpeg":
        raise UsageError(f"only a JPEG is turned here, not a {format}")
    data = (
        jpeg(width, height, orientation=orientation)
        if format == "jpeg"
        else _PICTURES[format](width, height)
    )
    data = _filled_up(format, data, size)
    call = call_of("image", format, width, height, orientation=(orientation, 1), size=(size, None))
    return Media("image", data, CONTENT_TYPES[format], call)


def video(
    format: VideoFormat,  # noqa: A002 - the word for it
    width: int,
    height: int,
    duration_ms: int,
    *,
    fps: int | str = 24,
    audio: bool = False,
    turned: bool = False,
    size: int | None = None,
) -> Media:
    """Return a clip of one grey, in H.264.

    ``width`` and ``height`` are even, and change places in a ``turned`` clip. ``fps`` may be a
    fraction, ``"30000/1001"``.
    """
    _need_one_of("video", format, VIDEO_FORMATS)
    if width % 2 or height % 2:
        raise UsageError(f"the sides of a clip are even numbers, not {width} x {height}")
    rate = Fraction(fps)
    data = clip(format, width, height, duration_ms, fps=rate, audio=audio, turned=turned)
    options: dict[str, tuple[Any, Any]] = {"fps": (fps, 24), "audio": (audio, False)}
    options |= {"turned": (turned, False), "size": (size, None)}
    call = call_of("video", format, width, height, duration_ms, **options)
    return Media("video", _filled_up(format, data, size), CONTENT_TYPES[format], call)


def audio(
    format: AudioFormat,  # noqa: A002 - the word for it
    duration_ms: int,
    *,
    size: int | None = None,
) -> Media:
    """Return silence. MP3 and AAC come in whole frames, of 24 and 64 ms: see ``GRID_MS``."""
    _need_one_of("audio", format, AUDIO_FORMATS)
    grid = GRID_MS[format]
    if duration_ms % grid:
        raise UsageError(
            f"{format} comes in frames of {grid} ms, and {duration_ms} ms are not whole"
        )
    data = _filled_up(format, _SOUNDS[format](duration_ms), size)
    call = call_of("audio", format, duration_ms, size=(size, None))
    return Media("audio", data, CONTENT_TYPES[format], call)


def call_of(name: str, *positional: Any, **options: tuple[Any, Any]) -> str:
    """Return a call as one would type it; ``options`` are (value, default), left out if equal."""
    words = [repr(value) for value in positional]
    words += [f"{k}={value!r}" for k, (value, default) in options.items() if value != default]
    return f"{name}({', '.join(words)})"


def _need_one_of(kind: str, name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        raise UsageError(f"no {kind} format is called {name!r}; there are {', '.join(known)}")


def _filled_up(name: str, data: bytes, size: int | None) -> bytes:
    if size is None:
        return data
    if name not in _PADDED:
        raise UsageError(f"{name} cannot be filled up to a size; {', '.join(_PADDED)} can")
    try:
        return _PADDED[name](data, size)
    except ValueError as why:
        raise UsageError(str(why)) from None
