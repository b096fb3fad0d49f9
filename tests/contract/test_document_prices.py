"""What bodies cost by the document: captured charges, and figures of the price page by hand."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_runway.contract import Variant, load

CONTRACT = load()
IMAGE = "https://example.com/a.png"
VIDEO = "https://example.com/a.mp4"
UPSCALE = {"videoUri": VIDEO, "resolution": "720p"}
FRAME = {"promptImage": IMAGE, "ratio": "1280:720"}
SPEECH = {"voice": {"type": "runway-preset", "presetId": "Maya"}}


def variant_for(path: str, body: dict[str, Any]) -> Variant:
    """Return the variant that a body picks."""
    match = CONTRACT.match("POST", path)
    assert match is not None
    tag = match.operation.by_tag
    return tag[body["model"]] if "model" in body else next(iter(match.operation.variants))


def cost(path: str, body: dict[str, Any], **known: float) -> float:
    """Return what a body costs, given what is known about all its media."""
    variant = variant_for(path, body)
    assert variant.check(body) == ()
    probes = {name: (lambda _, value=value: value) for name, value in known.items()}
    return float(variant.estimate(body, **probes))


@pytest.mark.parametrize(
    ("path", "body", "known", "credits_"),
    [
        (
            "/v1/video_upscale",
            {"model": "magnific_video_upscaler_creative", **UPSCALE},
            {"seconds": 3, "fps": 30},
            63,
        ),
        ("/v1/video_to_hdr", {"model": "ruby", "videoUri": VIDEO}, {"pixels": 8_294_400}, 80),
        (
            "/v1/video_to_hdr",
            {"model": "ruby", "videoUri": VIDEO},
            {"seconds": 5.7, "pixels": 2_073_600},
            114,
        ),
        (
            "/v1/video_to_hdr",
            {"model": "ruby", "videoUri": VIDEO},
            {"seconds": 30, "pixels": 2_073_600},
            600,
        ),
        ("/v1/text_to_speech", {"model": "seed_audio", "promptText": "Hello."}, {}, 5),
    ],
)
def test_a_captured_charge_is_reproduced(
    path: str, body: dict[str, Any], known: dict[str, float], credits_: int
) -> None:
    assert cost(path, body, **known) == credits_


def test_the_captured_upscale_is_what_an_unknown_clip_costs() -> None:
    assert cost("/v1/video_upscale", {"model": "magnific_video_upscaler_creative", **UPSCALE}) == 63


@pytest.mark.parametrize(
    ("model", "more", "credits_"),
    [
        ("gen4_turbo", {"duration": 5}, 25),
        ("gen4_turbo", {"duration": 10}, 50),
        ("gen4.5", {"promptText": "x", "duration": 10}, 120),
        ("gen4.5", {"promptText": "x", "duration": 2, "outputFormat": "prores"}, 34),
        ("gen4.5", {"promptText": "x", "duration": 2, "outputFormat": "hdr10"}, 64),
        ("veo3.1", {"duration": 8}, 320),
        ("veo3.1", {"duration": 8, "audio": False}, 160),
        ("veo3.1_fast", {"duration": 4}, 60),
        ("veo3.1_fast", {"duration": 4, "audio": False}, 40),
        ("seedance2", {"duration": 4}, 144),
        ("seedance2", {"duration": 4, "ratio": "1920:1080"}, 160),
        ("seedance2", {"duration": 4, "ratio": "3840:2160"}, 600),
        ("seedance2", {"duration": "auto"}, 540),
        ("seedance2_mini", {"duration": 4}, 64),
        ("seedance2_mini", {"duration": 15}, 240),
        ("seedance2_5", {"duration": 4, "ratio": "854:480"}, 80),
        ("seedance2_5", {"duration": 10}, 300),
        ("seedance2_5", {"duration": 10, "ratio": "1920:1080"}, 680),
        ("gemini_omni_flash", {"duration": 3}, 31),
    ],
)
def test_image_to_video_costs_what_the_price_page_says(
    model: str, more: dict[str, Any], credits_: int
) -> None:
    assert cost("/v1/image_to_video", {"model": model, **FRAME, **more}) == credits_


@pytest.mark.parametrize(
    ("path", "body", "credits_"),
    [
        ("/v1/text_to_image", {"model": "gen4_image", "ratio": "1280:720"}, 5),
        ("/v1/text_to_image", {"model": "gen4_image", "ratio": "1920:1080"}, 8),
        ("/v1/text_to_image", {"model": "gpt_image_2", "ratio": "1920:1088"}, 20),
        ("/v1/text_to_image", {"model": "gpt_image_2", "ratio": "3840:1648"}, 41),
        (
            "/v1/text_to_image",
            {"model": "gpt_image_2", "ratio": "2560:2560", "quality": "medium", "outputCount": 3},
            15,
        ),
        ("/v1/text_to_image", {"model": "gemini_image3_pro", "ratio": "4096:4096"}, 40),
        (
            "/v1/text_to_image",
            {"model": "gemini_image3_pro", "ratio": "1024:1024", "outputCount": 4},
            80,
        ),
        ("/v1/text_to_image", {"model": "seedream5_pro", "ratio": "auto_2k"}, 9),
        ("/v1/text_to_image", {"model": "ideogram_4_5"}, 25),
        ("/v1/text_to_image", {"model": "ideogram_4_5", "referenceImages": [{"uri": IMAGE}]}, 8),
        (
            "/v1/text_to_image",
            {
                "model": "grok_imagine_image_2",
                "ratio": "2048:2048",
                "outputCount": 2,
                "referenceImages": [{"uri": IMAGE}],
            },
            17,
        ),
    ],
)
def test_images_cost_what_the_price_page_says(
    path: str, body: dict[str, Any], credits_: int
) -> None:
    assert cost(path, {"promptText": "x", **body}) == credits_


@pytest.mark.parametrize(
    ("text", "credits_"), [("x", 1), ("x" * 50, 1), ("x" * 51, 2), ("\U0001f600" * 26, 2)]
)
def test_speech_costs_a_credit_for_each_fifty_utf16_units(text: str, credits_: int) -> None:
    body = {"model": "eleven_v3", "promptText": text, **SPEECH}
    assert cost("/v1/text_to_speech", body) == credits_


@pytest.mark.parametrize(
    ("path", "body", "seconds", "credits_"),
    [
        ("/v1/video_to_video", {"model": "aleph2", "videoUri": VIDEO}, 2, 56),
        ("/v1/video_to_video", {"model": "aleph2", "videoUri": VIDEO}, 10, 280),
        ("/v1/voice_isolation", {"model": "eleven_voice_isolation", "audioUri": VIDEO}, 13, 3),
        (
            "/v1/voice_dubbing",
            {"model": "eleven_voice_dubbing", "audioUri": VIDEO, "targetLang": "es"},
            10,
            5,
        ),
        (
            "/v1/character_performance",
            {
                "model": "act_two",
                "character": {"type": "image", "uri": IMAGE},
                "reference": {"type": "video", "uri": VIDEO},
            },
            7,
            35,
        ),
    ],
)
def test_what_is_made_from_a_clip_costs_by_its_length(
    path: str, body: dict[str, Any], seconds: float, credits_: int
) -> None:
    assert cost(path, body, seconds=seconds) == credits_
