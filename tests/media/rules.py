"""The documented rules of media, written down here once more for the tests."""

from __future__ import annotations

from typing import Any

from pytest_runway.media.rules import Rules

MIB = 1024 * 1024


LIMITS: dict[str, Any] = {
    "side_px": 8000,
    "url_chars": 2048,
    "upload_bytes": [512, 200 * MIB],
    "media_bytes": {
        "image": {"url": 16 * MIB, "data": 5 * MIB, "upload": 200 * MIB},
        "video": {"url": 32 * MIB, "data": 16 * MIB, "upload": 200 * MIB},
        "audio": {"url": 32 * MIB, "data": 16 * MIB, "upload": 200 * MIB},
    },
    "media_types": {
        "image": {
            "jpeg": {"types": ["image/jpg", "image/jpeg"]},
            "png": {"types": ["image/png"]},
            "webp": {"types": ["image/webp"]},
        },
        "video": {
            "mp4": {"types": ["video/mp4"], "codecs": ["h264", "h265", "av1"]},
            "mov": {
                "types": ["video/quicktime"],
                "codecs": ["h264", "h265", "prores"],
                "discouraged": ["mjpeg"],
            },
            "mkv": {
                "types": ["video/x-matroska"],
                "codecs": ["h264", "h265", "vp8", "vp9", "av1"],
                "discouraged": ["mpeg2"],
            },
            "webm": {"types": ["video/webm"], "codecs": ["vp8", "vp9", "av1"]},
            "3gp": {"types": ["video/3gpp"], "codecs": ["h264"]},
            "ogg": {"types": ["video/ogg"], "codecs": ["theora"]},
            "avi": {"types": ["video/x-msvideo"], "discouraged": ["h264", "mjpeg", "msmpeg4v3"]},
            "flv": {"types": ["video/x-flv"], "discouraged": ["flv1", "h264"]},
            "mpeg": {"types": ["video/mpeg"], "discouraged": ["mpeg2"]},
        },
        "audio": {
            "mp3": {"types": ["audio/mpeg", "audio/mp3"], "codecs": ["mp3"]},
            "wav": {"types": ["audio/wav", "audio/wave", "audio/x-wav"], "codecs": ["pcm"]},
            "flac": {"types": ["audio/flac", "audio/x-flac"], "codecs": ["flac"]},
            "m4a": {"types": ["audio/mp4", "audio/x-m4a"], "codecs": ["aac", "alac"]},
            "aac": {"types": ["audio/aac", "audio/x-aac"], "codecs": ["aac"]},
        },
    },
    "media_messages": {
        "bad_data_uri": "Invalid data URI.",
        "no_content_type": (
            "Unsupported asset type. Data URIs must include the content type of the value they "
            "encode."
        ),
        "bad_url": "Invalid URL",
        "not_https": "Only HTTPS URLs are allowed.",
        "not_a_domain": "URLs must be hosted on a domain.",
        "unreachable": (
            "Failed to fetch asset. The URL may be incorrect or the server hosting the asset may "
            "be down."
        ),
        "bad_status": 'Failed to fetch asset. Received HTTP response code "{status}".',
        "slow": "Timeout while fetching asset.",
        "bad_type": "Unsupported asset type.",
        "too_big": "Asset size exceeds {megabytes}MB",
        "bad_dimensions": "Invalid asset dimensions.",
        "aspect_too_small": (
            "Invalid asset aspect ratio. width / height ratio must be at least {limit}. Got {got}."
        ),
        "aspect_too_big": (
            "Invalid asset aspect ratio. width / height ratio must be at most {limit}. Got {got}."
        ),
        "too_long": "Asset duration must be at most {limit} seconds",
        "too_short": "Asset duration must be at least {limit} seconds",
    },
}

RULES = Rules.from_limits(LIMITS)
