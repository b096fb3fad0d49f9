"""What Debian's ffprobe and file(1) say of a file, where they are installed."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import tempfile
from array import array
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

needs_ffprobe = pytest.mark.skipif(
    not (shutil.which("ffprobe") and shutil.which("ffmpeg")),
    reason="ffprobe and ffmpeg are not installed: no second opinion on clips and sounds",
)
needs_file = pytest.mark.skipif(
    not shutil.which("file"), reason="file(1) is not installed: no second opinion on pictures"
)


@dataclass(frozen=True)
class Probed:
    """What ffprobe says of the first picture, or else the first sound, of a file."""

    formats: tuple[str, ...]
    codec: str
    width: int
    height: int
    duration_ms: int
    has_audio: bool
    pixels: str
    profile: str
    transfer: str
    frame_rate: Fraction
    side_data: list[dict[str, str]]


def probed(data: bytes) -> Probed:
    """Return what ffprobe says of the bytes; the file that it reads has no telling name."""
    with _nameless(data) as path:
        command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", path]
        said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    streams = {stream["codec_type"]: stream for stream in reversed(said["streams"])}
    first = streams.get("video") or streams["audio"]
    length = said["format"].get("duration") or first.get("duration", "0")
    return Probed(
        tuple(said["format"]["format_name"].split(",")),
        first["codec_name"],
        first.get("width", 0),
        first.get("height", 0),
        round(float(length) * 1000),
        "audio" in streams,
        first.get("pix_fmt", ""),
        str(first.get("profile", "")),
        first.get("color_transfer", ""),
        Fraction(first["r_frame_rate"].replace("/0", "")),
        first.get("side_data_list", []),
    )


def planes(data: bytes, pixels: str) -> list[set[float]]:
    """Return the values in each of the three planes of the first frame, decoded to ``pixels``."""
    with _nameless(data) as path:
        command = ["ffmpeg", "-v", "error", "-i", path, "-frames:v", "1", "-f", "rawvideo"]
        command += ["-pix_fmt", pixels, "-"]
        raw = subprocess.run(command, capture_output=True, check=True).stdout
    found = probed(data)
    values = array("f" if pixels.endswith("f32le") else "H", raw)
    whole = found.width * found.height
    small = {"yuv422p10le": -(-found.width // 2) * found.height}.get(pixels, whole)
    if pixels == "yuv420p10le":
        small = -(-found.width // 2) * -(-found.height // 2)
    ends = (0, whole, whole + small, whole + 2 * small)
    assert len(values) == ends[-1]
    return [set(values[start:end]) for start, end in itertools.pairwise(ends)]


def decodes(data: bytes) -> bool:
    """Return whether ffmpeg plays a file to its end without an error."""
    with _nameless(data) as path:
        command = ["ffmpeg", "-v", "error", "-xerror", "-err_detect", "explode"]
        command += ["-i", path, "-f", "null", "-"]
        return not subprocess.run(command, capture_output=True, check=False).stderr


def file_says(data: bytes) -> str:
    """Return the content type that file(1) finds."""
    command = ["file", "--brief", "--mime-type", "-"]
    found = subprocess.run(command, input=data, capture_output=True, check=True).stdout
    return found.decode().strip()


@contextmanager
def _nameless(data: bytes) -> Iterator[str]:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        yield file.name
