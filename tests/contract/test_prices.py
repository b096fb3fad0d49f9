"""What bodies cost. The expected credits are worked out by hand, from Runway's price list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_runway.contract import load

from .mini import contract
from .probe import operation_for

if TYPE_CHECKING:
    from fractions import Fraction

IMAGE = "https://example.com/a.png"
VIDEO = "https://example.com/a.mp4"
AUDIO = "https://example.com/a.mp3"


def estimate(price: dict[str, Any], body: dict[str, Any], **known: Any) -> Fraction:
    media = {"type": "string", "x-runway-media": {"kind": "video", "seconds": [None, 12]}}
    properties = {
        "videoUri": media,
        "sound": {"type": "string", "x-runway-media": {"kind": "audio"}},
        "clips": {"type": "array", "items": {"type": "object", "properties": {"uri": media}}},
        "audio": {"type": "boolean", "default": True},
    }
    signed = {"rates": [{"credits": 1}], **price, "source": "", "mark": "I"}
    output = {"kind": "video", "format": "mp4", "count": "outputCount"}
    schema = {"type": "object", "properties": properties, "x-runway-price": signed}
    variant = operation_for({**schema, "x-runway-output": output}).variants[0]
    probes = {name: lambda _, value=value: value for name, value in known.items()}
    return variant.estimate(body, **probes)


BY_PIXELS = {
    "unit": "output",
    "rates": [{"when": {"$pixels": [101, None]}, "credits": 9}, {"credits": 5}],
}
BY_AUDIO = {"unit": "task", "rates": [{"when": {"audio": True}, "credits": 7}, {"credits": 4}]}
ONLY_NAMED = {
    "unit": "task",
    "rates": [{"when": {"a": 1}, "credits": 7}, {"when": {"a": 2}, "credits": 4}],
}
FRAMES = {
    "unit": "input_frame",
    "of": "videoUri",
    "rates": [{"credits": 0.7}],
    "assume": {"fps": 24},
}


@pytest.mark.parametrize(
    ("price", "body", "due"),
    [
        ({"unit": "task", "rates": [{"credits": 5}]}, {"outputCount": 3}, 5),
        ({"unit": "output", "rates": [{"credits": 5}]}, {"outputCount": 3}, 15),
        ({"unit": "output", "rates": [{"credits": 5}]}, {}, 5),
        ({"unit": "second", "rates": [{"credits": 12}]}, {"duration": 5}, 60),
        ({"unit": "second", "default_seconds": 4}, {}, 4),
        ({"unit": "second"}, {}, 0),
        ({"unit": "second", "default_seconds": 4, "auto_seconds": 15}, {"duration": "auto"}, 15),
        ({"unit": "second"}, {"duration": 1.25}, 2),
        ({"unit": "second", "fraction": True, "rates": [{"credits": 4}]}, {"duration": 1.25}, 5),
        ({"unit": "second", "fraction": True}, {"duration": 1.25}, 2),
        ({"unit": "second", "every": 6}, {"duration": 7}, 2),
        ({"unit": "second", "rates": [{"credits": 0.25}], "minimum": 5}, {"duration": 8}, 5),
        ({"unit": "character", "of": "text", "every": 50}, {"text": "x" * 51}, 2),
        ({"unit": "character", "of": "text", "every": 50}, {"text": "😀" * 26}, 2),
        ({"unit": "character", "of": "text", "every": 50}, {}, 0),
        (BY_AUDIO, {}, 7),
        (BY_AUDIO, {"audio": False}, 4),
        (BY_PIXELS, {"ratio": "10:10"}, 5),
        (BY_PIXELS, {"ratio": "10:11"}, 9),
        (BY_PIXELS, {"ratio": "auto"}, 5),
        ({**BY_PIXELS, "assume": {"pixels": 200}}, {"ratio": "auto"}, 9),
        (ONLY_NAMED, {"a": 3}, 4),
    ],
)
def test_a_price_is_worked_out(price: Any, body: Any, due: int) -> None:
    assert estimate(price, body) == due


@pytest.mark.parametrize(
    ("extra", "body", "due"),
    [
        ({"each": "clips", "credits": 2}, {"clips": [{}, {}, {}]}, 16),
        ({"each": "clips", "credits": 2}, {"clips": [{}], "outputCount": 2}, 24),
        ({"each": "clips", "credits": 2, "once": True}, {"clips": [{}], "outputCount": 2}, 22),
        (
            {"each": "clips", "where": {"place": "$absent"}, "credits": 2},
            {"clips": [{}, {"place": 1}]},
            12,
        ),
        ({"when": {"draft": True}, "unit": "output", "credits": 1}, {"draft": True}, 11),
        ({"when": {"draft": True}, "unit": "output", "credits": 1}, {}, 10),
        ({"unit": "second", "credits": 3}, {"duration": 2}, 16),
    ],
)
def test_an_extra_is_added(extra: Any, body: Any, due: int) -> None:
    price = {"unit": "output", "rates": [{"credits": 10}], "extras": [extra]}
    assert estimate(price, body) == due


@pytest.mark.parametrize(
    ("price", "body", "known", "due"),
    [
        ({"of": "videoUri"}, {"videoUri": "v"}, {"seconds": 7.2}, 8),
        ({"of": "videoUri", "fraction": True}, {"videoUri": "v"}, {"seconds": 7.2}, 8),
        (
            {"of": "clips"},
            {"videoUri": "v", "clips": [{"uri": "a"}, {"uri": "b"}]},
            {"seconds": 2},
            4,
        ),
        (
            {"of": ["clips", "videoUri"]},
            {"videoUri": "v", "clips": [{"uri": "a"}]},
            {"seconds": 2},
            4,
        ),
        ({"of": "clips[].uri"}, {"clips": [{"uri": "a"}]}, {"seconds": 2.5}, 3),
        ({"of": "videoUri", "assume": {"seconds": 3}}, {"videoUri": "v"}, {}, 3),
        ({"of": "videoUri"}, {"videoUri": "v"}, {}, 12),
        ({"of": "videoUri"}, {}, {"seconds": 2}, 0),
        ({"of": "sound"}, {"sound": "s"}, {}, 0),
        ({"of": "video"}, {"videoUri": "v"}, {"seconds": 2}, 0),
        (FRAMES, {"videoUri": "v"}, {"seconds": 3, "fps": 30}, 63),
        (FRAMES, {"videoUri": "v"}, {"seconds": 1, "fps": 29.97}, 21),
        (FRAMES, {"videoUri": "v"}, {"seconds": 2.5}, 42),
        ({**FRAMES, "assume": {"fps": 10, "seconds": 2}}, {"videoUri": "v"}, {}, 14),
        ({**BY_PIXELS, "of": "videoUri"}, {"videoUri": "v"}, {"pixels": 200}, 9),
        ({**BY_PIXELS, "of": "videoUri"}, {"videoUri": "v", "ratio": "1:1"}, {"pixels": 200}, 5),
    ],
)
def test_media_are_priced_by_what_is_known_of_them(
    price: Any, body: Any, known: Any, due: int
) -> None:
    assert estimate({"unit": "input_second", **price}, body, **known) == due


def test_what_has_no_price_is_free() -> None:
    variant = contract().operation("things", "POST")[0].variants[0]
    assert variant.estimate({}) == 0


@pytest.mark.parametrize(
    ("operation", "body", "known", "due"),
    [
        ("image_to_video", {"model": "gen4_turbo", "duration": 10}, {}, 50),
        ("image_to_video", {"model": "gen4_turbo"}, {}, 25),
        ("image_to_video", {"model": "gen4.5", "duration": 5}, {}, 60),
        ("image_to_video", {"model": "gen4.5", "duration": 5, "outputFormat": "prores"}, {}, 85),
        ("image_to_video", {"model": "gen4.5", "duration": 5, "outputFormat": "hdr10"}, {}, 160),
        ("image_to_video", {"model": "veo3.1", "duration": 8}, {}, 320),
        ("image_to_video", {"model": "veo3.1", "duration": 8, "audio": False}, {}, 160),
        ("text_to_image", {"model": "gen4_image", "ratio": "1280:720"}, {}, 5),
        ("text_to_image", {"model": "gen4_image", "ratio": "1920:1080"}, {}, 8),
        ("text_to_image", {"model": "gemini_2.5_flash"}, {}, 5),
        ("text_to_speech", {"model": "seed_audio", "promptText": "x"}, {}, 5),
        ("text_to_speech", {"model": "eleven_v3", "promptText": "x" * 101}, {}, 3),
        (
            "voice_isolation",
            {"model": "eleven_voice_isolation", "audioUri": AUDIO},
            {"seconds": 7},
            2,
        ),
        ("voice_dubbing", {"model": "eleven_voice_dubbing", "audioUri": AUDIO}, {"seconds": 7}, 4),
        ("video_to_video", {"model": "aleph2", "videoUri": VIDEO}, {"seconds": 5}, 140),
        ("video_to_video", {"model": "aleph2", "videoUri": VIDEO}, {"seconds": 1}, 56),
        (
            "video_to_hdr",
            {"model": "ruby", "videoUri": VIDEO},
            {"seconds": 5.7, "pixels": 921600},
            114,
        ),
        (
            "video_to_hdr",
            {"model": "ruby", "videoUri": VIDEO},
            {"seconds": 2, "pixels": 8294400},
            80,
        ),
        (
            "video_upscale",
            {"model": "magnific_video_upscaler_creative", "videoUri": VIDEO, "resolution": "720p"},
            {"seconds": 3, "fps": 30},
            63,
        ),
    ],
)
def test_a_body_costs_what_runway_asks(
    operation: str, body: dict[str, Any], known: dict[str, float], due: int
) -> None:
    found = load().operation(operation)[0].by_tag[body["model"]]
    probes = {name: lambda _, value=value: value for name, value in known.items()}
    assert found.estimate(body, **probes) == due
