"""What the strategies draw is what they promise, for every media field of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from pytest_runway import strategies as runway_st
from pytest_runway.media import (
    NO_LIMITS,
    FlawedMedia,
    Limits,
    Media,
    check_url,
    forge,
    judge,
    judge_data_uri,
)
from tests.media.fields import FIELDS
from tests.media.rules import RULES

if TYPE_CHECKING:
    from pytest_runway.media.facts import Kind
    from pytest_runway.media.forge import AssetUrl

FEW = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
FLAWED = {
    "image": runway_st.flawed_images,
    "video": runway_st.flawed_videos,
    "audio": runway_st.flawed_audio,
}
MADE_WITH = {
    "flawed": forge.flawed,
    "image": forge.image,
    "video": forge.video,
    "audio": forge.audio,
    "data_uri": forge.data_uri,
    "flawed_data_uri": forge.flawed_data_uri,
    "Limits": Limits,
}


def verdict_on_url(media: Media, limits: Limits) -> Any:
    return judge(
        media.data,
        kind=media.kind,
        declared_type=media.content_type,
        limits=limits,
        rules=RULES,
    )


@pytest.mark.parametrize(("kind", "limits"), FIELDS, ids=repr)
@given(data=st.data())
@FEW
def test_good_media_for_a_field_are_accepted(
    kind: Kind, limits: Limits, data: st.DataObject
) -> None:
    media = data.draw(runway_st.media(kind, limits=limits))
    assert verdict_on_url(media, limits) is None, media


@pytest.mark.parametrize(("kind", "limits"), FIELDS, ids=repr)
@given(data=st.data())
@FEW
def test_flawed_media_for_a_field_get_the_expected_verdict(
    kind: Kind, limits: Limits, data: st.DataObject
) -> None:
    media = data.draw(FLAWED[kind](limits=limits))
    assert verdict_on_url(media, limits) == media.expected, media


@given(
    media=st.one_of(
        runway_st.oversized_images(), runway_st.bad_codec_images(), runway_st.bad_codec_videos()
    )
)
@FEW
def test_the_named_families_are_refused_as_expected(media: FlawedMedia) -> None:
    assert verdict_on_url(media, NO_LIMITS) == media.expected


@pytest.mark.parametrize("kind", ["image", "video", "audio"])
@given(data=st.data())
@FEW
def test_data_uris_are_accepted_or_refused_as_expected(kind: Kind, data: st.DataObject) -> None:
    good = data.draw(runway_st.data_uris(kind))
    assert judge_data_uri(good.data_uri, kind=kind, rules=RULES) is None
    bad = data.draw(runway_st.flawed_data_uris(kind))
    assert judge_data_uri(bad.data_uri, kind=kind, rules=RULES) == bad.expected


@given(good=runway_st.asset_urls(), bad=runway_st.flawed_asset_urls())
def test_urls_are_accepted_or_refused_as_expected(good: AssetUrl, bad: AssetUrl) -> None:
    assert check_url(good, RULES) is None
    assert good.flaw is None
    assert check_url(bad, RULES) == bad.expected
    assert bad.flaw is not None


@pytest.mark.parametrize(
    "strategy",
    [
        runway_st.images(),
        runway_st.flawed_images(limits=Limits(aspect=(0.5, 2))),
        runway_st.videos(),
        runway_st.flawed_videos(limits=Limits(seconds=(3, 30))),
        runway_st.audio(),
        runway_st.flawed_audio(limits=Limits(seconds=(3, 30))),
        runway_st.data_uris(),
        runway_st.flawed_data_uris(),
    ],
    ids=repr,
)
@given(data=st.data())
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_value_prints_as_the_line_that_makes_it_again(
    strategy: st.SearchStrategy[Media], data: st.DataObject
) -> None:
    media = data.draw(strategy)
    assert "\n" not in repr(media)
    assert len(repr(media)) < 300
    assert eval(repr(media), dict(MADE_WITH)) == media  # noqa: S307 - that is the point


@given(url=runway_st.flawed_asset_urls())
def test_a_flawed_url_prints_as_the_line_that_makes_it_again(url: AssetUrl) -> None:
    again = eval(repr(url), {"flawed_url": forge.flawed_url})  # noqa: S307 - that is the point
    assert (again, again.flaw, again.expected) == (url, url.flaw, url.expected)


@pytest.mark.parametrize(
    ("strategy", "smallest"),
    [
        (runway_st.images(), "image('png', 2, 2)"),
        (runway_st.videos(), "video('mp4', 2, 2, 1000)"),
        (runway_st.audio(), "audio('wav', 1000)"),
        (runway_st.flawed_images(), "flawed('image.unsupported_format', sample='still.gif')"),
        (runway_st.oversized_images(), "flawed('image.side_too_long', format='png', excess=1)"),
        (runway_st.bad_codec_videos(), "flawed('video.unsupported_codec', sample='mpeg4.mp4')"),
        (runway_st.flawed_audio(), "flawed('audio.unsupported_codec', sample='mp3.wav')"),
    ],
    ids=["images", "videos", "audio", "flawed images", "oversized", "codecs", "flawed audio"],
)
def test_a_failure_shrinks_to_the_smallest_case_of_the_simplest_flaw(
    strategy: st.SearchStrategy[Media], smallest: str
) -> None:
    found = find(strategy, lambda _: True, settings=settings(database=None))
    again = eval(repr(found), dict(MADE_WITH))  # noqa: S307
    assert again == eval(smallest, dict(MADE_WITH)) or repr(found) == smallest  # noqa: S307


def test_a_failure_keeps_the_flaw_that_matters() -> None:
    found = find(
        runway_st.flawed_images(limits=Limits(aspect=(0.5, 2))),
        lambda media: media.flaw == "image.too_wide",
        settings=settings(database=None, max_examples=500),
    )
    assert repr(found).startswith("flawed('image.too_wide', limits=Limits(aspect=(0.5, 2))")


def test_a_failing_example_is_printed_as_a_line_that_can_be_pasted() -> None:
    @given(image=runway_st.flawed_images(limits=Limits(aspect=(0.5, 2))))
    @settings(database=None, print_blob=False)
    def fails(image: FlawedMedia) -> None:
        assert image.flaw != "image.side_too_long"

    with pytest.raises(AssertionError) as raised:
        fails()
    printed = "\n".join(getattr(raised.value, "__notes__", ()))
    if printed:  # Python 3.10 has no notes
        assert "image=flawed('image.side_too_long', limits=Limits(aspect=(0.5, 2))" in printed
