"""Outputs are real files of what was asked for."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pytest_runway.contract import load
from pytest_runway.errors import UsageError
from pytest_runway.media.craft.exr import exr
from pytest_runway.media.outputs import CONTENT_TYPES, render
from tests.media.second_opinion import decodes, needs_ffprobe, planes, probed

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
    ("coding", "form", "codec", "pixels", "transfer"),
    [
        ("prores", "mov", "prores", "yuv422p10le", "bt709"),
        ("prores_pq", "mov", "prores", "yuv422p10le", "smpte2084"),
        ("hevc_10", "mp4", "hevc", "yuv420p10le", "bt709"),
        ("hevc_pq", "mp4", "hevc", "yuv420p10le", "smpte2084"),
        ("hevc_hlg", "mp4", "hevc", "yuv420p10le", "arib-std-b67"),
        ("hevc_pq_12", "mov", "hevc", "yuv444p12le", "smpte2084"),
    ],
)
@pytest.mark.parametrize(
    ("width", "height", "seconds", "audio"), [(1280, 720, 2, True), (834, 1112, 1.04, False)]
)
def test_a_clip_is_coded_as_asked_for(
    coding: str,
    form: str,
    codec: str,
    pixels: str,
    transfer: str,
    width: int,
    height: int,
    seconds: float,
    audio: bool,
) -> None:
    sides: Any = {"width": width, "height": height}
    (data,) = render("video", form, coding=coding, seconds=seconds, audio=audio, seed=3, **sides)
    found = probed(data)
    assert (found.codec, found.width, found.height) == (codec, width, height)
    assert (found.pixels, found.transfer) == (pixels, transfer)
    assert (found.duration_ms, found.has_audio) == (seconds * 1000, audio)
    assert decodes(data)


@needs_ffprobe
@pytest.mark.parametrize(
    ("profile", "said", "pixels", "width"),
    [
        ("422 Proxy", "Proxy", "yuv422p10le", 640),
        ("422 LT", "LT", "yuv422p10le", 650),
        ("422", "Standard", "yuv422p10le", 16),
        ("422 HQ", "HQ", "yuv422p10le", 2000),
        ("4444", "4444", "yuv444p12le", 176),
        ("4444 XQ", "XQ", "yuv444p12le", 242),
    ],
)
def test_prores_of_any_profile_and_width_is_one_grey(
    profile: str, said: str, pixels: str, width: int
) -> None:
    sides: Any = {"width": width, "height": 90}
    (data,) = render("video", "mov", coding="prores", profile=profile, seconds=1, seed=40, **sides)
    assert (probed(data).profile, probed(data).pixels) == (said, pixels)
    assert decodes(data)
    luma, blue, red = planes(data, "yuv422p10le")
    assert (len(luma), len(blue), len(red)) == (1, 1, 1)
    assert luma != {512}
    assert blue == red == {512}


@needs_ffprobe
@pytest.mark.parametrize("coding", ["hevc_10", "hevc_pq_12"])
@given(width=st.integers(1, 150), height=st.integers(1, 150), seed=st.integers(0, 12))
@settings(max_examples=8, deadline=None)
def test_hevc_is_one_grey_that_depends_on_its_seed(
    coding: str, width: int, height: int, seed: int
) -> None:
    form = "mov" if coding == "hevc_pq_12" else "mp4"
    sides: Any = {"width": width * 2, "height": height * 2}
    (data,) = render("video", form, coding=coding, seconds=0.1, seed=seed, **sides)
    luma, blue, red = planes(data, "yuv420p10le")
    assert len(luma) == 1
    assert (luma == {512}) is (seed == 6)
    assert blue == red == {512}


@needs_ffprobe
@pytest.mark.parametrize(
    ("coding", "name", "pixels"),
    [
        ("png_pq", "frame_00011.png", "rgb48be"),
        ("exr", "frame_00011.exr", "gbrpf32le"),
        ("exr_acescg", "frame.0011.exr", "gbrpf32le"),
    ],
)
@pytest.mark.parametrize(("width", "height"), [(64, 48), (33, 17), (1, 1), (200, 16)])
def test_a_frame_of_a_sequence_is_decoded(
    coding: str, name: str, pixels: str, width: int, height: int
) -> None:
    sides: Any = {"width": width, "height": height}
    (data,) = render("video", "zip", coding=coding, seconds=0.5, seed=3, **sides)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert len(archive.namelist()) == 12
        frame = archive.read(name)
    found = probed(frame)
    assert (found.width, found.height, found.pixels) == (width, height, pixels)
    assert decodes(frame)
    assert [len(plane) for plane in planes(frame, "gbrp16le")] == [1, 1, 1]


@needs_ffprobe
def test_the_colours_of_a_frame_are_where_they_belong() -> None:
    frame = exr(40, 20, (0.75, 0.25, 0.5), space="bt2020")
    green, blue, red = planes(frame, "gbrpf32le")
    assert (red, green, blue) == ({0.75}, {0.25}, {0.5})


@needs_ffprobe
def test_hdr10_says_how_bright_it_is() -> None:
    (data,) = render("video", "mp4", coding="hevc_pq", seconds=0.2)
    kinds = {each["side_data_type"] for each in probed(data).side_data}
    assert {"Mastering display metadata", "Content light level metadata"} <= kinds


@needs_ffprobe
@pytest.mark.parametrize("rate", [24, 50, Fraction(24_000, 1001), Fraction(60_000, 1001)])
def test_frames_are_as_many_a_second_as_asked_for(rate: Fraction | int) -> None:
    (data,) = render("video", "mp4", fps=Fraction(rate), seconds=2, width=64, height=64)
    assert probed(data).frame_rate == rate
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


def _outputs() -> set[tuple[Any, ...]]:
    """Every kind, format, coding and usual profile that any variant gives."""
    found = set()
    for operation in load().operations:
        for variant in operation.variants:
            output = variant.output
            maps = [
                output.get(key, {}).get("map", {}) for key in ("formats", "codings", "profiles")
            ]
            for asked in {None, *(key for each in maps for key in each)} if output else ():
                form, coding, profile = (each.get(asked) for each in maps)
                found.add((output["kind"], form or output["format"], coding, profile))
    return found


@pytest.mark.parametrize(
    ("kind", "form", "coding", "profile"),
    sorted(_outputs(), key=repr),
)
def test_everything_that_a_model_gives_is_made(
    kind: Kind, form: str, coding: str | None, profile: str | None
) -> None:
    (data,) = render(kind, form, coding=coding, profile=profile, width=64, height=64, seconds=1)
    assert data
    assert form in CONTENT_TYPES


def test_a_format_that_is_not_made_is_said() -> None:
    with pytest.raises(UsageError, match="no video is made as 'avi'; there are mp4, mov, zip"):
        render("video", "avi")
    with pytest.raises(
        UsageError, match=r"no video is made as 'mp4' \(exr\); there are .*zip \(exr\)"
    ):
        render("video", "mp4", coding="exr")


def test_the_grey_of_a_clip_depends_on_its_seed() -> None:
    assert len({render("video", "mp4", width=64, height=64, seed=s)[0] for s in range(14)}) == 14


def test_exact_fractions_of_seconds_survive() -> None:
    (data,) = render("audio", "wav", seconds=float(Fraction(1, 8)))
    assert len(data) == 44 + 2 * 2000
