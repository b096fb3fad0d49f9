"""What is read here is what ffprobe, file(1) and Pillow read, on files made by other programs."""

from __future__ import annotations

import io
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pytest_runway.media.library import sample, samples
from pytest_runway.media.reading import read
from tests.media.second_opinion import file_says, needs_ffprobe, needs_file, probed

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {"h265": "hevc", "mpeg1": "mpeg1video", "mpeg2": "mpeg2video"}
FORMATS = {"mp4": "mov", "3gp": "mov", "m4a": "mov", "mkv": "matroska", "webm": "matroska"}
UNREADABLE = {"empty.png", "head_only.png", "page_named.jpg", "drawing.svg"}
ONLY_NAMED = {".ts", ".wmv", ".wma", ".rm", ".mxf", ".ivf", ".h264", ".aiff", ".ac3", ".au", ".caf"}
ONLY_NAMED |= {".wv", ".tta"}
# Refused for their codec, so that nobody asks how long they are; and one that ffprobe cannot tell.
NO_LENGTH = {"vp8.ogv", "adpcm.wav", "live.webm"}
PICTURES = [n for n in samples("image") if n not in UNREADABLE]
RECORDINGS = [
    name
    for name in (*samples("video"), *samples("audio"))
    if name[name.rindex(".") :] not in ONLY_NAMED and sample(name).verdict != "late"
    if name not in NO_LENGTH
]
VIDEO_CODECS = {
    "h264": "libx264 -preset ultrafast -pix_fmt yuv420p",
    "h265": "libx265 -preset ultrafast -x265-params log-level=none -pix_fmt yuv420p",
    "vp8": "libvpx -auto-alt-ref 0",
    "vp9": "libvpx-vp9 -cpu-used 8",
    "mpeg2": "mpeg2video",
    "mpeg4": "mpeg4",
    "mjpeg": "mjpeg -pix_fmt yuvj420p",
    "prores": "prores_ks",
    "theora": "libtheora",
    "flv1": "flv",
}
VIDEOS = {
    "mp4": ("h264", "h265", "mpeg4", "mpeg2", "vp9", "mjpeg"),
    "mov": ("h264", "h265", "prores", "mjpeg", "mpeg4"),
    "mkv": ("h264", "h265", "vp8", "vp9", "mpeg2", "mpeg4", "mjpeg", "prores", "theora"),
    "webm": ("vp8", "vp9"),
    "ogv": ("theora",),
    "avi": ("h264", "mjpeg", "mpeg4"),
    "flv": ("flv1", "h264"),
    "mpg": ("mpeg2",),
}
WAYS = {
    "plain": ("128x96", "25", "1.4", ""),
    "odd rate": ("98x130", "30000/1001", "2.002", ""),
    "streamed": ("64x64", "24", "1", "-movflags +frag_keyframe+empty_moov"),
}
CLIPS = [
    (form, codec, way)
    for form, codecs in VIDEOS.items()
    for codec in codecs
    for way in WAYS
    if way != "streamed" or form in ("mp4", "mov")
]
SOUNDS = [
    ("mp3", "-c:a libmp3lame -b:a 128k"),
    ("mp3", "-c:a libmp3lame -b:a 8k -ar 8000"),
    ("mp3", "-c:a libmp3lame -b:a 320k -ar 48000 -ac 2"),
    ("mp3", "-c:a libmp3lame -q:a 4"),
    ("mp3", "-c:a libmp3lame -b:a 96k -write_xing 0"),
    ("mp3", "-c:a libmp3lame -b:a 64k -id3v2_version 4 -metadata title=Ton"),
    ("wav", "-c:a pcm_u8"),
    ("wav", "-c:a pcm_s24le -ac 2"),
    ("wav", "-c:a pcm_f64le"),
    ("flac", "-c:a flac"),
    ("flac", "-c:a flac -ac 2 -ar 96000 -sample_fmt s32"),
    ("m4a", "-c:a aac"),
    ("m4a", "-c:a aac -ac 2 -movflags +faststart"),
    ("m4a", "-c:a alac"),
    ("ogg", "-c:a libvorbis"),
    ("ogg", "-c:a libopus"),
    ("webm", "-c:a libopus"),
    ("mka", "-c:a flac"),
]

ODD = [
    ("fragkf.mp4", "-c:v libx264 -pix_fmt yuv420p -g 10 -movflags frag_keyframe"),
    ("dash.mp4", "-an -c:v libx264 -pix_fmt yuv420p -g 10 -movflags dash+frag_keyframe"),
    ("ten.mp4", "-c:v libx265 -pix_fmt yuv420p10le -x265-params log-level=none"),
    ("cues.mkv", "-c:v libx264 -pix_fmt yuv420p -cues_to_front 1"),
    ("ac3.mpg", "-c:v mpeg2video -c:a ac3"),
    ("mpeg1.mpg", "-c:v mpeg1video -c:a mp2"),
    ("vorbis.ogv", "-c:v libtheora -c:a libvorbis"),
    ("ms.avi", "-c:v msmpeg4 -c:a libmp3lame"),
    ("rf64.wav", "-map 1 -c:a pcm_s16le -rf64 always"),
    ("six.wav", "-map 1 -c:a pcm_s24le -ac 6"),
]

