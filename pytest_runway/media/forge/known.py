"""What Runway says of each flaw, written down for the forge: it never asks the code that judges.

A test holds the numbers here against the contract's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.media.verdicts import Late, Refusal

if TYPE_CHECKING:
    from pytest_runway.media.facts import Kind
    from pytest_runway.media.limits import Limits
    from pytest_runway.media.rules import Transport

MIB = 1024 * 1024
MAX_SIDE_PX = 8000
MAX_URL_CHARS = 2048
MAX_BYTES: dict[tuple[Kind, Transport], int] = {
    ("image", "url"): 16 * MIB,
    ("image", "data"): 5 * MIB,
    ("image", "upload"): 200 * MIB,
    ("video", "url"): 32 * MIB,
    ("video", "data"): 16 * MIB,
    ("video", "upload"): 200 * MIB,
    ("audio", "url"): 32 * MIB,
    ("audio", "data"): 16 * MIB,
    ("audio", "upload"): 200 * MIB,
}
TYPES: dict[Kind, str] = {
    "image": "image/jpg, image/jpeg, image/png, image/webp",
    "video": (
        "video/mp4, video/quicktime, video/x-matroska, video/webm, video/3gpp, video/ogg, "
        "video/x-msvideo, video/x-flv, video/mpeg"
    ),
    "audio": (
        "audio/mpeg, audio/mp3, audio/wav, audio/wave, audio/x-wav, audio/flac, audio/x-flac, "
        "audio/mp4, audio/x-m4a, audio/aac, audio/x-aac"
    ),
}
CODECS = {
    "mp4": "h264, h265, av1",
    "mov": "h264, h265, prores, mjpeg",
    "mkv": "h264, h265, vp8, vp9, av1, mpeg2",
    "3gp": "h264",
    "avi": "h264, mjpeg, msmpeg4v3",
    "flv": "flv1, h264",
    "mpeg": "mpeg2",
    "wav": "pcm",
    "m4a": "aac, alac",
    "mp3": "mp3",
}
CUT = Late("the file stops before its end")


def wrong_type(kind: Kind, declared: str, transport: Transport) -> Refusal:
    """Return what is said of a declared type that the field does not take."""
    if transport == "data":
        return Refusal(
            "Unsupported asset type. Data URIs must include the content type of the value they "
            "encode."
        )
    return Refusal(f"Unsupported asset type. Expected one of {TYPES[kind]}; got {declared}.")


def wrong_content(container: str) -> Refusal:
    """Return what is said of content that the field does not take, whatever it is called."""
    return Refusal(f"Unsupported asset type. The content is {container}, which is not taken.")


def wrong_name(container: str, declared: str) -> Refusal:
    """Return what is said of good content under another good name."""
    why = f"The content is {container}, but was declared as {declared}."
    return Refusal(f"Unsupported asset type. {why}")


def wrong_codec(container: str, codec: str) -> Refusal:
    """Return what is said of a codec that does not go into its container."""
    why = f"In {container}, expected one of {CODECS[container]}; got {codec}."
    return Refusal(f"Unsupported asset type. {why}")


def unreadable(kind: Kind) -> Refusal:
    """Return what is said of bytes that are nothing known."""
    return Refusal(f"Unsupported asset type. The content is no {kind} that can be read.")


def max_bytes(kind: Kind, transport: Transport, limits: Limits) -> int:
    """Return how large a file may be."""
    return min(MAX_BYTES[kind, transport], limits.max_bytes or 1 << 40)


def too_big(limit: int) -> Refusal:
    """Return what is said of a file above the limit."""
    return Refusal(f"Asset size exceeds {limit / MIB:.1f}MB")


def side(bound: str, limit: int, width: int, height: int) -> Refusal:
    """Return what is said of a side; ``bound`` is ``"most"`` or ``"least"``."""
    rule = f"Width and height must be at {bound} {limit}px."
    return Refusal(f"Invalid asset dimensions. {rule} Got {width}x{height}.")


def aspect(bound: str, limit: float, width: int, height: int) -> Refusal:
    """Return what is said of a shape; ``bound`` is ``"most"`` or ``"least"``."""
    rule = f"width / height ratio must be at {bound} {limit:g}."
    return Refusal(f"Invalid asset aspect ratio. {rule} Got {width / height:.3f}.")


def too_long(limit: float) -> Refusal:
    """Return what is said of a length above the limit, as captured."""
    message = f"Asset duration must be at most {limit:g} seconds"
    return Refusal(message, "too_big", (("maximum", limit), *_NUMBER))


def too_short(limit: float) -> Refusal:
    """Return what is said of a length below the limit."""
    message = f"Asset duration must be at least {limit:g} seconds"
    return Refusal(message, "too_small", (("minimum", limit), *_NUMBER))


def too_fast(limit: float) -> Refusal:
    """Return what is said of a frame rate above the limit."""
    message = f"Asset frame rate must be at most {limit:g} frames per second"
    return Refusal(message, "too_big", (("maximum", limit), *_NUMBER))


_NUMBER = (("type", "number"), ("inclusive", True), ("origin", "number"))
