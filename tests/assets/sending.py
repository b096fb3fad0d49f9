"""Bodies that put one given media string into one field, and what the SDK is told about them."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING, Any

from runwayml import BadRequestError, RunwayML

from pytest_runway.contract import load
from pytest_runway.media_fields import MediaField, media_fields
from tests.contract.bodies import Bodies

if TYPE_CHECKING:
    from pytest_runway.media import Kind, Media
    from pytest_runway.media.rules import Transport

GENERATIONS = {each.name: each for each in load().operations if each.behaviour == "generate"}
TAKERS = {
    each.name: each
    for each in load().operations
    if each.behaviour in ("create", "generate", "route")
}
Place = tuple["str | int", ...]


def fields_of(kind: Kind) -> list[MediaField]:
    """The media fields of all generations that judge each file by itself."""
    return [
        each
        for each in media_fields()
        if each.kind == kind
        and each.operation in GENERATIONS
        and not any(
            variant.media_rules
            for variant in GENERATIONS[each.operation].variants
            if variant.name == each.model
        )
    ]


@cache
def body_for(field: MediaField) -> tuple[dict[str, Any], Place]:
    """A body that the contract accepts with something in the field, and where that stands.

    All its other media are URLs.
    """
    operation = TAKERS[field.operation]
    schemas = [each.schema for each in operation.variants if each.name == field.model]
    for seed in range(5_000):
        source = Bodies(random.Random(seed), load().document["components"]["schemas"])
        body = source.valid(dict(schemas[seed % len(schemas)]))
        found = operation.check(body)
        if found.issues or found.variant is None or "'type': 'custom'" in str(body):
            continue
        media = list(found.variant.media(body))
        for medium in media:
            put(body, medium.path, f"https://example.com/{medium.path[-1]}")
        here = [e.path for e in media if (named(e.path), e.kind) == (field.path, field.kind)]
        if here:
            return body, here[0]
    raise AssertionError(f"no body with {field} in 5,000 seeds")


def named(path: Place) -> str:
    """A path as one would say it: ``references[].uri``."""
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def put(body: Any, path: Place, value: str) -> None:
    *above, last = path
    for step in above:
        body = body[step]
    body[last] = value


def value_of(runway: Any, media: Media, transport: Transport) -> str:
    """The string that stands for media, put where it leads to."""
    if transport == "data":
        return media.data_uri
    if transport == "upload":
        return str(RunwayML().uploads.create_ephemeral(file=("media", media.data)).uri)
    runway.web.put("https://assets.example/media", media.data, content_type=media.content_type)
    return "https://assets.example/media"


def create(field: MediaField, value: str) -> tuple[Any, Place]:
    """What the SDK hears of a create with this value in the field: a task, or the issues."""
    body, path = body_for(field)
    put(body, path, value)
    client = RunwayML(max_retries=0)
    try:
        made: Any = client.post(f"/v1/{field.operation}", body=body, cast_to=object)
    except BadRequestError as refused:
        answer: Any = refused.body
        assert answer["error"] == "Validation of body failed"
        return answer["issues"], path
    return client.tasks.retrieve(made["id"]), path