DRAWN = {
    "jpeg": ("RGB", "L", "CMYK"),
    "png": ("RGB", "L", "RGBA", "P", "I;16", "1"),
    "webp": ("RGB", "RGBA"),
}
OPTIONS: dict[str, list[dict[str, Any]]] = {
    "jpeg": [
        {},
        {"progressive": True},
        {"optimize": True, "quality": 30},
        {"comment": b"\xff\xd8"},
    ],
    "png": [{}, {"optimize": True}, {"compress_level": 0}, {"dpi": (72, 72)}],
    "webp": [{}, {"lossless": True}, {"quality": 10, "method": 0}],
}


def agrees(data: bytes) -> None:
    """Hold what is read against what ffprobe says."""
    other, found = probed(data), read(data)
    assert found is not None
    frame_ms = 1000 / found.frame_rate if found.frame_rate else 60
    if found.codec not in {"pcm", "adpcm"}:
        assert NAMES.get(found.codec, found.codec) == other.codec
    assert (found.width, found.height) == (other.width, other.height)
    assert found.duration_ms == pytest.approx(other.duration_ms, abs=max(60, 2 * frame_ms))
    assert found.has_audio == other.has_audio
    assert FORMATS.get(found.container, found.container) in other.formats
    assert found.complete


@needs_ffprobe
@pytest.mark.parametrize(("form", "codec", "way"), CLIPS)
def test_ffprobe_agrees_on_a_fresh_clip(form: str, codec: str, way: str, tmp_path: Path) -> None:
    size, rate, seconds, options = WAYS[way]
    source = f"testsrc2=s={size}:r={rate}:d={seconds}"
    target = tmp_path / f"clip.{form}"
    encode(["-i", source, "-c:v", *VIDEO_CODECS[codec].split(), *options.split()], target)
    agrees(target.read_bytes())


@needs_ffprobe
@pytest.mark.parametrize(("form", "options"), SOUNDS)
def test_ffprobe_agrees_on_a_fresh_sound(form: str, options: str, tmp_path: Path) -> None:
    target = tmp_path / f"sound.{form}"
    encode(["-i", "sine=r=44100:d=3.3", *options.split()], target)
    agrees(target.read_bytes())


@needs_ffprobe
@pytest.mark.parametrize(("name", "options"), ODD)
def test_ffprobe_agrees_on_an_odd_form(name: str, options: str, tmp_path: Path) -> None:
    sound = ["-f", "lavfi", "-i", "sine=r=44100:d=3.3"]
    encode(
        ["-i", "testsrc2=s=128x96:r=25:d=2", *sound, *options.split()],
        tmp_path / name,
    )
    agrees((tmp_path / name).read_bytes())


@needs_file
@pytest.mark.parametrize("name", PICTURES)
def test_file_agrees_on_what_a_picture_is(name: str) -> None:
    data = sample(name).data
    found, said = read(data), file_says(data)
    if found is None or found.container in {"qoi", "eps", "icns"}:  # file(1) is vague about them
        assert said not in {"image/jpeg", "image/png", "image/webp"}
    else:
        names = {"bmp": "bmp", "ico": "icon", "jp2": "jp2", "svg": "svg"}
        assert names.get(found.container, found.container) in said


@needs_ffprobe
@pytest.mark.parametrize("name", RECORDINGS)
def test_ffprobe_agrees_on_a_sample(name: str) -> None:
    data = sample(name).data
    other, found = probed(data), read(data)
    assert found is not None
    assert (found.width, found.height) == (other.width, other.height)
    assert found.duration_ms == pytest.approx(other.duration_ms, abs=410)


@pytest.mark.parametrize("form", DRAWN)
@given(
    width=st.integers(1, 300),
    height=st.integers(1, 300),
    mode=st.sampled_from(["RGB", "L", "RGBA", "CMYK", "P", "I;16", "1"]),
    turn=st.integers(1, 8),
    data=st.data(),
)
@settings(max_examples=40)
def test_pillow_agrees_on_a_fresh_picture(
    form: str, width: int, height: int, mode: str, turn: int, data: st.DataObject
) -> None:
    mode = mode if mode in DRAWN[form] else "RGB"
    drawn = Image.new(mode, (width, height))
    drawn.putpixel((0, 0), 1 if mode in ("L", "P", "I;16", "1") else (9,) * len(drawn.getbands()))
    exif = Image.Exif()
    exif[0x0112] = turn
    target = io.BytesIO()
    options = data.draw(st.sampled_from(OPTIONS[form]))
    drawn.save(target, form, exif=exif, **options)
    found = read(target.getvalue())
    assert found is not None
    assert (found.container, found.complete) == (form, True)
    assert (found.width, found.height) == ((width, height) if turn < 5 else (height, width))


def test_there_are_two_hundred_opinions() -> None:
    seen = len(CLIPS) + len(ODD) + len(SOUNDS) + len(PICTURES) + len(RECORDINGS)
    assert seen >= 200


def encode(arguments: list[str], target: Path) -> None:
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", *arguments, str(target)]
    subprocess.run(command, check=True)
