"""Outputs are real files of what was asked for."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pytest_runway.contract import load
from pytest_runway.errors import UsageError
from pytest_runway.media.outputs import CONTENT_TYPES, render
from tests.media.second_opinion import decodes, needs_ffprobe, probed

if TYPE_CHECKING:
    from pytest_runway.media.facts import Kind


@pytest.mark.parametrize("form", ["png", "jpg", "webp"])
@given(width=st.integers(1, 400), height=st.integers(1, 400), seed=st.integers(0, 10_000))
@settings(max_examples=30)
def test_a_picture_is_decoded_in_the_sides_asked_for(
    form: str, width: int, height: int, seed: int
) -> None:
    (data,) = render("image", form, width=width, height=height, seed=seed)
    image = Image.open(io.BytesIO(data))
    image.load()
    assert image.size == (width, height)
    assert image.mode == "RGB"
    assert len(set(image.resize((5, 5), Image.Resampling.NEAREST).getcolors() or [])) == 1


@pytest.mark.parametrize(("width", "height"), [(11_712, 1408), (4096, 4096), (2928, 352)])
def test_the_largest_pictures_of_the_contract_are_whole(width: int, height: int) -> None:
    (data,) = render("image", "png", width=width, height=height, seed=3)
    image = Image.open(io.BytesIO(data))
    image.load()  # checks the checksums
    assert image.size == (width, height)


def test_a_vector_picture_has_the_sides_asked_for() -> None:
    (data,) = render("image", "svg", width=1344, height=768)
    drawing = ET.fromstring(data)  # noqa: S314 - our own
    assert (drawing.get("width"), drawing.get("height")) == ("1344", "768")


@needs_ffprobe
@pytest.mark.parametrize("form", ["mp4", "mov"])
@pytest.mark.parametrize("audio", [False, True])
@pytest.mark.parametrize(
    ("width", "height", "seconds"), [(1280, 720, 5), (832, 1104, 2), (1470, 630, 4.2)]
)
def test_a_clip_plays_in_the_ratio_and_for_the_time_asked_for(
    form: str, audio: bool, width: int, height: int, seconds: float
) -> None:
    (data,) = render("video", form, width=width, height=height, seconds=seconds, audio=audio)
    found = probed(data)
    assert (found.codec, found.width, found.height) == ("h264", width, height)
    assert found.duration_ms == seconds * 1000
    assert found.has_audio is audio
    assert decodes(data)


@needs_ffprobe
@pytest.mark.parametrize(
    ("form", "codec", "slack_ms"),
    [("wav", "pcm_s16le", 0), ("flac", "flac", 0), ("m4a", "aac", 0), ("mp3", "mp3", 24)],
)
def test_a_sound_plays_for_the_time_asked_for(form: str, codec: str, slack_ms: int) -> None:
    (data,) = render("audio", form, seconds=7.25)
    found = probed(data)
    assert found.codec == codec
    assert abs(found.duration_ms - 7250) <= slack_ms
    assert decodes(data)


@needs_ffprobe
def test_opus_plays_for_the_time_asked_for() -> None:
    (data,) = render("audio", "ogg", seconds=7.25)
    found = probed(data)
    assert (found.codec, "ogg" in found.formats) == ("opus", True)
    assert abs(found.duration_ms - 7250) <= 20
    assert decodes(data)


def test_a_sequence_has_a_picture_for_each_frame() -> None:
    (data,) = render("video", "zip", width=64, height=48, seconds=2)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert len(archive.namelist()) == 48
        assert archive.testzip() is None
        assert Image.open(io.BytesIO(archive.read("frame_00047.png"))).size == (64, 48)


@pytest.mark.parametrize(
    ("kind", "form"),
    [("image", "png"), ("image", "jpg"), ("video", "mp4"), ("audio", "mp3"), ("audio", "wav")],
)
def test_several_outputs_differ_and_the_same_seed_gives_the_same(kind: Kind, form: str) -> None:
    several = render(kind, form, seconds=1, count=4, seed=7)
    assert len(set(several)) == 4
    assert render(kind, form, seconds=1, count=4, seed=7) == several
    assert render(kind, form, seconds=1, seed=8) == several[1:2]


def test_what_is_left_open_is_720p_for_five_seconds() -> None:
    assert Image.open(io.BytesIO(render("image", "webp")[0])).size == (1280, 720)
    assert render("video", "mp4") == render("video", "mp4", width=1280, height=720, seconds=5)


def test_an_odd_side_of_a_clip_becomes_even() -> None:
    assert render("video", "mp4", width=853, height=480) == render(
        "video", "mp4", width=854, height=480
    )


OUTPUTS = {
    (output["kind"], form)
    for operation in load().operations
    for variant in operation.variants
    if (output := variant.output)
    for form in (output["format"], *output.get("formats", {}).get("map", {}).values())
}


@pytest.mark.parametrize(("kind", "form"), sorted(OUTPUTS))
def test_everything_that_a_model_gives_is_made(kind: Kind, form: str) -> None:
    (data,) = render(kind, form, width=64, height=64, seconds=1)
    assert data
    assert form in CONTENT_TYPES


def test_a_format_that_is_not_made_is_said() -> None:
    with pytest.raises(UsageError, match="no video is made as 'avi'; there are mp4, mov, zip"):
        render("video", "avi")


def test_the_grey_of_a_clip_depends_on_its_seed() -> None:
    assert len({render("video", "mp4", width=64, height=64, seed=s)[0] for s in range(14)}) == 14


def test_exact_fractions_of_seconds_survive() -> None:
    (data,) = render("audio", "wav", seconds=float(Fraction(1, 8)))
    assert len(data) == 44 + 2 * 2000
