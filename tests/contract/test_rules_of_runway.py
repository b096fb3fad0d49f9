"""The rules that stand in Runway's prose alone: a body that holds, and one that does not."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_runway.contract import load

IMAGE = "https://example.com/a.png"
VIDEO = "https://example.com/a.mp4"
AUDIO = "https://example.com/a.mp3"
USUAL = {
    "promptText": "a slow dolly-in",
    "promptImage": IMAGE,
    "promptVideo": VIDEO,
    "videoUri": VIDEO,
    "duration": 5,
    "version": "2026-06",
    "mode": "custom",
}
FIRST, LAST = {"position": "first"}, {"position": "last"}
PLAIN: dict[str, str] = {}


def frames(*places: dict[str, str]) -> dict[str, Any]:
    return {"promptImage": [{"uri": IMAGE, **place} for place in places]}


def references(*more: dict[str, str], key: str = "referenceImages") -> dict[str, Any]:
    return {key: [{"uri": IMAGE, **each} for each in more]}


def segments(*seconds: int, **more: Any) -> dict[str, Any]:
    shots = [{"prompt": "a street", "duration": each} for each in seconds]
    return {"providerSettings": {"multiPrompt": shots, **more}}


def shots(*seconds: int, **more: Any) -> dict[str, Any]:
    return {"shots": [{"prompt": "a street", "duration": each} for each in seconds], **more}


def keyframe(seconds: int, start: int | None = None, end: int | None = None) -> dict[str, Any]:
    span = {} if start is None else {"range": {"start_seconds": start, "end_seconds": end}}
    return {"uri": IMAGE, "seconds": seconds, **span}


def prores(form: str, profile: str) -> dict[str, Any]:
    return {"outputFormat": form, "proresProfile": profile}


def routed(**more: Any) -> dict[str, Any]:
    return {"configId": "clips", "input": {"promptText": "a street", **more}}


RULES: list[tuple[str, str, dict[str, Any], dict[str, Any], list[str]]] = [
    ("image_to_video", "veo3.1", frames(FIRST, LAST), frames(LAST), ["promptImage"]),
    ("image_to_video", "hailuo3", frames(PLAIN, PLAIN), frames(FIRST, PLAIN), ["promptImage"]),
    ("image_to_video", "seedance2_5", frames(PLAIN), frames(LAST, PLAIN), ["promptImage"]),
    (
        "image_to_video",
        "wan3",
        {**frames(FIRST), "ratio": "auto_720p"},
        {**frames(FIRST), "ratio": "1280:720"},
        ["ratio"],
    ),
    (
        "image_to_video",
        "gen4.5",
        prores("prores", "422 LT"),
        {"proresProfile": "422 LT"},
        ["proresProfile"],
    ),
    (
        "image_to_video",
        "gen4.5",
        prores("hdr_prores", "422 HQ"),
        prores("hdr_prores", "422 LT"),
        ["proresProfile"],
    ),
    ("text_to_video", "gen4.5", {}, prores("mp4", "4444"), ["proresProfile"]),
    (
        "image_to_video",
        "kling3.0_pro",
        segments(5, 10),
        segments(5, 11),
        ["providerSettings", "multiPrompt"],
    ),
    (
        "text_to_video",
        "klingO3_pro",
        {"promptText": "a street", **segments(5, shotType="intelligence")},
        {"promptText": ..., **segments(5, shotType="intelligence")},
        ["promptText"],
    ),
    (
        "image_to_video",
        "kling_4",
        {**frames(FIRST, LAST), **references(*[{}] * 8, key="references")},
        {**frames(FIRST, LAST), **references(*[{}] * 9, key="references")},
        ["references"],
    ),
    (
        "text_to_video",
        "hailuo3",
        {"ratio": "adaptive", **references({}, key="references")},
        {"ratio": "adaptive", "references": []},
        ["ratio"],
    ),
    (
        "text_to_video",
        "grok_imagine_1_5",
        {"referenceAudio": [{"type": "audio", "uri": AUDIO}], **references({}, key="references")},
        {"referenceAudio": [{"type": "audio", "uri": AUDIO}]},
        ["referenceAudio"],
    ),
    (
        "text_to_video",
        "seedance2_5",
        {"draft": True},
        {"draft": True, "outputFormat": "mov"},
        ["outputFormat"],
    ),
    (
        "text_to_video",
        "seedance2_5",
        {"draftTaskId": "acf9ba3d-a513-42c9-a646-96e8bc97c691"},
        {"draftTaskId": "acf9ba3d-a513-42c9-a646-96e8bc97c691", "promptText": "more"},
        ["draftTaskId"],
    ),
    (
        "text_to_video",
        "grok_imagine_1_5",
        {"resolution": "720p", **references({}, key="references")},
        {"resolution": "1080p", **references({}, key="references")},
        ["resolution"],
    ),
    (
        "video_to_video",
        "aleph2",
        {"targetAspectRatio": "16:9"},
        {"targetAspectRatio": "16:9", "ratio": "1280:720"},
        ["ratio"],
    ),
    (
        "video_to_video",
        "seedance2_5",
        {"mode": "edit", "promptText": "x", "duration": "auto"},
        {"mode": "edit", "promptText": "x"},
        ["duration"],
    ),
    (
        "video_to_video",
        "seedance2_5",
        {"mode": "extend", "promptText": "on"},
        {"mode": "extend", "promptText": ...},
        ["promptText"],
    ),
    (
        "video_to_video",
        "seedance2_5",
        {"mode": "reference", "ratio": "1280:720"},
        {"mode": "extend", "promptText": "on", "ratio": "1280:720"},
        ["ratio"],
    ),
    (
        "video_to_video",
        "seedance2_5",
        {"mode": "edit", "promptText": "x", "duration": "auto"},
        {"mode": "edit", "promptText": "x", "duration": 5},
        ["duration"],
    ),
    (
        "video_to_video",
        "aleph2",
        {"keyframes": [keyframe(1, 0, 2), keyframe(3, 2, 4)]},
        {"keyframes": [keyframe(1, 0, 2), keyframe(3)]},
        ["keyframes"],
    ),
    (
        "video_to_video",
        "aleph2",
        {"keyframes": [keyframe(2, 0, 2)]},
        {"keyframes": [keyframe(3, 0, 2)]},
        ["keyframes"],
    ),
    ("video_to_video", "aleph2", prores("prores", "422"), prores("mp4", "422"), ["proresProfile"]),
    ("video_to_hdr", "ruby", prores("hdr_prores", "422"), prores("hlg", "422"), ["proresProfile"]),
    (
        "text_to_image",
        "gpt_image_2",
        references({"tag": "cat"}, {"tag": "dog"}, {}),
        references({"tag": "cat"}, {"tag": "cat"}),
        ["referenceImages"],
    ),
    (
        "text_to_image",
        "gemini_image3_pro",
        references(*[{"subject": "human"}] * 5, *[{"subject": "object"}] * 9),
        references(*[{"subject": "human"}] * 6),
        ["referenceImages"],
    ),
    (
        "text_to_image",
        "gemini_image3.1_flash",
        references({}),
        references(*[{"subject": "object"}] * 10),
        ["referenceImages"],
    ),
    ("text_to_image", "seedream5_lite", {"ratio": "1920:1920"}, {"ratio": "1919:1920"}, ["ratio"]),
    (
        "text_to_image",
        "grok_imagine_image_2",
        {"edit": True, **references({})},
        {"edit": True},
        ["referenceImages"],
    ),
    (
        "text_to_image",
        "ideogram_4_5",
        {"preciseEdit": True, **references({})},
        {"preciseEdit": True},
        ["referenceImages"],
    ),
    (
        "text_to_image",
        "ideogram_4_5",
        {"quality": "very_low", **references({})},
        {"quality": "very_low", "preciseEdit": True, **references({})},
        ["quality"],
    ),
    (
        "text_to_image",
        "ideogram_4_5",
        {"quality": "very_low", **references({})},
        {"quality": "very_low"},
        ["quality"],
    ),
    (
        "text_to_image",
        "ideogram_4_5",
        {"ratio": "1024:576", **references({})},
        {"ratio": "1280:720", **references({})},
        ["ratio"],
    ),
    ("text_to_image", "ideogram_4_5", {"ratio": "1280:720"}, {"ratio": "1024:576"}, ["ratio"]),
    (
        "text_to_image",
        "ideogram_4_5",
        {"preciseEdit": True, **references({})},
        {"preciseEdit": True, "ratio": "1024:1024", **references({})},
        ["ratio"],
    ),
    (
        "text_to_image",
        "ideogram_4_5",
        {"maskUri": IMAGE, **references({})},
        {"maskUri": IMAGE, "ratio": "1024:1024", **references({})},
        ["ratio"],
    ),
    ("text_to_image", "bria_fibo_edit_1_5", references({}), {}, ["referenceImages"]),
    (
        "text_to_image",
        "bria_fibo_edit_1_5",
        {"ratio": "1024:1024", **references({}, {})},
        {"ratio": "1024:1024", **references({})},
        ["ratio"],
    ),
    ("recipes/multi_shot_video", "custom", shots(3, 3, 4), shots(3, 3, 3), ["shots"]),
    (
        "recipes/multi_shot_video",
        "custom",
        shots(1, 2, 2, duration=5),
        shots(5, 5, 5, duration=10),
        ["shots"],
    ),
    *(
        (
            "generate/video",
            "",
            routed(**{key: [{"uri": uri, "role": role}, {"uri": uri, "role": "reference"}]}),
            routed(**{key: [{"uri": uri, "role": role}, {"uri": uri, "role": role}]}),
            ["input", key],
        )
        for key, uri, role in (
            ("referenceImages", IMAGE, "first"),
            ("referenceImages", IMAGE, "last"),
            ("referenceVideos", VIDEO, "source"),
        )
    ),
    (
        "generate/video",
        "",
        routed(keyframes=[keyframe(1)], referenceVideos=[{"uri": VIDEO, "role": "source"}]),
        routed(keyframes=[keyframe(1)], referenceVideos=[{"uri": VIDEO, "role": "reference"}]),
        ["input", "keyframes"],
    ),
]


def issues(operation: str, model: str, fields: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Check a body of the required fields, with some laid over; ``...`` leaves one out."""
    found = load().operation(operation)[0]
    variant = found.by_tag.get(model, found.variants[0])
    required = variant.schema["required"]
    body = {key: USUAL[key] for key in required if key in USUAL}
    if found.tag == "model":
        body["model"] = model
    if "ratio" in required:
        body["ratio"] = variant.schema["properties"]["ratio"].get("enum", ["2048:2048"])[0]
    body = {key: value for key, value in {**body, **fields}.items() if value is not ...}
    return found.check(body).issues


@pytest.mark.parametrize(("operation", "model", "holding", "breaking", "path"), RULES)
def test_a_rule_of_runway_tells_bodies_apart(
    operation: str,
    model: str,
    holding: dict[str, Any],
    breaking: dict[str, Any],
    path: list[str],
) -> None:
    assert issues(operation, model, holding) == ()
    broken = issues(operation, model, breaking)
    assert [(issue["code"], issue["path"]) for issue in broken] == [("custom", path)]


def test_every_rule_of_the_document_is_broken_above() -> None:
    stated = {
        rule["message"]
        for operation in load().operations
        for variant in operation.variants
        for rule in variant.rules
    }
    broken = {
        issue["message"]
        for operation, model, _, breaking, _ in RULES
        for issue in issues(operation, model, breaking)
    }
    assert stated - broken == set()
