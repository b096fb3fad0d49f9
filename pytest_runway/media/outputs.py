"""What a task that succeeded gives to download: real files, of the sides and the length asked for.

Pictures of one colour, clips of one grey with or without sound, quiet sounds: small, decodable,
and made in a millisecond.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from pytest_runway.errors import UsageError
from pytest_runway.media.craft.aac import m4a
from pytest_runway.media.craft.clips import clip
from pytest_runway.media.craft.exr import exr
from pytest_runway.media.craft.jpeg import coloured_jpeg
from pytest_runway.media.craft.masters import HLG, PQ, REC_709, hevc_clip, prores_clip
from pytest_runway.media.craft.png import coloured_png, hdr_png
from pytest_runway.media.craft.sounds import MP3_FRAME_MS, OPUS_FRAME_MS, flac, mp3, ogg_opus, wav
from pytest_runway.media.craft.webp import webp
from pytest_runway.media.sequences import described, zipped

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from pytest_runway.media.craft.exr import Space
    from pytest_runway.media.facts import Kind

    Colours = tuple[int, int, int]
    Maker = Callable[["_Asked", int], bytes]

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
_PRORES = "422 HQ"


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
    coding: str | None = None,
    profile: str | None = None,
    sidecars: tuple[str, ...] = (),
    fps: Fraction | None = None,
) -> list[bytes]:
    """Return ``count`` files that differ, the same for the same ``seed``.

    Sides and seconds that are left open are 1280 x 720 and 5; sides of a clip become even. The
    length of a clip, a WAV, a FLAC or an M4A is exact, of an MP3 to 24 ms, of Ogg to 20 ms.
    ``coding``, a ProRes ``profile`` and ``sidecars`` are the contract's (docs/contract.md);
    without a coding, clips are H.264 and sequences PNG. ``fps`` is 24 where it is left open.

    Raises:
        UsageError: for a format that is not made here, or not coded so; it names those that are.
    """
    asked = _Asked(
        width=width or DEFAULT_SIDES[0],
        height=height or DEFAULT_SIDES[1],
        duration_ms=round((DEFAULT_SECONDS if seconds is None else seconds) * 1000),
        rate=Fraction(FPS if fps is None else fps),
        audio=audio,
        profile=profile or _PRORES,
        sidecars=sidecars,
    )
    maker = _MAKERS[kind].get((format, coding))
    if maker is None:
        there = (f"{each} ({how})" if how else each for each, how in _MAKERS[kind])
        wanted = f"{format!r} ({coding})" if coding else repr(format)
        raise UsageError(f"no {kind} is made as {wanted}; there are {', '.join(there)}")
    return [maker(asked, seed + number) for number in range(count)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    width: int
    height: int
    duration_ms: int
    rate: Fraction
    audio: bool
    profile: str
    sidecars: tuple[str, ...]

    @property
    def even(self) -> tuple[int, int]:
        return self.width + self.width % 2, self.height + self.height % 2

    @property
    def frames(self) -> int:
        return max(1, int(self.duration_ms * self.rate / 1000))


def _webp(asked: _Asked, seed: int) -> bytes:
    return webp(min(asked.width, _WEBP_MAX), min(asked.height, _WEBP_MAX), _colour(seed))


def _h264(brand: Literal["mp4", "mov"]) -> Maker:
    return lambda asked, seed: _clip(
        brand, *asked.even, asked.duration_ms, asked.rate, _shade(seed), asked.audio
    )


def _prores(colour: Colours) -> Maker:
    return lambda asked, seed: prores_clip(
        *asked.even,
        asked.duration_ms,
        profile=asked.profile,
        fps=asked.rate,
        shade=seed % 64 - 32,
        colour=colour,
        audio=asked.audio,
    )


def _hevc(brand: Literal["mp4", "mov"], colour: Colours, *, is_deep: bool = False) -> Maker:
    return lambda asked, seed: hevc_clip(
        brand,
        *asked.even,
        asked.duration_ms,
        fps=asked.rate,
        shade=seed % 13 - 6,
        colour=colour,
        is_deep=is_deep,
        audio=asked.audio,
    )


def _png_frames(asked: _Asked, seed: int) -> bytes:
    frame = coloured_png(asked.width, asked.height, _colour(seed))
    return zipped(asked.frames, "frame_{:05d}.png", frame)


def _hdr_png_frames(asked: _Asked, seed: int) -> bytes:
    red, green, blue = (level * 257 for level in _colour(seed))
    frame = hdr_png(asked.width, asked.height, (red, green, blue))
    beside = described(asked.sidecars, "bt2020", "pq")
    return zipped(asked.frames, "frame_{:05d}.png", frame, beside)


def _exr_frames(space: Space, named: str) -> Maker:
    def make(asked: _Asked, seed: int) -> bytes:
        red, green, blue = (level / 128 for level in _colour(seed))
        frame = exr(asked.width, asked.height, (red, green, blue), space=space)
        beside = described(asked.sidecars, space, "linear")
        if asked.audio:
            beside["audio.wav"] = wav(asked.duration_ms, rate=16_000)
        return zipped(asked.frames, named, frame, beside)

    return make


@lru_cache(maxsize=32)
def _clip(
    brand: Literal["mp4", "mov"],
    width: int,
    height: int,
    duration_ms: int,
    rate: Fraction,
    shade: int,
    audio: bool,
) -> bytes:
    return clip(brand, width, height, duration_ms, fps=rate, shade=shade, audio=audio)


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


_MAKERS: dict[Kind, dict[tuple[str, str | None], Maker]] = {
    "image": {
        ("png", None): lambda a, seed: coloured_png(a.width, a.height, _colour(seed)),
        ("jpg", None): lambda a, seed: coloured_jpeg(a.width, a.height, _levels(seed)),
        ("webp", None): _webp,
        ("svg", None): lambda a, seed: _svg(a.width, a.height, _colour(seed)),
    },
    "video": {
        ("mp4", None): _h264("mp4"),
        ("mov", None): _h264("mov"),
        ("zip", None): _png_frames,
        ("mov", "prores"): _prores(REC_709),
        ("mov", "prores_pq"): _prores(PQ),
        ("mp4", "hevc_10"): _hevc("mp4", REC_709),
        ("mp4", "hevc_pq"): _hevc("mp4", PQ),
        ("mp4", "hevc_hlg"): _hevc("mp4", HLG),
        ("mov", "hevc_pq_12"): _hevc("mov", PQ, is_deep=True),
        ("zip", "png_pq"): _hdr_png_frames,
        ("zip", "exr"): _exr_frames("bt2020", "frame_{:05d}.exr"),
        ("zip", "exr_acescg"): _exr_frames("acescg", "frame.{:04d}.exr"),
    },
    "audio": {
        ("wav", None): lambda a, seed: wav(a.duration_ms, rate=16_000, hum=8 + seed % 64),
        ("mp3", None): lambda a, seed: mp3(
            round(a.duration_ms / MP3_FRAME_MS), note=f"take {seed}"
        ),
        ("flac", None): lambda a, seed: flac(a.duration_ms, level=seed % 1000),
        ("m4a", None): lambda a, _: m4a(a.duration_ms),
        ("ogg", None): lambda a, seed: ogg_opus(
            round(a.duration_ms / OPUS_FRAME_MS), title=f"take {seed}"
        ),
    },
}
