"""What Debian's ffprobe and file(1) say of a file, where they are installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
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
    )


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
