"""Every rule across fields of the document: one body that keeps it, one that breaks it."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_runway.contract import load

CONTRACT = load()
I = "https://example.com/a.png"  # noqa: E741  stands for an image wherever it is short of room
V = "https://example.com/a.mp4"
REF = {"uri": I}
FIRST = {"uri": I, "position": "first"}
LAST = {"uri": I, "position": "last"}
AUDIO = {"type": "audio", "uri": "https://example.com/a.mp3"}
I2V, T2V, V2V, T2I = (
    f"/v1/{name}" for name in ("image_to_video", "text_to_video", "video_to_video", "text_to_image")
)
RANGE = {"start_seconds": 2, "end_seconds": 4}
GEN45 = {"model": "gen4.5", "promptText": "x", "ratio": "1280:720", "duration": 5}
SEEDANCE = {"model": "seedance2_5", "promptVideo": V, "promptText": "x", "duration": "auto"}
MUTE = {"model": "seedance2_5", "promptVideo": V, "mode": "extend"}
KLING = {"model": "kling3.0_pro", "ratio": "1920:1080"}
IDEOGRAM = {"model": "ideogram_4_5", "promptText": "x"}
GPT = {"model": "gpt_image_2", "promptText": "x", "ratio": "auto"}
NANO = {"model": "gemini_image3_pro", "promptText": "x", "ratio": "1024:1024"}
SHOTS = {"version": "2026-06", "mode": "custom"}
ROUTED = {"configId": "fast"}


def shot(seconds: int) -> dict[str, Any]:
    """Return a shot of so many seconds."""
    return {"prompt": "xxx", "duration": seconds}


def segments(*seconds: int, **more: str) -> dict[str, Any]:
    """Return Kling's settings for segments of so many seconds each."""
    prompts = [{"prompt": "xxx", "duration": one} for one in seconds]
    return {"providerSettings": {"multiPrompt": prompts, **more}}


def tagged(*tags: str) -> list[dict[str, str]]:
    """Return a reference image for each tag."""
    return [{"uri": I, "tag": tag} for tag in tags]


def subjects(**counts: int) -> list[dict[str, str]]:
    """Return so many reference images of each subject."""
    return [{"uri": I, "subject": name} for name, count in counts.items() for _ in range(count)]


