"""Every flaw gets exactly the verdict that follows from how it was made, in every field."""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING, Any

import pytest

from pytest_runway.contract import load
from pytest_runway.errors import UsageError
from pytest_runway.media import (
    NO_LIMITS,
    FlawedMedia,
    Limits,
    Media,
    Refusal,
    Rules,
    check_url,
    judge,
    judge_data_uri,
)
from pytest_runway.media.forge import (
    AUDIO_FORMATS,
    FLAWS,
    IMAGE_FORMATS,
    STYLES,
    TEXT_FLAWS,
    VIDEO_FORMATS,
    AssetUrl,
    audio,
    data_uri,
    flawed,
    flawed_data_uri,
    flawed_url,
    flaws,
    image,
    known,
    video,
)
from pytest_runway.media.library import sample
from tests.media.fields import FIELDS
from tests.media.rules import RULES

if TYPE_CHECKING:
    from pytest_runway.media.rules import Transport
    from pytest_runway.media.verdicts import Verdict

MADE_WITH = {
    "flawed": flawed,
    "image": image,
    "video": video,
    "audio": audio,
    "sample": sample,
    "data_uri": data_uri,
    "flawed_data_uri": flawed_data_uri,
    "Limits": Limits,
}


def verdict_on(media: Media, transport: Transport, limits: Limits) -> Verdict:
    if transport == "data":
        return judge_data_uri(media.data_uri, kind=media.kind, limits=limits, rules=RULES)
    declared = media.content_type if transport == "url" else None
    return judge(
        media.data,
        kind=media.kind,
        transport=transport,
        declared_type=declared,
        limits=limits,
        rules=RULES,
    )


def test_the_rules_of_these_tests_are_those_of_the_contract() -> None:
    assert Rules.from_limits(load().limits) == RULES


def test_the_forge_knows_the_contracts_numbers() -> None:
    limits = load().limits
    assert limits["side_px"] == known.MAX_SIDE_PX
    assert limits["url_chars"] == known.MAX_URL_CHARS
    for (kind, transport), size in known.MAX_BYTES.items():
        assert limits["media_bytes"][kind][transport] == size


CASES = [
    (name, kind, limits)
    for kind, limits in FIELDS
    for name, found in FLAWS.items()
    if found.kind == kind and found.breaks(limits)
]


@pytest.mark.parametrize(("name", "kind", "limits"), CASES, ids=[f"{n}-{r}" for n, _, r in CASES])
def test_a_flaw_is_refused_as_expected_in_every_field(name: str, kind: str, limits: Limits) -> None:
    found = FLAWS[name]
    ways: list[Transport] = ["url", "data"]
    for transport in ways:
        if not found.possible(limits, transport):
            continue
        for values in itertools.product(*found.knobs.values()):
            knobs: dict[str, Any] = dict(zip(found.knobs, values, strict=True))
            media = flawed(name, limits=limits, transport=transport, **knobs)
            assert verdict_on(media, transport, limits) == media.expected, media


@pytest.mark.parametrize(("name", "kind", "limits"), CASES, ids=[f"{n}-{r}" for n, _, r in CASES])
def test_any_number_between_those_listed_is_as_flawed(name: str, kind: str, limits: Limits) -> None:
    dice = random.Random(name)
    for knob, values in FLAWS[name].knobs.items():
        if isinstance(values[0], int) and values[0] == min(values):
            knobs: dict[str, Any] = {knob: dice.randint(values[0], max(values))}
            media = flawed(name, limits=limits, **knobs)
            assert verdict_on(media, "url", limits) == media.expected, media


@pytest.mark.parametrize("name", [n for n, f in FLAWS.items() if "upload" in f.transports])
def test_a_flaw_is_refused_as_expected_in_an_upload(name: str) -> None:
    _, limits = next(f for f in FIELDS if f[0] == FLAWS[name].kind and FLAWS[name].breaks(f[1]))
    media = flawed(name, limits=limits, transport="upload")
    assert verdict_on(media, "upload", limits) == media.expected


@pytest.mark.parametrize("name", FLAWS)
def test_a_flaw_prints_as_the_line_that_makes_it_again(name: str) -> None:
    _, limits = next(f for f in FIELDS if f[0] == FLAWS[name].kind and FLAWS[name].breaks(f[1]))
    knobs = {knob: values[-1] for knob, values in FLAWS[name].knobs.items()}
    made = flawed(name, limits=limits, **knobs)
    again = eval(repr(made), dict(MADE_WITH))  # noqa: S307 - that is the point
    assert isinstance(again, FlawedMedia)
    assert (again.data, again.expected) == (made.data, made.expected)


GOOD = [
    *(image(name, 640, 640) for name in IMAGE_FORMATS),
    image("jpeg", 640, 480, orientation=6, size=5000),
    *(video(name, 640, 640, 5000) for name in VIDEO_FORMATS),
    video("mp4", 640, 480, 5005, fps="30000/1001", audio=True, turned=True, size=20_000),
    *(audio(name, 4800) for name in AUDIO_FORMATS),
    audio("m4a", 5000, size=9000),
]


