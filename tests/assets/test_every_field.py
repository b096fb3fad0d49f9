"""Every flaw in every media field of every model is answered as it was made.

Through the SDK and the whole fake, for all the fields that the contract has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from runwayml import APIStatusError, BadRequestError, RunwayML

from pytest_runway import FakeRunway
from pytest_runway.media import Late, Media, forge
from pytest_runway.media.forge.shapes import Frame, length_ms
from pytest_runway.media_fields import media_fields
from tests.assets.sending import TAKERS, body_for, put, value_of

if TYPE_CHECKING:
    from pytest_runway.media.rules import Transport
    from pytest_runway.media_fields import MediaField

FIELDS = media_fields()
WAYS: tuple[Transport, ...] = ("url", "data")


def good(field: MediaField) -> Media:
    """Media that a field takes."""
    if field.kind == "audio":
        return forge.audio("wav", length_ms(field.limits))
    width, height = Frame.of(field.limits).fitting(even=True)
    if field.kind == "image":
        return forge.image("png", width, height)
    return forge.video("mp4", width, height, length_ms(field.limits))


def send(field: MediaField, value: str) -> Any:
    """What comes of a create with this in the field: what it is answered, or its issues."""
    body, path = body_for(field)
    put(body, path, value)
    if field.operation == "avatars":
        body.pop("documentIds", None)
    try:
        return RunwayML(max_retries=0).post(f"/v1/{field.operation}", body=body, cast_to=object)
    except BadRequestError as refused:
        told: Any = refused.body
        assert told["error"] == "Validation of body failed"
        return told["issues"]
    except APIStatusError as refused:  # a router that finds no model for it, or is none
        assert TAKERS[field.operation].behaviour == "route"
        return refused.body


def test_there_are_all_of_them() -> None:
    assert len(FIELDS) == 184
    assert len({(field.operation, field.model) for field in FIELDS}) == 90
    assert {field.kind for field in FIELDS} == {"image", "video", "audio"}


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f"{f.operation}-{f.model}-{f.path}")
def test_a_field_takes_what_is_good_and_refuses_every_flaw(field: MediaField) -> None:
    _, path = body_for(field)
    with FakeRunway() as runway:
        media = good(field)
        for way in WAYS:
            assert not isinstance(send(field, value_of(runway, media, way)), list), media
        seen = 0
        for flaw in forge.flaws(field.kind, limits=field.limits):
            way = next(each for each in WAYS if flaw.possible(field.limits, each))
            made = forge.flawed(flaw.name, limits=field.limits, transport=way)
            answer = send(field, value_of(runway, made, way))
            if isinstance(made.expected, Late):
                assert not isinstance(answer, list), made
            else:
                assert answer == [made.expected.issue(path)], made
            seen += 1
    assert seen >= 6


@pytest.mark.parametrize("kind", ["avatars", "voices"])
def test_a_damaged_asset_fails_what_is_made_of_it(kind: str) -> None:
    (field,) = media_fields(operation=kind)
    with FakeRunway() as runway:
        cut = forge.flawed(f"{field.kind}.cut", limits=field.limits, transport="data")
        made = send(field, cut.data_uri)
        client: Any = getattr(RunwayML(), kind)
        assert client.retrieve(made["id"]).status == "PROCESSING"
        runway.clock.advance(60)
        told = client.retrieve(made["id"])
        assert (told.status, told.failure_reason) == ("FAILED", "Invalid asset.")
        fine = send(field, good(field).data_uri)
        runway.clock.advance(60)
        assert client.retrieve(fine["id"]).status == "READY"


def test_a_damaged_new_picture_fails_an_avatar_that_was_ready() -> None:
    (field,) = media_fields(operation="avatars")
    with FakeRunway() as runway:
        client: Any = RunwayML().avatars
        made = send(field, good(field).data_uri)
        runway.clock.advance(60)
        cut = forge.flawed("image.cut", transport="data").data_uri
        client.update(made["id"], reference_image=cut)
        runway.clock.advance(60)
        assert client.retrieve(made["id"]).status == "FAILED"
