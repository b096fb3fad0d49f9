"""Numbers and texts of the document, each written down from its source and not from the code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from .published import at, document, operations, variant, variants

if TYPE_CHECKING:
    from collections.abc import Iterator

DOC = "https://docs.dev.runwayml.com/api"


@pytest.mark.parametrize(
    ("operation", "model", "path", "expected"),
    [
        ("image_to_video.create", "gen4.5", "promptText", {"minLength": 1, "maxLength": 1000}),
        ("image_to_video.create", "gen4.5", "duration", {"minimum": 2, "maximum": 10}),
        ("image_to_video.create", "gen4.5", "seed", {"minimum": 0, "maximum": 4294967295}),
        ("image_to_video.create", "gen4_turbo", "duration", {"minimum": 2, "maximum": 10}),
        ("image_to_video.create", "veo3.1", "duration", {"enum": [4, 6, 8]}),
        ("image_to_video.create", "happyhorse_1_0", "promptText", {"minLength": 2}),
        ("image_to_video.create", "hailuo3", "promptText", {"maxLength": 6000}),
        ("image_to_video.create", "hailuo3", "resolution", {"enum": ["768p", "2k", "768P", "2K"]}),
        ("image_to_video.create", "seedance2_5", "promptText", {"maxLength": 15000}),
        ("text_to_video.create", "seedance2", "referenceVideos", {"maxItems": 3}),
        ("text_to_video.create", "seedance2_5", "references", {"maxItems": 30}),
        ("text_to_video.create", "gemini_omni_flash_1.1", "duration", {"minimum": 3}),
        ("video_to_video.create", "aleph2", "keyframes", {"minItems": 1, "maxItems": 5}),
        ("video_to_video.create", "aleph2", "keyframes[].seconds", {"minimum": 0, "maximum": 30}),
        ("video_to_video.create", "aleph2", "keyframes[].at", {"minimum": 0, "maximum": 1}),
        (
            "video_to_video.create",
            "aleph2",
            "keyframes[].range.end_seconds",
            {"exclusiveMinimum": 0},
        ),
        ("text_to_image.create", "gen4_image_turbo", "referenceImages", {"minItems": 1}),
        (
            "text_to_image.create",
            "gen4_image",
            "referenceImages[].tag",
            {"minLength": 3, "maxLength": 16, "pattern": "^[a-z][a-z0-9_]+$"},
        ),
        ("text_to_image.create", "gpt_image_2", "promptText", {"maxLength": 32000}),
        ("text_to_image.create", "gpt_image_2", "outputCount", {"minimum": 1, "maximum": 10}),
        ("text_to_image.create", "gemini_image3_pro", "outputCount", {"enum": [1, 4]}),
        ("sound_effect.create", "seed_audio", "pitchRate", {"minimum": -12, "maximum": 12}),
        ("sound_effect.create", "eleven_text_to_sound_v2", "duration", {"minimum": 0.5}),
        ("text_to_speech.create", "eleven_v3", "speed", {"minimum": 0.7, "maximum": 1.2}),
        ("character_performance.create", "act_two", "expressionIntensity", {"default": 3}),
        ("voice_dubbing.create", "eleven_voice_dubbing", "numSpeakers", {"exclusiveMinimum": 0}),
        ("recipes.multi_shot_video", "custom", "shots[].prompt", {"minLength": 3}),
        ("recipes.product_ad", "body", "productInfo", {"maxLength": 2500, "default": ""}),
        ("generate.video.create", "body", "configId", {"pattern": "^[a-z][a-z0-9_-]{0,63}$"}),
        ("avatars.create", "body", "personality", {"minLength": 1, "maxLength": 10000}),
        ("documents.create", "body", "content", {"minLength": 1, "maxLength": 200000}),
        ("uploads.create_ephemeral", "body", "filename", {"minLength": 3, "maxLength": 255}),
        ("voices.create", "body", "from.prompt", {"minLength": 20, "maxLength": 1000}),
        ("realtime_sessions.create", "gwm1_avatars", "maxDuration", {"default": 300}),
    ],
)
def test_a_field_is_bounded_as_published(
    operation: str, model: str, path: str, expected: dict[str, Any]
) -> None:
    found = list(at(variant(operation, model), path))
    assert any(expected.items() <= schema.items() for schema in found), found


@pytest.mark.parametrize(
    ("kind", "longest"), [("Image", 5_242_880), ("Video", 16_777_216), ("Audio", 16_777_216)]
)
def test_a_medium_is_a_url_an_upload_or_a_data_uri(kind: str, longest: int) -> None:
    scheme = rf"^data:{kind.lower()}\/.*"
    assert document()["components"]["schemas"][f"{kind}Uri"]["anyOf"] == [
        {"type": "string", "minLength": 13, "maxLength": 2048, "pattern": r"^https:\/\/.*"},
        {"type": "string", "minLength": 13, "maxLength": 5000, "pattern": r"^runway:\/\/.*"},
        {"type": "string", "minLength": 13, "maxLength": longest, "pattern": scheme},
    ]


def _closed(operation: str) -> set[str]:
    for _, _, found in operations():
        if found["operationId"] == operation:
            bodies = variants(found)
            return {one["title"] for one in bodies if one.get("additionalProperties") is False}
    raise KeyError(operation)


@pytest.mark.parametrize(
    ("operation", "closed", "open_"),
    [
        (
            "image_to_video.create",
            {"hailuo3", "happyhorse_1_0", "seedance2", "seedance2_fast", "seedance2_mini"},
            {"gen4.5", "gen4_turbo", "veo3.1", "veo3.1_fast", "gemini_omni_flash"},
        ),
        ("text_to_video.create", {"hailuo3", "seedance2_5"}, {"gen4.5", "veo3.1"}),
        ("video_to_video.create", {"aleph2", "gemini_omni_flash", "hailuo3"}, set()),
        (
            "text_to_image.create",
            {"gpt_image_2", "gemini_image3_pro", "seedream5_pro", "seedream5_lite"},
            {"gen4_image", "gen4_image_turbo", "gemini_2.5_flash", "gemini_image3.1_flash"},
        ),
        ("character_performance.create", set(), {"act_two"}),
        ("text_to_speech.create", {"seed_audio"}, {"eleven_v3", "eleven_multilingual_v2"}),
        ("voices.update", {"body"}, set()),
        ("generate.video.create", {"body"}, set()),
        ("recipes.product_ugc", {"body"}, set()),
    ],
)
def test_only_what_is_known_to_refuse_unknown_keys_does(
    operation: str, closed: set[str], open_: set[str]
) -> None:
    assert closed <= _closed(operation)
    assert not open_ & _closed(operation)


@pytest.mark.parametrize(
    ("operation", "model", "path", "window"),
    [
        ("image_to_video.create", "gen4_turbo", "promptImage", {"aspect": [0.5, 2.358]}),
        ("image_to_video.create", "gen4.5", "promptImage", {"aspect": [0.5, 2]}),
        ("image_to_video.create", "hailuo3", "promptImage", {"aspect": [0.2, 4]}),
        ("image_to_video.create", "h3_max", "promptImage", {"min_side_px": 256}),
        ("video_to_video.create", "aleph2", "videoUri", {"seconds": [2, 30], "max_fps": 30}),
        ("character_performance.create", "act_two", "reference", {"seconds": [3, 30]}),
        (
            "video_upscale.create",
            "magnific_video_upscaler_creative",
            "videoUri",
            {"kind": "video", "seconds": [None, 30]},
        ),
        ("recipes.product_swap", "body", "referenceVideo", {"seconds": [1.8, 15]}),
        ("voices.create", "body", "from", {"seconds": [10, 300], "max_bytes": 10 * 1024 * 1024}),
    ],
)
def test_a_medium_has_the_published_window(
    operation: str, model: str, path: str, window: dict[str, Any]
) -> None:
    found = list(_windows(variant(operation, model)["properties"][path]))
    assert found
    assert all(window.items() <= one.items() for one in found), found


def _windows(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for one in value:
            yield from _windows(one)
    elif isinstance(value, dict):
        if "x-runway-media" in value:
            yield value["x-runway-media"]
        for one in value.values():
            yield from _windows(one)


@pytest.mark.parametrize(
    ("operation", "model", "unit", "credits_"),
    [
        ("image_to_video.create", "gen4.5", "second", [12]),
        ("image_to_video.create", "gen4_turbo", "second", [5]),
        ("image_to_video.create", "veo3.1", "second", [20, 40]),
        ("text_to_video.create", "veo3.1_fast", "second", [10, 15]),
        ("text_to_video.create", "seedance2", "second", [150, 40, 36]),
        ("text_to_video.create", "seedance2_fast", "second", [29]),
        ("character_performance.create", "act_two", "input_second", [5]),
        ("video_to_video.create", "aleph2", "input_second", [28]),
        ("text_to_image.create", "gen4_image", "output", [5, 8]),
        ("text_to_image.create", "gen4_image_turbo", "output", [2]),
        ("text_to_image.create", "gemini_image3_pro", "output", [40, 20]),
        ("text_to_image.create", "ideogram_4_0", "output", [4, 11, 7]),
        (
            "video_upscale.create",
            "magnific_video_upscaler_creative",
            "input_frame",
            [0.7, 1.2, 0.9],
        ),
        ("video_to_hdr.create", "ruby", "input_second", [40, 20]),
        ("text_to_speech.create", "seed_audio", "second", [0.25]),
        ("text_to_speech.create", "eleven_v3", "character", [1]),
    ],
)
def test_a_price_has_the_published_rates(
    operation: str, model: str, unit: str, credits_: list[float]
) -> None:
    price = variant(operation, model)["x-runway-price"]
    assert price["mark"] == "D"
    assert price["unit"] == unit
    assert [rate["credits"] for rate in price["rates"]] == credits_


@pytest.mark.parametrize(
    ("operation", "model", "least"),
    [
        ("video_to_video.create", "aleph2", 56),
        ("text_to_video.create", "seedance2_mini", 64),
        ("text_to_video.create", "seedance2_5", 80),
        ("text_to_speech.create", "seed_audio", 5),
    ],
)
def test_a_price_has_the_published_minimum(operation: str, model: str, least: int) -> None:
    assert variant(operation, model)["x-runway-price"]["minimum"] == least


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        (
            "bad_version",
            400,
            {
                "error": "The API version that was provided in the X-Runway-Version header is not"
                " valid.",
                "docUrl": DOC,
            },
        ),
        (
            "not_enough_credits",
            400,
            {"error": "You do not have enough credits to run this task.", "docUrl": DOC},
        ),
        ("task_not_found", 404, {"error": "Could not find Task"}),
        (
            "daily_limit",
            429,
            {"error": "Your daily task limit has been reached.", "docUrl": DOC},
        ),
        ("validation", 400, {"error": "Validation of body failed", "issues": [], "docUrl": DOC}),
        (
            "on_behalf_of",
            400,
            {"error": "X-Runway-On-Behalf-Of request header was not specified for task creation"},
        ),
        ("model_not_available", 403, {"error": "Model variant {model} is not available"}),
    ],
)
def test_an_error_has_the_captured_body(name: str, status: int, body: dict[str, Any]) -> None:
    error = document()["x-runway-errors"][name]
    assert (error["status"], error["body"]) == (status, body)
    assert list(error["body"]) == list(body)


def test_the_daily_limit_is_as_long_as_its_captured_content_length() -> None:
    body = document()["x-runway-errors"]["daily_limit"]["body"]
    assert len(json.dumps(body, separators=(",", ":"))) == 96


@pytest.mark.parametrize(
    ("code", "refunded"),
    [
        ("SAFETY.INPUT.TEXT", False),
        ("SAFETY.INPUT.IMAGE", False),
        ("SAFETY.INPUT.VIDEO", False),
        ("SAFETY.INPUT.AUDIO", False),
        ("SAFETY.OUTPUT.VIDEO", True),
        ("INPUT_PREPROCESSING.SAFETY.TEXT", True),
        ("INPUT_PREPROCESSING.SAFETY.THIRD_PARTY", True),
        ("INPUT_PREPROCESSING.INTERNAL", True),
        ("INTERNAL.BAD_OUTPUT.CODE01", True),
        ("INTERNAL", True),
        ("ASSET.INVALID", True),
        ("THIRD_PARTY.UNAVAILABLE", True),
        ("THIRD_PARTY.INPUT_VALIDATION", True),
    ],
)
def test_only_moderated_inputs_are_not_refunded(code: str, refunded: bool) -> None:
    assert document()["x-runway-failures"][code]["refunded"] is refunded


@pytest.mark.parametrize(
    ("group", "concurrent", "daily"),
    [
        ("video", [1, 3, 5, 10, 20], [50, 500, 1_000, 5_000, 25_000]),
        ("image", [2, 3, 5, 10, 20], [200, 1_000, 2_000, 10_000, 30_000]),
        ("audio", [2, 3, 5, 10, 20], [200, 1_000, 2_000, 10_000, 30_000]),
        ("characters", [1, 3, 5, 10, 20], [50, 500, 1_000, 5_000, 25_000]),
        ("tools", [1, 3, 5, 10, 20], [50, 1_000, 2_000, 10_000, 30_000]),
    ],
)
def test_the_tiers_are_the_published_ones(
    group: str, concurrent: list[int], daily: list[int]
) -> None:
    tiers = document()["x-runway-tiers"][group]["tiers"]
    assert [tier["concurrent"] for tier in tiers] == concurrent
    assert [tier["daily"] for tier in tiers] == daily


def test_a_tier_one_account_may_spend_a_hundred_dollars_a_month() -> None:
    assert document()["x-runway-tiers"]["monthly_credits"]["value"][0] == 10_000


@pytest.mark.parametrize(
    ("status", "keys"),
    [
        ("PENDING", ["id", "createdAt", "status", "estimatedCost"]),
        ("THROTTLED", ["id", "createdAt", "status", "estimatedCost"]),
        ("RUNNING", ["id", "createdAt", "status", "progress", "estimatedCost"]),
        ("SUCCEEDED", ["id", "createdAt", "status", "output", "cost"]),
        ("FAILED", ["id", "createdAt", "status", "failure", "failureCode", "cost"]),
        ("CANCELLED", ["id", "createdAt", "status", "cost"]),
    ],
)
def test_a_task_has_the_keys_of_its_status_in_the_order_of_the_wire(
    status: str, keys: list[str]
) -> None:
    for task in document()["components"]["schemas"]["Task"]["oneOf"]:
        if task["properties"]["status"] == {"const": status}:
            assert list(task["properties"]) == keys
            assert set(task["required"]) == set(keys) - {"failureCode"}
            assert task["additionalProperties"] is False
            return
    pytest.fail(f"no task is {status}")
