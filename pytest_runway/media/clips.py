"""Clips and sounds: what MediaInfo says of them, in this package's words.

MediaInfo's library comes with pymediainfo's wheels. Where it cannot be loaded, nothing can be
said of clips and sounds: see :func:`media_info_missing`.
"""

from __future__ import annotations

import json
from functools import cache
from struct import error, unpack
from typing import TYPE_CHECKING, Any

from pytest_runway.media.facts import Facts
from pytest_runway.media.sources import Reader, Whole

if TYPE_CHECKING:
    from pytest_runway.media.facts import Kind
    from pytest_runway.media.sources import Source

_BUDGET = 8 * 1024 * 1024
"""So many bytes of a file are read: the index, and some of what it points to."""

_CONTAINERS = {
    "Matroska": "mkv",
    "WebM": "webm",
    "Ogg": "ogg",
    "AVI": "avi",
    "Flash Video": "flv",
    "MPEG-PS": "mpeg",
    "Wave": "wav",
    "FLAC": "flac",
    "MPEG Audio": "mp3",
    "ADTS": "aac",
}
_CODECS = {
    "AVC": "h264",
    "HEVC": "h265",
    "JPEG": "mjpeg",
    "Sorenson Spark": "flv1",
}
_MSMPEG4V3 = frozenset({"DIV3", "DIV4", "DIV5", "DIV6", "MP43", "MPG3", "COL1"})


@cache
def media_info_missing() -> str | None:
    """Return why MediaInfo cannot be used here, ``None`` where it can."""
    try:
        from pymediainfo import MediaInfo

        MediaInfo.parse(Reader(Whole(b""), budget=0), output="JSON")
    except (ImportError, OSError, RuntimeError) as reason:
        return str(reason)
    return None


def read_clip(source: Source) -> Facts | None:
    """Return the facts of a clip or a sound, ``None`` where MediaInfo finds neither.

    Call it only where :func:`media_info_missing` is ``None``.
    """
    tracks = _tracks(source)
    general = tracks.get("General", {})
    video, audio = tracks.get("Video"), tracks.get("Audio")
    track = video if video is not None else audio
    if track is None:
        return None
    kind: Kind = "video" if video is not None else "audio"
    if general.get("Format") == "ADTS":  # no index: every frame has to be counted
        general = _tracks(source, thorough=True).get("General", general)
    width, height = _number(track, "Width"), _number(track, "Height")
    if _number(track, "Rotation") % 180 == 90:
        width, height = height, width
    frame_rate = _number(track, "FrameRate") if video is not None else 0.0
    duration_ms = round(_number(general, "Duration") * 1000) or _theora_ms(source, frame_rate)
    return Facts(
        kind=kind,
        container=_container(general, kind),
        codec=_codec(track),
        width=int(width),
        height=int(height),
        duration_ms=duration_ms,
        frame_rate=frame_rate,
        frames=int(_number(track, "FrameCount")) if video is not None else 0,
        has_audio=audio is not None,
        complete=not _is_cut(general),
    )


def _tracks(source: Source, *, thorough: bool = False) -> dict[str, dict[str, Any]]:
    """Return the first track of each type, and ``General``, as MediaInfo writes them."""
    from pymediainfo import MediaInfo

    file = Reader(source, budget=_BUDGET)
    said = MediaInfo.parse(file, output="JSON", parse_speed=1 if thorough else 0.5)
    try:
        tracks = json.loads(str(said), strict=False)["media"]["track"]
    except (ValueError, KeyError, TypeError):  # names from the file, quoted badly
        return {}
    return {track["@type"]: track for track in reversed(tracks)}


def _number(track: dict[str, Any], key: str) -> float:
    """Return a number of a track, 0 where it is absent or not one."""
    try:
        return float(track.get(key, 0))
    except (TypeError, ValueError):
        return 0.0


def _container(general: dict[str, Any], kind: Kind) -> str:
    name = str(general.get("Format", ""))
    if name != "MPEG-4":
        return _CONTAINERS.get(name, name.lower())
    if kind == "audio":
        return "m4a"
    if general.get("Format_Profile") == "QuickTime":
        return "mov"
    return "3gp" if str(general.get("CodecID", "")).startswith("3g") else "mp4"


def _codec(track: dict[str, Any]) -> str:
    name, profile = str(track.get("Format", "")), str(track.get("Format_Profile", ""))
    if name == "MPEG Video":
        return f"mpeg{track.get('Format_Version', '')}"
    if name == "MPEG-4 Visual":
        return "msmpeg4v3" if track.get("CodecID") in _MSMPEG4V3 else "mpeg4"
    if name == "MPEG Audio":
        return "mp3" if profile == "Layer 3" else "mp2"
    return _CODECS.get(name, name.lower())


def _is_cut(general: dict[str, Any]) -> bool:
    extra = general.get("extra")
    return isinstance(extra, dict) and extra.get("IsTruncated") == "Yes"


def _theora_ms(source: Source, frame_rate: float) -> int:
    """Return the length of Theora in Ogg, which MediaInfo leaves open: it is in the last page.

    Its position counts frames in two parts: key frames, and frames since the last of them.
    """
    head = source.at(0, 128)
    start = head.find(b"\x80theora")
    if start < 0 or frame_rate <= 0:
        return 0
    try:
        (flags,) = unpack(">H", head[start + 40 : start + 42])
        tail = source.at(max(0, source.size - 65_536), 65_536)
        page = tail.rfind(b"OggS")
        while page >= 0 and tail[page + 14 : page + 18] != head[14:18]:  # another stream's
            page = tail.rfind(b"OggS", 0, page)
        (position,) = unpack("<q", tail[page + 6 : page + 14])
    except error:
        return 0
    shift = flags >> 5 & 31
    frames: int = (position >> shift) + (position & ((1 << shift) - 1))
    return round(frames * 1000 / frame_rate)
