"""Which strings are media, and what a body asks to get."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_runway.contract import MediaValue, Output, load

from .bodies import Bodies
from .mini import contract

IMAGES = contract().operation("images")[0]
FILMER = IMAGES.by_tag["filmer"]
PAINTER = IMAGES.by_tag["painter"]
URI = "https://a.example/b.png"
ASPECT = {"aspect": [0.5, 2]}


def test_media_are_found_with_their_paths_and_limits() -> None:
    body = {
        "model": "filmer",
        "sound": {"uri": "anything"},
        "promptImage": [{"uri": URI, "position": "last"}, {"uri": "data:image/png,x"}],
    }
    assert IMAGES.check(body).issues == ()
    assert list(FILMER.media(body)) == [
        MediaValue(("promptImage", 0, "uri"), URI, "image", ASPECT),
        MediaValue(("promptImage", 1, "uri"), "data:image/png,x", "image", ASPECT),
        MediaValue(("sound", "uri"), "anything", "audio", {"seconds": [1, 15]}),
    ]


def test_a_string_in_place_of_a_list_is_a_medium_itself() -> None:
    body = {"model": "filmer", "promptImage": URI}
    assert [each.path for each in FILMER.media(body)] == [("promptImage",)]


def test_limits_beside_a_reference_are_laid_over_those_of_what_it_refers_to() -> None:
    variant = load().operation("image_to_video")[0].by_tag["gen4_turbo"]
    (found,) = variant.media({"model": "gen4_turbo", "promptImage": URI})
    assert (found.kind, found.limits) == ("image", {"aspect": [0.5, 2.358]})


@pytest.mark.parametrize(
    ("operation", "body", "paths"),
    [
        (
            "character_performance",
            {
                "model": "act_two",
                "character": {"type": "image", "uri": URI},
                "reference": {"type": "video", "uri": "https://a.example/b.mp4"},
            },
            {("character", "uri"): "image", ("reference", "uri"): "video"},
        ),
        (
            "video_to_video",
            {
                "model": "aleph2",
                "videoUri": "https://a.example/b.mp4",
                "keyframes": [{"uri": URI, "at": 0.5}, {"uri": URI, "seconds": 1}],
            },
            {
                ("videoUri",): "video",
                ("keyframes", 0, "uri"): "image",
                ("keyframes", 1, "uri"): "image",
            },
        ),
        (
            "text_to_speech",
            {
                "model": "seed_audio",
                "promptText": "x",
                "voice": {"type": "reference-audio", "audioUri": URI},
            },
            {("voice", "audioUri"): "audio"},
        ),
        (
            "recipes/product_ad",
            {"version": "2026-06", "productImages": [{"uri": URI}]},
            {("productImages", 0, "uri"): "image"},
        ),
    ],
)
def test_media_are_found_wherever_a_body_holds_them(
    operation: str, body: dict[str, Any], paths: dict[Any, str]
) -> None:
    found = load().operation(operation)[0]
    checked = found.check(body)
    assert checked.issues == ()
    assert checked.variant is not None
    assert {each.path: each.kind for each in checked.variant.media(body)} == paths


@pytest.mark.parametrize(
    ("body", "output"),
    [
        ({}, Output("image", "png", 1, None, None, None)),
        ({"ratio": "1280:720"}, Output("image", "png", 1, 1280, 720, None)),
        ({"outputFormat": "jpeg", "outputCount": 3}, Output("image", "jpg", 3, None, None, None)),
        ({"ratio": "auto", "duration": 4}, Output("image", "png", 1, None, None, 4)),
    ],
)
def test_a_body_asks_for_an_output(body: dict[str, Any], output: Output) -> None:
    assert PAINTER.outputs(body) == output


def test_the_length_that_is_billed_is_the_length_that_comes_out() -> None:
    assert FILMER.outputs({}).seconds == 5
    assert FILMER.outputs({"duration": 7}).seconds == 7


def test_some_formats_come_with_another_file() -> None:
    variant = load().operation("video_to_video")[0].by_tag["aleph2"]
    asked = variant.outputs({"model": "aleph2", "outputFormat": "png_sequence"})
    assert (asked.format, asked.also) == ("zip", (("audio", "wav"),))


def test_every_variant_that_makes_something_says_what_and_for_how_much() -> None:
    import random

    contract = load()
    source = Bodies(random.Random(5), contract.document["components"]["schemas"])
    for operation in contract.operations:
        if operation.behaviour in ("generate", "route"):
            for variant in operation.variants:
                body = source.valid(dict(variant.schema))
                output = variant.outputs(body)
                assert output.kind in ("image", "video", "audio"), variant.name
                assert output.format, variant.name
                assert output.count >= 1, variant.name
                assert variant.tier_group in contract.tiers, variant.name
                assert variant.estimate(body) > 0 or operation.behaviour == "route", variant.name