@pytest.mark.parametrize(
    ("path", "body", "kept", "broken", "at"),
    [
        (
            I2V,
            {"model": "veo3.1", "ratio": "1280:720"},
            {"promptImage": [FIRST, LAST]},
            {"promptImage": [LAST]},
            ["promptImage"],
        ),
        (
            I2V,
            {"model": "h3_max", "promptText": "x"},
            {"promptImage": I},
            {"promptImage": [LAST]},
            ["promptImage"],
        ),
        (
            I2V,
            {"model": "hailuo3", "promptText": "x"},
            {"promptImage": [REF, REF]},
            {"promptImage": [FIRST, REF]},
            ["promptImage"],
        ),
        (
            I2V,
            {"model": "seedance2"},
            {"promptImage": [FIRST, LAST]},
            {"promptImage": [REF, LAST]},
            ["promptImage"],
        ),
        (
            I2V,
            {"model": "wan3", "promptText": "x", "promptImage": [FIRST]},
            {"ratio": "auto_720p"},
            {"ratio": "1280:720"},
            ["ratio"],
        ),
        (
            T2V,
            {"model": "hailuo3", "promptText": "x", "ratio": "adaptive"},
            {"references": [REF]},
            {},
            ["ratio"],
        ),
        (
            I2V,
            {"model": "kling_4", "promptImage": I},
            {"references": [REF] * 9},
            {"references": [REF] * 10},
            ["references"],
        ),
        (
            T2V,
            {"model": "grok_imagine_1_5", "promptText": "x", "referenceAudio": [AUDIO]},
            {"references": [REF]},
            {},
            ["referenceAudio"],
        ),
        (
            T2V,
            {"model": "grok_imagine_1_5", "promptText": "x", "references": [REF]},
            {"resolution": "720p"},
            {"resolution": "1080p"},
            ["resolution"],
        ),
        (
            T2I,
            NANO,
            {"referenceImages": subjects(human=5, object=9)},
            {"referenceImages": subjects(human=6)},
            ["referenceImages"],
        ),
        (
            T2I,
            NANO,
            {"referenceImages": subjects(object=9)},
            {"referenceImages": subjects(object=10)},
            ["referenceImages"],
        ),
        (
            T2I,
            GPT,
            {"referenceImages": [*tagged("cat", "dog"), REF, REF]},
            {"referenceImages": tagged("cat", "dog", "cat")},
            ["referenceImages"],
        ),
        (
            T2I,
            {"model": "grok_imagine_image_2", "promptText": "x", "ratio": "auto_1k", "edit": True},
            {"referenceImages": [REF]},
            {},
            ["referenceImages"],
        ),
        (
            T2I,
            {"model": "bria_fibo_edit_1_5", "promptText": "x"},
            {"referenceImages": [REF]},
            {},
            ["referenceImages"],
        ),
        (
            T2I,
            {"model": "bria_fibo_edit_1_5", "promptText": "x", "ratio": "1024:576"},
            {"referenceImages": [REF, REF]},
            {"referenceImages": [REF]},
            ["ratio"],
        ),
        (
            T2I,
            {**IDEOGRAM, "preciseEdit": True},
            {"referenceImages": [REF]},
            {},
            ["referenceImages"],
        ),
        (
            T2I,
            {**IDEOGRAM, "quality": "very_low"},
            {"referenceImages": [REF]},
            {},
            ["quality"],
        ),
        (
            T2I,
            {**IDEOGRAM, "quality": "very_low", "referenceImages": [REF]},
            {"preciseEdit": False},
            {"preciseEdit": True},
            ["quality"],
        ),
        (
            T2I,
            {**IDEOGRAM, "preciseEdit": True, "referenceImages": [REF]},
            {},
            {"ratio": "auto"},
            ["ratio"],
        ),
        (T2I, {**IDEOGRAM, "maskUri": I}, {}, {"ratio": "auto"}, ["ratio"]),
        (
            T2I,
            {**IDEOGRAM, "referenceImages": [REF]},
            {"ratio": "1024:576"},
            {"ratio": "1280:720"},
            ["ratio"],
        ),
        (T2I, IDEOGRAM, {"ratio": "1280:720"}, {"ratio": "1024:576"}, ["ratio"]),
        (
            T2I,
            {"model": "seedream5_lite", "promptText": "x"},
            {"ratio": "1920:1920"},
            {"ratio": "1919:1920"},
            ["ratio"],
        ),
        (
            T2V,
            GEN45,
            {"proresProfile": "4444 XQ", "outputFormat": "prores"},
            {"proresProfile": "4444 XQ", "outputFormat": "hdr_prores"},
            ["proresProfile"],
        ),
        (
            T2V,
            {**GEN45, "proresProfile": "422"},
            {"outputFormat": "hdr_prores"},
            {"outputFormat": "hlg"},
            ["proresProfile"],
        ),
        (
            T2V,
            {**GEN45, "proresProfile": "422"},
            {"outputFormat": "prores"},
            {},
            ["proresProfile"],
        ),
        (
            V2V,
            {"model": "aleph2", "videoUri": V, "proresProfile": "422"},
            {"outputFormat": "prores"},
            {"outputFormat": "mp4"},
            ["proresProfile"],
        ),
        (
            "/v1/video_to_hdr",
            {"model": "ruby", "videoUri": V, "proresProfile": "422"},
            {"outputFormat": "hdr_prores"},
            {"outputFormat": "hlg"},
            ["proresProfile"],
        ),
        (
            T2V,
            {"model": "seedance2_5", "promptText": "x", "draft": True},
            {"outputFormat": "mp4"},
            {"outputFormat": "mov"},
            ["outputFormat"],
        ),
        (
            T2V,
            {"model": "seedance2_5", "draftTaskId": "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"},
            {},
            {"promptText": "x"},
            ["draftTaskId"],
        ),
        (V2V, MUTE, {"promptText": "x"}, {}, ["promptText"]),
        (V2V, {**SEEDANCE, "mode": "extend"}, {}, {"ratio": "1280:720"}, ["ratio"]),
        (V2V, {**SEEDANCE, "mode": "edit"}, {}, {"duration": 5}, ["duration"]),
        (I2V, {**KLING, "promptImage": I}, segments(5, 10), segments(6, 10), ["providerSettings"]),
        (T2V, KLING, segments(1, 2), segments(1, 1), ["providerSettings"]),
        (
            T2V,
            {**KLING, **segments(5, shotType="intelligence")},
            {"promptText": "xx"},
            {},
            ["promptText"],
        ),
        (
            V2V,
            {"model": "aleph2", "videoUri": V},
            {"keyframes": [{"uri": I, "seconds": 3, "range": RANGE}]},
            {
                "keyframes": [
                    {"uri": I, "seconds": 3, "range": RANGE},
                    {"uri": I, "seconds": 5},
                ]
            },
            ["keyframes"],
        ),
        (
            V2V,
            {"model": "aleph2", "videoUri": V},
            {"keyframes": [{"uri": I, "at": 0.5, "range": RANGE}]},
            {"keyframes": [{"uri": I, "seconds": 5, "range": RANGE}]},
            ["keyframes"],
        ),
        (
            V2V,
            {"model": "aleph2", "videoUri": V, "targetAspectRatio": "16:9"},
            {},
            {"ratio": "16:9"},
            ["ratio"],
        ),
        (
            "/v1/recipes/multi_shot_video",
            SHOTS,
            {"shots": [shot(3), shot(3), shot(4)]},
            {"shots": [shot(3), shot(3), shot(3)]},
            ["shots"],
        ),
        (
            "/v1/recipes/multi_shot_video",
            {**SHOTS, "shots": [shot(5)] * 3},
            {"duration": 15},
            {"duration": 5},
            ["shots"],
        ),
        *(
            (
                "/v1/generate/video",
                ROUTED,
                {"input": {field: [{"uri": I, "role": role}]}},
                {"input": {field: [{"uri": I, "role": role}] * 2}},
                ["input", field],
            )
            for field, role in (
                ("referenceImages", "first"),
                ("referenceImages", "last"),
                ("referenceVideos", "source"),
            )
        ),
        (
            "/v1/generate/video",
            ROUTED,
            {
                "input": {
                    "keyframes": [{"uri": I, "at": 0}],
                    "referenceVideos": [{"uri": V, "role": "source"}],
                }
            },
            {"input": {"keyframes": [{"uri": I, "at": 0}]}},
            ["input", "keyframes"],
        ),
    ],
)
def test_a_rule_across_fields_is_checked(
    path: str,
    body: dict[str, Any],
    kept: dict[str, Any],
    broken: dict[str, Any],
    at: list[str],
) -> None:
    match = CONTRACT.match("POST", path)
    assert match is not None
    assert list(match.operation.check({**body, **kept}).issues) == []
    issues = match.operation.check({**body, **broken}).issues
    assert issues
    assert {issue["code"] for issue in issues} == {"custom"}
    assert at == list(issues[0]["path"])[: len(at)]