@pytest.mark.parametrize("media", GOOD, ids=repr)
def test_good_media_are_accepted_and_print_as_the_line_that_makes_them(media: Media) -> None:
    assert verdict_on(media, "url", NO_LIMITS) is None
    assert verdict_on(media, "data", NO_LIMITS) is None
    assert eval(repr(media), dict(MADE_WITH)) == media  # noqa: S307 - that is the point


@pytest.mark.parametrize("name", [n for n in TEXT_FLAWS if n.startswith("data_uri.")])
@pytest.mark.parametrize("media", [image("png", 8, 8), image("webp", 8, 8), audio("wav", 1000)])
def test_a_flawed_data_uri_is_refused_as_expected(name: str, media: Media) -> None:
    made = flawed_data_uri(name, media)
    assert judge_data_uri(made.data_uri, kind=media.kind, rules=RULES) == made.expected
    assert eval(repr(made), dict(MADE_WITH)) == made  # noqa: S307 - that is the point


@pytest.mark.parametrize("style", STYLES)
def test_a_data_uri_is_accepted_however_its_head_is_written(style: str) -> None:
    made = data_uri(style, image("webp", 8, 8))
    assert judge_data_uri(made.data_uri, kind="image", rules=RULES) is None
    assert eval(repr(made), dict(MADE_WITH)) == made  # noqa: S307 - that is the point


@pytest.mark.parametrize("name", [n for n in TEXT_FLAWS if n.startswith("url.")])
@pytest.mark.parametrize("url", ["https://example.com/asset.jpg", "https://a.example/b/c?d=e#f"])
def test_a_flawed_url_is_refused_as_expected(name: str, url: str) -> None:
    made = flawed_url(name, url)
    assert made.flaw == name
    assert check_url(made, RULES) == made.expected


def test_a_url_without_a_flaw_says_so() -> None:
    url = AssetUrl("https://example.com/a.jpg")
    assert (url.flaw, url.expected) == (None, None)
    assert url == "https://example.com/a.jpg"


def test_every_flaw_has_a_sentence_and_a_first_value_for_each_knob() -> None:
    for found in FLAWS.values():
        assert found.says
        assert all(found.knobs.values())


def test_the_flaws_of_a_field_are_those_whose_limit_it_has() -> None:
    names = {found.name for found in flaws("image", limits=Limits(aspect=(0.5, None)))}
    assert "image.too_narrow" in names
    assert "image.too_wide" not in names
    assert "image.side_too_short" not in names
    assert {f.name for f in flaws("audio", transport="upload")} == {
        "audio.unsupported_codec",
        "audio.unsupported_container",
        "audio.too_many_bytes",
        "audio.cut",
    }


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: flawed("image.ugly"), "no flaw is called 'image.ugly'; there are image."),
        (
            lambda: flawed("image.too_wide", limits=Limits(aspect=(0.5, 2)), excess=0),
            "image.too_wide cannot have excess=0; expected a whole number from 1 to 50",
        ),
        (
            lambda: flawed("image.too_wide", limits=Limits(aspect=(0.5, 2)), excess="a"),
            "cannot have excess='a'; expected a whole number",
        ),
        (
            lambda: flawed("image.unsupported_format", sample="rgb.png"),
            "cannot have sample='rgb.png'; expected one of 'still.gif', 'animated.gif', 'rgb.bmp'",
        ),
        (lambda: flawed("image.cut", colour=1), "image.cut has no \\['colour'\\]; it has"),
        (
            lambda: flawed("image.too_wide"),
            "image.too_wide cannot be made for Limits\\(\\) sent as",
        ),
        (lambda: image("gif", 1, 1), "no image format is called 'gif'; there are png, jpeg, webp"),  # type: ignore[arg-type]
        (lambda: image("png", 1, 1, orientation=6), "only a JPEG is turned here, not a png"),
        (lambda: image("png", 1, 1, size=70), "cannot pad a PNG of 67 bytes to 70"),
        (lambda: video("mp4", 641, 480, 1), "even numbers, not 641 x 480"),
        (lambda: audio("mp3", 25), "mp3 comes in frames of 24 ms, and 25 ms are not whole"),
        (lambda: audio("wav", 25, size=10), "wav cannot be filled up to a size; png, jpeg"),
        (lambda: flawed_url("url.nice"), "no flaw is called 'url.nice'; there are url.http"),
        (lambda: flawed_url("data_uri.space"), "there are url.http"),
    ],
)
def test_what_cannot_be_made_is_said(call: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        call()


def test_a_sample_that_is_not_there_is_said_with_those_that_are_close() -> None:
    with pytest.raises(UsageError, match=r"no sample is called 'h264\.mpeg'; there are h264\.mp4"):
        sample("h264.mpeg")


def test_an_expected_refusal_is_the_captured_issue() -> None:
    media = flawed("video.too_long", limits=Limits(seconds=(None, 30)))
    assert isinstance(media.expected, Refusal)
    assert media.expected.issue(["videoUri"]) == {
        "code": "too_big",
        "maximum": 30,
        "type": "number",
        "inclusive": True,
        "origin": "number",
        "message": "Asset duration must be at most 30 seconds",
        "path": ["videoUri"],
    }
