"""What is read from a file agrees with what others read from it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from pytest_runway.media.craft.clips import clip
from pytest_runway.media.craft.jpeg import jpeg, padded_jpeg
from pytest_runway.media.craft.png import padded_png, png
from pytest_runway.media.craft.webp import webp
from pytest_runway.media.library import sample, samples
from pytest_runway.media.reading import read

if TYPE_CHECKING:
    from pytest_runway.media.facts import Facts

GOOD_PICTURES = samples("image", verdict="accepted")
GOOD_CLIPS = samples("video", verdict="accepted")
GOOD_SOUNDS = samples("audio", verdict="accepted")
FFPROBE_NAMES = {"h265": "hevc", "mpeg2": "mpeg2video", "msmpeg4v3": "msmpeg4v3"}
CONTAINERS = {
    ".3gp": "3gp",
    ".aac": "aac",
    ".avi": "avi",
    ".flac": "flac",
    ".flv": "flv",
    ".m4a": "m4a",
    ".mkv": "mkv",
    ".mov": "mov",
    ".mp3": "mp3",
    ".mp4": "mp4",
    ".mpg": "mpeg",
    ".ogv": "ogg",
    ".wav": "wav",
    ".webm": "webm",
}


def facts_of(data: bytes) -> Facts:
    found = read(data)
    assert found is not None
    return found


@pytest.mark.parametrize("name", GOOD_PICTURES)
def test_a_picture_is_as_large_as_pillow_shows_it(name: str) -> None:
    data = sample(name).data
    found = facts_of(data)
    with Image.open(io.BytesIO(data)) as image:
        assert (found.width, found.height) == ImageOps.exif_transpose(image).size
        assert found.container == {"MPO": "jpeg"}.get(image.format or "", str(image.format).lower())
    assert found.complete


@pytest.mark.parametrize("name", ["animated.png", "animated.webp"])
def test_the_frames_of_an_animation_are_counted(name: str) -> None:
    assert facts_of(sample(name).data).frames == 3


@pytest.mark.parametrize("name", GOOD_CLIPS)
def test_a_clip_is_what_ffprobe_said_when_it_was_made(name: str) -> None:
    made, found = sample(name), facts_of(sample(name).data)
    codec = FFPROBE_NAMES.get(found.codec, found.codec)
    assert found.kind == "video"
    assert found.container == CONTAINERS[name[name.rindex(".") :]]
    assert codec == made.facts["codec"]
    assert (found.width, found.height) == (made.facts["width"], made.facts["height"])
    assert found.has_audio == made.facts["has_audio"]
    length_ms = made.facts.get("duration_ms", 4000)  # ffprobe does not know it of a live one
    assert found.duration_ms == pytest.approx(length_ms, abs=410)  # two frames
    frames, seconds = map(int, made.facts["frame_rate"].split("/"))
    assert not seconds or found.frame_rate == pytest.approx(frames / seconds, rel=0.01)


@pytest.mark.parametrize("name", GOOD_SOUNDS)
def test_a_sound_is_what_ffprobe_said_when_it_was_made(name: str) -> None:
    made, found = sample(name), facts_of(sample(name).data)
    assert found.kind == "audio"
    assert found.container == CONTAINERS[name[name.rindex(".") :]]
    assert found.codec == ("pcm" if name.endswith(".wav") else made.facts["codec"])
    assert found.duration_ms == pytest.approx(made.facts["duration_ms"], abs=200)


@pytest.mark.parametrize("name", samples(verdict="late"))
def test_a_file_that_was_cut_is_not_complete(name: str) -> None:
    assert not facts_of(sample(name).data).complete


@pytest.mark.parametrize("name", ["trailing.jpg", "png_and_html.png"])
def test_bytes_after_the_end_do_not_matter(name: str) -> None:
    assert facts_of(sample(name).data).complete


@pytest.mark.parametrize(
    ("name", "container"),
    [
        ("still.gif", "gif"),
        ("rgb.bmp", "bmp"),
        ("rgb.tiff", "tiff"),
        ("rgb.avif", "avif"),
        ("rgb.jp2", "jp2"),
        ("rgb.ico", "ico"),
        ("rgb.pdf", "pdf"),
        ("drawing.svg", "svg"),
        ("page_named.jpg", "html"),
    ],
)
def test_other_pictures_and_texts_are_named(name: str, container: str) -> None:
    assert facts_of(sample(name).data).container == container


def test_heic_is_named_by_its_brand() -> None:
    assert facts_of(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64)).container == "heic"


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"RIFF", bytes(4096), b"{}"])
def test_what_is_no_media_has_no_facts(data: bytes) -> None:
    assert read(data) is None


def test_a_clip_laid_on_its_side_is_as_large_as_it_is_shown() -> None:
    found = facts_of(clip("mp4", 1280, 720, 1000, turned=True))
    assert (found.width, found.height) == (720, 1280)


def test_a_bomb_is_read_from_its_header() -> None:
    assert facts_of(png(20_000, 20_000)).width == 20_000
    assert facts_of(webp(16_383, 16_383)).height == 16_383
    assert facts_of(jpeg(65_535, 64)).width == 65_535


@given(width=st.integers(1, 65_535), height=st.integers(1, 65_535), turn=st.integers(1, 8))
@settings(max_examples=50)
def test_any_header_is_read_as_it_was_written(width: int, height: int, turn: int) -> None:
    start = jpeg(8, 8, orientation=turn)
    at = start.index(b"\xff\xc0") + 5
    data = start[:at] + height.to_bytes(2, "big") + width.to_bytes(2, "big") + start[at + 4 :]
    found = facts_of(data)
    assert (found.width, found.height) == ((width, height) if turn < 5 else (height, width))


def test_a_jpeg_without_its_end_is_found_behind_a_thumbnail_that_has_one() -> None:
    thumbnail = jpeg(8, 8)
    holder = b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail
    whole = jpeg(64, 64)
    cut = whole[:2] + holder + whole[2:-2]
    assert not facts_of(cut).complete


def test_an_end_far_before_the_last_byte_is_found() -> None:
    assert facts_of(jpeg(64, 64) + bytes(100_000)).complete


@pytest.mark.parametrize("parts", [1, 300])
def test_a_file_of_many_parts_is_read_to_its_end(parts: int) -> None:
    data = png(64, 64)
    for _ in range(parts):
        data = padded_png(data, len(data) + 12)
    assert facts_of(data).complete


def test_a_jpeg_of_sixteen_megabytes_of_comments_is_read() -> None:
    assert facts_of(padded_jpeg(jpeg(640, 480), 16 * 1024 * 1024)).width == 640


def test_a_header_that_claims_four_gigabytes_is_not_believed() -> None:
    data = clip("mp4", 64, 64, 1000)
    found = read(data + b"\xff\xff\xff\xfffree")
    assert found is not None
    assert not found.complete


def test_boxes_in_boxes_in_boxes_end() -> None:
    nested = b""
    for _ in range(2000):
        nested = (len(nested) + 8).to_bytes(4, "big") + b"moov" + nested
    assert read(b"\0\0\0\x14ftypisom\0\0\0\0isom" + nested) is None
