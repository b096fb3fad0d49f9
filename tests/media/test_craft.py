"""The writers make files that other people's readers open, exactly as large as asked."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from pytest_runway.media.craft.aac import adts, m4a
from pytest_runway.media.craft.clips import clip
from pytest_runway.media.craft.jpeg import jpeg, padded_jpeg
from pytest_runway.media.craft.png import padded_png, png
from pytest_runway.media.craft.sounds import flac, mp3, ogg_opus, wav
from pytest_runway.media.craft.webp import padded_webp, webp
from tests.media.second_opinion import decodes, needs_ffprobe, probed

if TYPE_CHECKING:
    from collections.abc import Callable

SIDES = st.integers(1, 700)
MIB = 1024 * 1024


@pytest.mark.parametrize("write", [png, jpeg, webp])
@given(width=SIDES, height=SIDES)
@settings(max_examples=25)
def test_a_picture_of_any_size_is_decoded_by_pillow(
    write: Callable[..., bytes], width: int, height: int
) -> None:
    image = Image.open(io.BytesIO(write(width, height)))
    image.load()
    assert image.size == (width, height)
    assert image.format == write.__name__.upper()


@pytest.mark.parametrize(
    ("depth", "alpha", "mode"), [(1, False, "1"), (16, False, "I;16"), (8, True, "LA")]
)
def test_a_png_has_the_depth_and_the_alpha_asked_for(depth: int, alpha: bool, mode: str) -> None:
    image = Image.open(io.BytesIO(png(33, 21, bit_depth=depth, alpha=alpha)))
    image.load()
    assert image.mode == mode


@pytest.mark.parametrize(("write", "side"), [(png, 20_000), (jpeg, 20_000), (webp, 16_383)])
def test_a_huge_side_takes_little_room(write: Callable[..., bytes], side: int) -> None:
    data = write(side, side)
    assert len(data) < 2 * MIB
    assert Image.open(io.BytesIO(write(side, 4))).size == (side, 4)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_is_shown_as_its_orientation_says(orientation: int) -> None:
    image = Image.open(io.BytesIO(jpeg(64, 32, orientation=orientation)))
    shown = ImageOps.exif_transpose(image).size
    assert shown == ((64, 32) if orientation < 5 else (32, 64))


@pytest.mark.parametrize(
    "size", [163, 200, 65_535, 65_536, 65_700, 65_701, 65_702, 131_233, 16 * MIB + 1]
)
def test_a_jpeg_is_padded_to_the_byte(size: int) -> None:
    data = padded_jpeg(jpeg(8, 8), size)
    assert len(data) == size
    Image.open(io.BytesIO(data)).load()


@pytest.mark.parametrize("more", [12, 13, 1000, 70_001])
def test_a_png_is_padded_to_the_byte(more: int) -> None:
    plain = png(8, 8)
    data = padded_png(plain, len(plain) + more)
    assert len(data) == len(plain) + more
    Image.open(io.BytesIO(data)).load()


def test_a_webp_is_padded_to_the_byte() -> None:
    data = padded_webp(webp(8, 8), 1000)
    assert len(data) == 1000
    Image.open(io.BytesIO(data)).load()


@pytest.mark.parametrize(
    ("pad", "plain"), [(padded_jpeg, jpeg), (padded_png, png), (padded_webp, webp)]
)
def test_padding_that_does_not_fit_is_refused_by_its_numbers(
    pad: Callable[..., bytes], plain: Callable[..., bytes]
) -> None:
    data = plain(8, 8)
    with pytest.raises(ValueError, match=f"cannot pad .* of {len(data)} bytes to {len(data) + 1}"):
        pad(data, len(data) + 1)


def test_a_wav_has_its_length_to_the_millisecond() -> None:
    with wave.open(io.BytesIO(wav(1234))) as file:
        assert file.getnframes() * 1000 == 1234 * file.getframerate()


CLIPS = {
    "plain.mp4": (clip("mp4", 1280, 720, 5000), 1280, 720, 5000),
    "odd.mov": (clip("mov", 834, 1112, 4321, audio=True, shade=-8), 834, 1112, 4321),
    "small.3gp": (clip("3gp", 176, 144, 1000, fps=5, shade=8), 176, 144, 1000),
    "wide.mp4": (clip("mp4", 8002, 400, 1000, fps=2), 8002, 400, 1000),
}
SOUNDS = {
    "a.wav": (wav(1234), "pcm_s16le", 1234),
    "a.mp3": (mp3(125), "mp3", 3000),
    "a.flac": (flac(12_345), "flac", 12_345),
    "a.m4a": (m4a(12_345), "aac", 12_345),
    "a.aac": (adts(200), "aac", 12_800),
    "a.ogg": (ogg_opus(600), "opus", 12_000),
}


@needs_ffprobe
@pytest.mark.parametrize("name", CLIPS)
def test_a_clip_is_what_ffprobe_says_and_plays_without_a_complaint(name: str) -> None:
    data, width, height, duration_ms = CLIPS[name]
    found = probed(data)
    assert (found.codec, found.width, found.height) == ("h264", width, height)
    assert found.duration_ms == duration_ms
    assert decodes(data)


@needs_ffprobe
@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_is_what_ffprobe_says_and_plays_without_a_complaint(name: str) -> None:
    data, codec, duration_ms = SOUNDS[name]
    found = probed(data)
    assert (found.codec, found.duration_ms) == (codec, duration_ms)
    assert decodes(data)


def test_an_hour_of_4k_is_written_in_a_blink() -> None:
    assert len(clip("mp4", 3840, 2160, 3_600_000, fps=24)) < 3 * MIB
