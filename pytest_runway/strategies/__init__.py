"""Hypothesis strategies: media, prompts and bodies, good or wrong in exactly one way; and scripts.

    from pytest_runway import strategies as runway_st

    PROMPT_IMAGE = runway_st.limits_of("image_to_video", model="gen4_turbo")

    @given(image=runway_st.flawed_images(limits=PROMPT_IMAGE))
    def test_we_refuse_what_runway_refuses(image): ...

Every media value has ``.data``, ``.content_type`` and ``.data_uri``; a flawed one has ``.flaw``
and ``.expected`` too. A failing example prints as a line that can be pasted.
"""

from __future__ import annotations

try:
    import hypothesis as _hypothesis  # noqa: F401 - the clear sentence comes before any other
except ImportError as error:
    raise ImportError(
        "pytest_runway.strategies needs Hypothesis, which is not installed; "
        'pip install "pytest-runway[strategies]"'
    ) from error

from pytest_runway.media_fields import limits_of
from pytest_runway.strategies.bodies import bodies
from pytest_runway.strategies.flawed_bodies import FlawedBody, flawed_bodies
from pytest_runway.strategies.media import (
    asset_urls,
    audio,
    bad_codec_images,
    bad_codec_videos,
    data_uris,
    flawed_asset_urls,
    flawed_audio,
    flawed_data_uris,
    flawed_images,
    flawed_videos,
    images,
    media,
    oversized_images,
    videos,
)
from pytest_runway.strategies.plans import fault_plans
from pytest_runway.strategies.prompts import prompts, utf16_units
from pytest_runway.strategies.scripts import Script, timelines

__all__ = [
    "FlawedBody",
    "Script",
    "asset_urls",
    "audio",
    "bad_codec_images",
    "bad_codec_videos",
    "bodies",
    "data_uris",
    "fault_plans",
    "flawed_asset_urls",
    "flawed_audio",
    "flawed_bodies",
    "flawed_data_uris",
    "flawed_images",
    "flawed_videos",
    "images",
    "limits_of",
    "media",
    "oversized_images",
    "prompts",
    "timelines",
    "utf16_units",
    "videos",
]
