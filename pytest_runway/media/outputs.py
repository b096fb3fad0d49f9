"""What a task that succeeded gives to download: real files, of the sides and the length asked for.

Pictures of one colour, clips of one grey with or without sound, quiet sounds: small, decodable,
and made in a millisecond. A clip is H.264 whatever the format is called; ProRes and HDR are not
imitated, nor is EXR (a sequence is a ZIP of PNG).
"""

from __future__ import annotations

import io
import zipfile
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from pytest_runway.errors import UsageError
from pytest_runway.media.craft.aac import m4a
from pytest_runway.media.craft.clips import clip
from pytest_runway.media.craft.jpeg import coloured_jpeg
from pytest_runway.media.craft.png import coloured_png
from pytest_runway.media.craft.sounds import MP3_FRAME_MS, OPUS_FRAME_MS, flac, mp3, ogg_opus, wav
from pytest_runway.media.craft.webp import webp

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from pytest_runway.media.facts import Kind

FPS = 24
DEFAULT_SIDES = (1280, 720)
DEFAULT_SECONDS = 5.0
CONTENT_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "zip": "application/zip",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
}
"""How each format is served."""

_WEBP_MAX = 16_383


def render(
    kind: Kind,
    format: str,  # noqa: A002 - the contract's word
    *,
    width: int | None = None,
    height: int | None = None,
    seconds: float | None = None,
    count: int = 1,
    seed: int = 0,
    audio: bool = False,
) -> list[bytes]:
    """Return ``count`` files that differ, the same for the same ``seed``.

    Sides and seconds that are left open are 1280 x 720 and 5; sides of a clip become even. The
    length of a clip, a WAV, a FLAC or an M4A is exact, of an MP3 to 24 ms, of Ogg to 20 ms.

    Raises:
        UsageError: for a format that is not made here; the message names those that are.
    """
    makers: dict[str, Callable[[int], bytes]]
    sides = (width or DEFAULT_SIDES[0], height or DEFAULT_SIDES[1])
    duration_ms = round((DEFAULT_SECONDS if seconds is None else seconds) * 1000)
    if kind == "image":
        makers = _pictures(*sides)
    elif kind == "video":
        makers = _clips(*sides, duration_ms, audio=audio)
    else:
        makers = _sounds(duration_ms)
    if format not in makers:
        raise UsageError(f"no {kind} is made as {format!r}; there are {', '.join(makers)}")
    return [makers[format](seed + number) for number in range(count)]


def _pictures(width: int, height: int) -> dict[str, Callable[[int], bytes]]:
    return {
        "png": lambda seed: coloured_png(width, height, _colour(seed)),
        "jpg": lambda seed: coloured_jpeg(width, height, _levels(seed)),
        "webp": lambda seed: webp(min(width, _WEBP_MAX), min(height, _WEBP_MAX), _colour(seed)),
        "svg": lambda seed: _svg(width, height, _colour(seed)),
    }


def _clips(
    width: int, height: int, duration_ms: int, *, audio: bool
) -> dict[str, Callable[[int], bytes]]:
    even = (width + width % 2, height + height % 2)
    return {
        "mp4": lambda seed: _clip("mp4", *even, duration_ms, _shade(seed), audio),
        "mov": lambda seed: _clip("mov", *even, duration_ms, _shade(seed), audio),
        "zip": lambda seed: _sequence(width, height, duration_ms, _colour(seed)),
    }


def _sounds(duration_ms: int) -> dict[str, Callable[[int], bytes]]:
    return {
        "wav": lambda seed: wav(duration_ms, rate=16_000, hum=8 + seed % 64),
        "mp3": lambda seed: mp3(round(duration_ms / MP3_FRAME_MS), note=f"take {seed}"),
        "flac": lambda seed: flac(duration_ms, level=seed % 1000),
        "m4a": lambda _: m4a(duration_ms),
        "ogg": lambda seed: ogg_opus(round(duration_ms / OPUS_FRAME_MS), title=f"take {seed}"),
    }


@lru_cache(maxsize=32)
def _clip(
    brand: Literal["mp4", "mov"],
    width: int,
    height: int,
    duration_ms: int,
    shade: int,
    audio: bool,
) -> bytes:
    return clip(brand, width, height, duration_ms, fps=FPS, shade=shade, audio=audio)


def _sequence(width: int, height: int, duration_ms: int, colour: tuple[int, int, int]) -> bytes:
    """Return the frames of a clip, as PNG files in a ZIP."""
    frame = coloured_png(width, height, colour)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(max(1, duration_ms * FPS // 1000)):
            named = zipfile.ZipInfo(f"frame_{number:05d}.png")  # its date is always the same
            archive.writestr(named, frame)
    return target.getvalue()


def _svg(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    fill = "#{:02x}{:02x}{:02x}".format(*colour)
    box = f'width="{width}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box}><rect {box} fill="{fill}"/></svg>'.encode()
    )


def _dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - colours, not secrets


def _colour(seed: int) -> tuple[int, int, int]:
    dice = _dice(seed)
    return dice.randrange(256), dice.randrange(256), dice.randrange(256)


def _levels(seed: int) -> tuple[int, int, int]:
    """Return Y, Cb and Cr of a JPEG, each well away from grey."""
    dice = _dice(seed)
    one, two, three = (dice.choice((-1, 1)) * dice.randrange(16, 32) for _ in range(3))
    return one, two, three


def _shade(seed: int) -> int:
    """Return one of fourteen greys, in turn."""
    step = seed % 14
    return step - 8 if step < 7 else step - 5
