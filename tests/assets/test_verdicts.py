"""The whole fake says of any media what is known of them from how they were made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_runway import FakeRunway
from pytest_runway import strategies as runway_st
from pytest_runway.media import Late, forge
from pytest_runway.media.rules import TRANSPORTS
from tests.assets.sending import create, fields_of, value_of

if TYPE_CHECKING:
    from pytest_runway.media import Kind
    from pytest_runway.media.forge import Flaw
    from pytest_runway.media.rules import Transport
    from pytest_runway.media_fields import MediaField

KINDS: tuple[Kind, ...] = ("image", "video", "audio")
FEW = settings(max_examples=10, suppress_health_check=list(HealthCheck), deadline=None)
SMALLEST_UPLOAD, LARGEST_UPLOAD = 512, 200 * 1024 * 1024


def flaws_and_ways() -> list[Any]:
    """Every flaw and every way to send it, with the first field that can have it."""
    found = []
    for flaw in forge.FLAWS.values():
        for transport in TRANSPORTS:
            able = (f for f in fields_of(flaw.kind) if flaw.possible(f.limits, transport))
            field = next(able, None)
            if field is not None:
                name = f"{flaw.name}-{transport}"
                found.append(pytest.param(flaw, transport, field, id=name))
    return found


@pytest.mark.parametrize(("flaw", "transport", "field"), flaws_and_ways())
def test_every_flaw_is_answered_as_it_was_made(
    flaw: Flaw, transport: Transport, field: MediaField
) -> None:
    media = forge.flawed(flaw.name, limits=field.limits, transport=transport)
    if transport == "upload" and not SMALLEST_UPLOAD <= len(media.data) <= LARGEST_UPLOAD:
        return  # the storage refuses it: see test_uploads
    with FakeRunway() as runway:
        answer, path = create(field, value_of(runway, media, transport))
        if isinstance(media.expected, Late):
            runway.clock.advance(60)
            assert runway.tasks[0].failure_code == "ASSET.INVALID"
        else:
            assert answer == [media.expected.issue(path)]
            assert len(runway.tasks) == 0


@pytest.mark.parametrize("name", [each for each in forge.TEXT_FLAWS if each.startswith("url.")])
@pytest.mark.parametrize("kind", KINDS)
def test_every_flawed_url_is_answered_in_the_documented_words(kind: Kind, name: str) -> None:
    url = forge.flawed_url(name)
    assert url.expected is not None
    with FakeRunway():
        answer, path = create(fields_of(kind)[0], str(url))
    assert answer == [url.expected.issue(path)]


@pytest.mark.parametrize("name", [each for each in forge.TEXT_FLAWS if "data_uri." in each])
@pytest.mark.parametrize("kind", KINDS)
def test_every_flawed_data_uri_is_answered_in_the_documented_words(kind: Kind, name: str) -> None:
    good = {
        "image": lambda: forge.image("png", 64, 64),
        "video": lambda: forge.video("mp4", 640, 640, 4000),
        "audio": lambda: forge.audio("wav", 4000),
    }[kind]()
    media = forge.flawed_data_uri(name, good)
    with FakeRunway():
        answer, path = create(fields_of(kind)[0], media.data_uri)
    assert not isinstance(media.expected, Late)
    assert answer == [media.expected.issue(path)]


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@FEW
def test_good_media_are_accepted(kind: Kind, transport: Transport, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(fields_of(kind)))
    media = data.draw(runway_st.media(kind, limits=field.limits))
    if transport == "data" and len(media.data_uri) > 5_000_000:
        return
    if transport == "upload" and len(media.data) < SMALLEST_UPLOAD:
        return
    with FakeRunway() as runway:
        answer, _ = create(field, value_of(runway, media, transport))
        assert getattr(answer, "id", None) == runway.tasks[0].id, answer


def test_all_refused_media_of_a_body_are_told_at_once() -> None:
    from runwayml import BadRequestError, RunwayML

    picture = forge.flawed("image.side_too_long").data_uri
    references = [{"uri": picture, "tag": "one"}, {"uri": "https://1.2.3.4/a.png", "tag": "two"}]
    body = {
        "model": "gen4_image",
        "promptText": "@one beside @two",
        "ratio": "1280:720",
        "referenceImages": references,
    }
    with FakeRunway(), pytest.raises(BadRequestError) as refused:
        RunwayML().post("/v1/text_to_image", body=body, cast_to=object)
    issues: Any = refused.value.body
    assert [issue["path"] for issue in issues["issues"]] == [
        ["referenceImages", 0, "uri"],
        ["referenceImages", 1, "uri"],
    ]


def test_a_string_that_is_no_media_keeps_the_words_of_the_schema() -> None:
    (field, *_) = fields_of("image")
    with FakeRunway():
        answer, path = create(field, "runway://abc")
    assert [(issue["code"], issue["path"]) for issue in answer] == [("invalid_union", [*path])]
