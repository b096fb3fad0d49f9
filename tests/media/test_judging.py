"""The verdicts: every rule by its edge, and which rule wins."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from pytest_runway.errors import ContractError
from pytest_runway.media.craft.aac import m4a
from pytest_runway.media.craft.clips import clip
from pytest_runway.media.craft.isobmff import padded_movie
from pytest_runway.media.craft.jpeg import jpeg, padded_jpeg
from pytest_runway.media.craft.png import png
from pytest_runway.media.craft.sounds import wav
from pytest_runway.media.craft.webp import webp
from pytest_runway.media.judging import examine, judge, judge_data_uri
from pytest_runway.media.library import sample, samples
from pytest_runway.media.limits import Limits
from pytest_runway.media.rules import Rules
from pytest_runway.media.verdicts import Late, Refusal, Verdict
from tests.media.rules import LIMITS, MIB, RULES

ALL = samples()


def word(verdict: Verdict) -> str:
    if verdict is None:
        return "accepted"
    return "refused" if isinstance(verdict, Refusal) else "late"


@pytest.mark.parametrize("name", ALL)
def test_a_sample_gets_the_verdict_that_its_maker_wrote_down(name: str) -> None:
    made = sample(name)
    verdict = judge(made.data, kind=made.kind, declared_type=made.content_type, rules=RULES)
    assert word(verdict) == made.verdict


@pytest.mark.parametrize("name", [name for name in ALL if sample(name).data])
def test_a_sample_gets_the_same_verdict_as_a_data_uri(name: str) -> None:
    made = sample(name)
    assert word(judge_data_uri(made.data_uri, kind=made.kind, rules=RULES)) == made.verdict


MISNAMED = {"png_named.jpg", "webm_named.mp4", "wav_named.mp3", "gif_named.png"}


@pytest.mark.parametrize("name", sorted(MISNAMED))
def test_an_upload_speaks_for_itself_and_its_name_does_not_matter(name: str) -> None:
    made = sample(name)
    verdict = judge(made.data, kind=made.kind, transport="upload", rules=RULES)
    assert word(verdict) == ("refused" if name == "gif_named.png" else "accepted")


def verdict_on(data: bytes, kind: Any, limits: Limits) -> Verdict:
    return judge(data, kind=kind, limits=limits, rules=RULES)


HALF_TO_TWO = Limits(aspect=(0.5, 2))
THREE_TO_THIRTY = Limits(seconds=(3, 30))

EDGES: list[tuple[str, Any, bytes, Limits, Refusal | None]] = [
    ("8000 a side", "image", jpeg(8000, 8000), Limits(), None),
    (
        "8001 a side",
        "image",
        webp(8001, 8000),
        Limits(),
        Refusal(
            "Invalid asset dimensions. Width and height must be at most 8000px. Got 8001x8000."
        ),
    ),
    ("the field's own greatest side", "image", png(4096, 1), Limits(max_side_px=4096), None),
    (
        "above the field's own greatest side",
        "image",
        png(1, 4097),
        Limits(max_side_px=4096),
        Refusal("Invalid asset dimensions. Width and height must be at most 4096px. Got 1x4097."),
    ),
    ("300 a side", "image", png(300, 300), Limits(min_side_px=300), None),
    (
        "299 a side",
        "image",
        png(300, 299),
        Limits(min_side_px=300),
        Refusal("Invalid asset dimensions. Width and height must be at least 300px. Got 300x299."),
    ),
    ("as narrow as may be", "image", png(500, 1000), HALF_TO_TWO, None),
    (
        "too narrow",
        "image",
        png(462, 1000),
        HALF_TO_TWO,
        Refusal(
            "Invalid asset aspect ratio. width / height ratio must be at least 0.5. Got 0.462."
        ),
    ),
    ("as wide as may be", "image", png(1000, 500), HALF_TO_TWO, None),
    (
        "too wide",
        "image",
        png(1001, 500),
        HALF_TO_TWO,
        Refusal("Invalid asset aspect ratio. width / height ratio must be at most 2. Got 2.002."),
    ),
    (
        "too wide by three decimals",
        "image",
        png(2359, 1000),
        Limits(aspect=(0.5, 2.358)),
        Refusal(
            "Invalid asset aspect ratio. width / height ratio must be at most 2.358. Got 2.359."
        ),
    ),
    ("open at one end", "image", png(9, 1), Limits(aspect=(0.5, None)), None),
    (
        "too narrow once it is turned",
        "image",
        jpeg(1000, 400, orientation=6),
        HALF_TO_TWO,
        Refusal(
            "Invalid asset aspect ratio. width / height ratio must be at least 0.5. Got 0.400."
        ),
    ),
    ("three seconds", "video", clip("mp4", 64, 64, 3000), THREE_TO_THIRTY, None),
    (
        "a millisecond short",
        "video",
        clip("mp4", 64, 64, 2999),
        THREE_TO_THIRTY,
        Refusal(
            "Asset duration must be at least 3 seconds",
            "too_small",
            (("minimum", 3), ("type", "number"), ("inclusive", True), ("origin", "number")),
        ),
    ),
    ("thirty seconds", "video", clip("mov", 64, 64, 30_000), THREE_TO_THIRTY, None),
    (
        "a millisecond long",
        "video",
        clip("mov", 64, 64, 30_001),
        THREE_TO_THIRTY,
        Refusal(
            "Asset duration must be at most 30 seconds",
            "too_big",
            (("maximum", 30), ("type", "number"), ("inclusive", True), ("origin", "number")),
        ),
    ),
    (
        "1.8 seconds are asked for",
        "video",
        clip("mp4", 64, 64, 1700),
        Limits(seconds=(1.8, 15)),
        Refusal(
            "Asset duration must be at least 1.8 seconds",
            "too_small",
            (("minimum", 1.8), ("type", "number"), ("inclusive", True), ("origin", "number")),
        ),
    ),
    ("a sound of ten seconds", "audio", wav(10_000), Limits(seconds=(10, 300)), None),
    (
        "a sound that is too short",
        "audio",
        m4a(9999),
        Limits(seconds=(10, 300)),
        Refusal(
            "Asset duration must be at least 10 seconds",
            "too_small",
            (("minimum", 10), ("type", "number"), ("inclusive", True), ("origin", "number")),
        ),
    ),
    ("30 frames a second", "video", clip("mp4", 64, 64, 2000, fps=30), Limits(max_fps=30), None),
    (
        "31 frames a second",
        "video",
        clip("mp4", 64, 64, 2000, fps=31),
        Limits(max_fps=30),
        Refusal(
            "Asset frame rate must be at most 30 frames per second",
            "too_big",
            (("maximum", 30), ("type", "number"), ("inclusive", True), ("origin", "number")),
        ),
    ),
    (
        "a clip of 8002 pixels",
        "video",
        clip("mp4", 8002, 400, 1000, fps=1),
        Limits(max_side_px=8002),
        None,
    ),
    ("16 MB", "image", padded_jpeg(jpeg(8, 8), 16 * MIB), Limits(), None),
    (
        "16 MB and a byte",
        "image",
        padded_jpeg(jpeg(8, 8), 16 * MIB + 1),
        Limits(),
        Refusal("Asset size exceeds 16.0MB"),
    ),
    ("32 MB", "video", padded_movie(clip("mp4", 64, 64, 1000), 32 * MIB), Limits(), None),
    (
        "32 MB and a byte",
        "video",
        padded_movie(clip("mp4", 64, 64, 1000), 32 * MIB + 1),
        Limits(),
        Refusal("Asset size exceeds 32.0MB"),
    ),
    (
        "the field's own size",
        "audio",
        wav(1000, rate=48_000) + bytes(1),
        Limits(max_bytes=96_044),
        Refusal("Asset size exceeds 0.1MB"),
    ),
]


@pytest.mark.parametrize(
    ("kind", "data", "limits", "expected"), [e[1:] for e in EDGES], ids=[e[0] for e in EDGES]
)
def test_a_limit_holds_to_its_edge(
    kind: Any, data: bytes, limits: Limits, expected: Refusal | None
) -> None:
    assert verdict_on(data, kind, limits) == expected


def test_the_issue_of_a_duration_is_the_one_that_was_captured() -> None:
    verdict = verdict_on(clip("mp4", 64, 64, 31_000), "video", Limits(seconds=(None, 30)))
    assert isinstance(verdict, Refusal)
    assert verdict.issue(["videoUri"]) == {
        "code": "too_big",
        "maximum": 30,
        "type": "number",
        "inclusive": True,
        "origin": "number",
        "message": "Asset duration must be at most 30 seconds",
        "path": ["videoUri"],
    }


def test_the_issue_of_anything_else_is_custom() -> None:
    verdict = verdict_on(png(8001, 1), "image", Limits())
    assert isinstance(verdict, Refusal)
    assert verdict.issue(("promptImage", 0, "uri")) == {
        "code": "custom",
        "message": "Invalid asset dimensions. Width and height must be at most 8000px. Got 8001x1.",
        "path": ["promptImage", 0, "uri"],
    }


def test_a_data_uri_of_another_type_is_refused_in_the_documented_words() -> None:
    uri = "data:image/gif;base64," + b64encode(sample("still.gif").data).decode()
    assert judge_data_uri(uri, kind="image", rules=RULES) == Refusal(
        "Unsupported asset type. Data URIs must include the content type of the value they encode."
    )


def test_a_data_uri_is_measured_in_characters() -> None:
    start = "data:image/jpeg;base64,"
    small = b64encode(padded_jpeg(jpeg(8, 8), (5 * MIB - len(start)) // 4 * 3)).decode()
    large = b64encode(padded_jpeg(jpeg(8, 8), 5 * MIB // 4 * 3)).decode()
    assert judge_data_uri(start + small, kind="image", rules=RULES) is None
    refused = judge_data_uri(start + large, kind="image", rules=RULES)
    assert refused == Refusal("Asset size exceeds 5.0MB")


TURNED_AND_CUT = jpeg(1000, 400, orientation=6)[:-2]
FIRST = [
    ("type before size", bytes(17 * MIB), "image/gif", Limits(), "Unsupported asset type."),
    ("size before content", bytes(17 * MIB), "image/png", Limits(), "Asset size exceeds"),
    ("content before sides", webp(9000, 1), "image/png", Limits(), "Unsupported asset type."),
    ("sides before shape", webp(9000, 1), "image/webp", HALF_TO_TWO, "Invalid asset dimensions."),
    ("shape before damage", TURNED_AND_CUT, "image/jpeg", HALF_TO_TWO, "Invalid asset aspect"),
]


@pytest.mark.parametrize(
    ("data", "declared", "limits", "start"), [f[1:] for f in FIRST], ids=[f[0] for f in FIRST]
)
def test_of_two_wrongs_the_first_in_order_is_reported(
    data: bytes, declared: str, limits: Limits, start: str
) -> None:
    verdict = judge(data, kind="image", declared_type=declared, limits=limits, rules=RULES)
    assert isinstance(verdict, Refusal)
    assert verdict.message.startswith(start)


@pytest.mark.parametrize("declared", ["", "application/octet-stream", "text/html", "video/mp4"])
def test_a_server_that_does_not_say_image_is_refused(declared: str) -> None:
    verdict = judge(png(8, 8), kind="image", declared_type=declared, rules=RULES)
    assert verdict == Refusal(
        "Unsupported asset type. Expected one of image/jpg, image/jpeg, image/png, image/webp; "
        f"got {declared or 'none'}."
    )


def test_parameters_and_case_of_a_content_type_do_not_matter() -> None:
    declared = "Image/PNG; charset=binary"
    assert judge(png(8, 8), kind="image", declared_type=declared, rules=RULES) is None


@pytest.mark.parametrize("declared", ["video/mp4", "video/quicktime", "video/3gpp"])
def test_mp4_mov_and_3gp_go_by_each_others_names(declared: str) -> None:
    data = clip("mov", 64, 64, 1000)
    assert judge(data, kind="video", declared_type=declared, rules=RULES) is None


def test_a_sound_is_no_clip() -> None:
    assert judge(m4a(5000), kind="video", declared_type="video/mp4", rules=RULES) == Refusal(
        "Unsupported asset type. The content is m4a, which is not taken."
    )


def test_damage_that_shows_only_later_is_late() -> None:
    verdict = judge(jpeg(640, 480)[:-2], kind="image", rules=RULES)
    assert verdict == Late("the file stops before its end", "ASSET.INVALID")


def test_limits_are_those_of_the_annotation() -> None:
    annotation = {"kind": "video", "aspect": [0.5, 2], "seconds": [None, 30], "max_fps": 30}
    expected = Limits(aspect=(0.5, 2), seconds=(None, 30), max_fps=30)
    assert Limits.from_annotation(annotation) == expected


def test_a_limit_that_nothing_checks_is_refused() -> None:
    with pytest.raises(ContractError, match="x-runway-media says \\['colour'\\], which nothing"):
        Limits.from_annotation({"kind": "image", "colour": "red"})


def test_rules_with_a_hole_are_refused() -> None:
    with pytest.raises(ContractError, match="do not say 'side_px'"):
        Rules.from_limits({key: value for key, value in LIMITS.items() if key != "side_px"})
    messages = {k: v for k, v in LIMITS["media_messages"].items() if k != "slow"}
    with pytest.raises(ContractError, match="differ in \\['slow'\\]"):
        Rules.from_limits(LIMITS | {"media_messages": messages})


def test_what_was_read_comes_with_the_verdict() -> None:
    found = examine(clip("mp4", 64, 64, 31_000), kind="video", limits=THREE_TO_THIRTY, rules=RULES)
    assert isinstance(found.verdict, Refusal)
    assert found.facts is not None
    assert found.facts.duration_ms == 31_000


def test_what_was_refused_unread_has_no_facts() -> None:
    found = examine(png(8, 8), kind="image", declared_type="image/gif", rules=RULES)
    assert (found.verdict is None, found.facts) == (False, None)
