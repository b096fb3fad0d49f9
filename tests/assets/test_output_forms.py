"""Outputs have the format, the coding, the sides, the length and the number that were asked for."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from PIL import Image
from runwayml import RunwayML

from pytest_runway import FakeRunway
from pytest_runway.media import forge
from tests.assets.downloading import facts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.media import Media

UUID = r"[0-9a-f-]{36}"
HOST = "https://dnznrvs05pmza.cloudfront.net"
CLIP = "https://assets.example/clip"
PICTURE = "https://assets.example/picture"


@pytest.fixture(autouse=True)
def runway() -> Iterator[FakeRunway]:
    with FakeRunway() as fake:
        yield fake


def finished(operation: str, **body: Any) -> Any:
    told: Any = RunwayML().post(f"/v1/{operation}", body=body, cast_to=object)
    return RunwayML().tasks.retrieve(told["id"]).wait_for_task_output()


def put(runway: FakeRunway, url: str, media: Media) -> str:
    runway.web.put(url, media.data, content_type=media.content_type)
    return url


def gen45(**more: Any) -> Any:
    body = {"model": "gen4.5", "promptText": "x", "ratio": "1280:720", "duration": 3, **more}
    return finished("text_to_video", **body)


@pytest.mark.parametrize(
    ("asked", "container", "codec"),
    [
        ({}, "mp4", "h264"),
        ({"outputFormat": "prores"}, "mov", "prores"),
        ({"outputFormat": "hdr_prores"}, "mov", "prores"),
        ({"outputFormat": "hdr10"}, "mp4", "h265"),
        ({"outputFormat": "hlg"}, "mp4", "h265"),
        ({"outputFormat": "sdr_rec709_10bit"}, "mp4", "h265"),
        ({"outputFormat": "hdr_pq_12bit_master"}, "mov", "h265"),
    ],
)
def test_a_clip_is_coded_as_asked_for(asked: dict[str, Any], container: str, codec: str) -> None:
    task = gen45(**asked)
    assert re.fullmatch(rf"{HOST}/gen4\.5/{UUID}/output_0\.{container}\?_jwt=.+", task.output[0])
    facts = facts_of(task)
    assert (facts.container, facts.codec) == (container, codec)
    assert (facts.width, facts.height, facts.duration_ms, facts.frames) == (1280, 720, 3000, 72)


@pytest.mark.parametrize(
    ("asked", "fourcc"),
    [
        ({"outputFormat": "prores"}, b"ap4h"),
        ({"outputFormat": "prores", "proresProfile": "422 LT"}, b"apcs"),
        ({"outputFormat": "hdr_prores"}, b"apch"),
        ({"outputFormat": "hdr_prores", "proresProfile": "422"}, b"apcn"),
    ],
)
def test_prores_has_the_profile_asked_for(asked: dict[str, Any], fourcc: bytes) -> None:
    assert fourcc in httpx.get(gen45(**asked).output[0]).content[:1000]


@pytest.mark.parametrize(
    ("asked", "first", "beside"),
    [
        ("png_sequence", "frame_00000.png", set()),
        ("hdr_png_sequence", "frame_00000.png", {"colorimetry.json"}),
        ("hdr_exr_sequence", "frame_00000.exr", {"colorimetry.json"}),
        ("hdr_exr_acescg_sequence_1_3", "frame.0000.exr", {"colorimetry.json"}),
    ],
)
def test_a_sequence_holds_the_frames_asked_for(asked: str, first: str, beside: set[str]) -> None:
    (url,) = gen45(outputFormat=asked).output
    with zipfile.ZipFile(io.BytesIO(httpx.get(url).content)) as archive:
        names = archive.namelist()
        frame = archive.read(first)
    assert len(names) - len(beside) == 72
    assert {name for name in names if name.endswith(".json")} == beside
    assert frame.startswith(b"\x89PNG" if first.endswith("png") else b"\x76\x2f\x31\x01")


def test_hdr_is_made_of_a_clip_as_large_and_as_long(runway: FakeRunway) -> None:
    source = forge.video("mp4", 852, 480, 2500, audio=True)
    url = put(runway, CLIP, source)
    facts = facts_of(finished("video_to_hdr", model="ruby", videoUri=url))
    assert (facts.codec, facts.width, facts.height) == ("h265", 852, 480)
    assert (facts.duration_ms, facts.has_audio) == (2500, True)
    exr = {"outputFormat": "hdr_exr_sequence"}
    (link,) = finished("video_to_hdr", model="ruby", videoUri=url, **exr).output
    with zipfile.ZipFile(io.BytesIO(httpx.get(link).content)) as archive:
        beside = set(archive.namelist()[60:])
    assert beside == {"colorimetry.json", "provenance.json", "audio.wav"}


@pytest.mark.parametrize(
    ("asked", "times"), [({}, 2), ({"scaleFactor": 4}, 4), ({"scaleFactor": 16}, 16)]
)
def test_an_upscaled_picture_is_so_many_times_as_large(
    runway: FakeRunway, asked: dict[str, Any], times: int
) -> None:
    url = put(runway, PICTURE, forge.image("jpeg", 300, 200, orientation=6))
    upscaler = "magnific_precision_upscaler_v2"
    task = finished("image_upscale", model=upscaler, imageUri=url, **asked)
    picture = Image.open(io.BytesIO(httpx.get(task.output[0]).content))
    assert picture.size == (200 * times, 300 * times)  # as it is shown


def test_an_upscaled_picture_stops_at_16_384_pixels(runway: FakeRunway) -> None:
    url = put(runway, PICTURE, forge.image("png", 8000, 400))
    upscaler = "magnific_precision_upscaler_v2"
    facts = facts_of(finished("image_upscale", model=upscaler, imageUri=url, scaleFactor=16))
    assert (facts.width, facts.height) == (16_384, 819)


@pytest.mark.parametrize(
    ("resolution", "sides"),
    [(None, (1440, 2560)), ("720p", (720, 1280)), ("4k", (2160, 3840))],
)
def test_an_upscaled_clip_has_the_lines_asked_for_and_its_own_shape(
    runway: FakeRunway, resolution: str | None, sides: tuple[int, int]
) -> None:
    url = put(runway, CLIP, forge.video("mp4", 450, 800, 3000))
    body = {"resolution": resolution} if resolution else {}
    upscaler = "magnific_video_upscaler_creative"
    task = finished("video_upscale", model=upscaler, videoUri=url, **body)
    place = rf"{HOST}/magnific_video_upscaler/{upscaler}/{UUID}/\w+\.mp4\?_jwt=.+"
    assert re.fullmatch(place, task.output[0])
    facts = facts_of(task)
    assert (facts.width, facts.height, facts.duration_ms) == (*sides, 3000)


def test_an_upscaled_clip_of_which_nobody_knows_the_shape_is_a_wide_one() -> None:
    upscaler = "magnific_video_upscaler_creative"
    facts = facts_of(finished("video_upscale", model=upscaler, videoUri=CLIP, resolution="4k"))
    assert (facts.width, facts.height) == (3840, 2160)


@pytest.mark.parametrize(("asked", "rate"), [("60", 60), ("23_98", 23.976), ("59_94", 59.94)])
def test_frames_are_as_many_as_asked_for(runway: FakeRunway, asked: str, rate: float) -> None:
    url = put(runway, CLIP, forge.video("mp4", 640, 360, 4000))
    task = finished(
        "video_upscale", model="enhance_frame_rate", videoUri=url, targetFramerate=asked
    )
    facts = facts_of(task)
    assert facts.frame_rate == pytest.approx(rate, abs=0.001)
    assert (facts.width, facts.height, facts.duration_ms) == (640, 360, 4000)


@pytest.mark.parametrize(
    ("ratio", "sides"), [("16:9", (1366, 768)), ("9:16", (768, 1366)), ("21:9", (1792, 768))]
)
def test_a_ratio_that_is_a_shape_is_no_size(ratio: str, sides: tuple[int, int]) -> None:
    asked = {"ratio": ratio, "resolution": "768p", "promptText": "x"}
    facts = facts_of(finished("text_to_video", model="hailuo3", **asked))
    assert (facts.width, facts.height) == sides


def test_a_clip_has_the_shape_of_its_first_picture_where_no_other_is_asked_for(
    runway: FakeRunway,
) -> None:
    url = put(runway, PICTURE, forge.image("png", 900, 1200))
    body = {"promptImage": url, "promptText": "x", "resolution": "1080p"}
    facts = facts_of(finished("image_to_video", model="grok_imagine_1_5", **body))
    assert (facts.width, facts.height) == (1080, 1440)


def test_a_clip_that_is_made_of_another_is_as_long() -> None:
    source = forge.video("mp4", 1280, 720, 6500)
    facts = facts_of(
        finished("video_to_video", model="aleph2", videoUri=source.data_uri, promptText="at night")
    )
    assert (facts.width, facts.height, facts.duration_ms) == (1280, 720, 6500)


def test_sound_that_is_on_unless_it_is_switched_off_is_there() -> None:
    body = {"model": "seedance2_5", "promptText": "x", "ratio": "1280:720"}
    assert facts_of(finished("text_to_video", **body)).has_audio
    assert not facts_of(finished("text_to_video", **body, audio=False)).has_audio


def test_speech_of_seed_audio_lies_where_it_was_seen() -> None:
    voice = {"type": "reference-audio", "audioUri": "https://example.com/voice.mp3"}
    body = {"promptText": "Hello", "outputFormat": "wav"}
    task = finished("text_to_speech", model="seed_audio", voice=voice, **body)
    place = rf"{HOST}/seed_audio/[0-9a-f]{{8}}/text_to_speech\.wav\?_jwt=.+"
    assert re.fullmatch(place, task.output[0])
    assert facts_of(task).container == "wav"
    again = finished("text_to_speech", model="seed_audio", voice=voice, **body)
    assert again.output[0].split("?")[0] != task.output[0].split("?")[0]
