"""Media on purpose: good, or wrong in exactly one way that has a name.

Nothing here asks the code that judges; import-linter sees to it. What is expected of each flaw
follows from how it was made, and is written down in :mod:`~pytest_runway.media.forge.known`.
"""

from __future__ import annotations

from pytest_runway.media.forge import audio_flaws, image_flaws, video_flaws
from pytest_runway.media.forge.flaw import FLAWS, Flaw, flawed, flaws
from pytest_runway.media.forge.text_flaws import (
    STYLES,
    TEXT_FLAWS,
    AssetUrl,
    TextFlaw,
    data_uri,
    flawed_data_uri,
    flawed_url,
)
from pytest_runway.media.forge.valid import (
    AUDIO_FORMATS,
    GRID_MS,
    IMAGE_FORMATS,
    VIDEO_FORMATS,
    audio,
    image,
    video,
)

__all__ = [
    "AUDIO_FORMATS",
    "FLAWS",
    "GRID_MS",
    "IMAGE_FORMATS",
    "STYLES",
    "TEXT_FLAWS",
    "VIDEO_FORMATS",
    "AssetUrl",
    "Flaw",
    "TextFlaw",
    "audio",
    "audio_flaws",
    "data_uri",
    "flawed",
    "flawed_data_uri",
    "flawed_url",
    "flaws",
    "image",
    "image_flaws",
    "video",
    "video_flaws",
]
