"""Which strings of a body are media, and what is asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_runway.contract.scalars import Schema
    from pytest_runway.contract.schema import Compiler

Path = tuple["str | int", ...]

_NO_LIMITS = ("kind", "source", "mark")


@dataclass(frozen=True, slots=True)
class MediaValue:
    """A string of a body that stands for a file: a URL, an upload's URI, or a data URI.

    ``kind`` is ``image``, ``video`` or ``audio``. ``limits`` is what the contract asks of the file:
    ``aspect`` and ``seconds`` as ``[min, max]``, either of which may be None, ``min_side_px``,
    ``max_side_px``, ``max_fps``, ``max_bytes``.
    """

    path: Path
    value: str
    kind: str
    limits: Mapping[str, Any]


def media_in(compiler: Compiler, schema: Schema, value: Any, path: Path) -> Iterator[MediaValue]:
    """Yield the media of a value for which the schema holds, in the order of the schema."""
    limits: dict[str, Any] = {}
    while "$ref" in schema:
        limits = {**schema.get("x-runway-media", {}), **limits}
        schema = compiler.resolved(schema)
    limits = {**schema.get("x-runway-media", {}), **limits}
    if limits and isinstance(value, str):
        asked = {key: limit for key, limit in limits.items() if key not in _NO_LIMITS}
        yield MediaValue(path, value, limits["kind"], asked)
    elif "anyOf" in schema or "oneOf" in schema:
        option = _option(compiler, schema, value)
        if option is not None:
            yield from media_in(compiler, option, value, path)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from media_in(compiler, schema.get("items", {}), item, (*path, place))
    elif isinstance(value, dict):
        yield from _media_of_object(compiler, schema, value, path)


def may_hold_media(compiler: Compiler, schema: Schema, above: frozenset[int] = frozenset()) -> bool:
    """Whether any value for which the schema holds can have media in it."""
    if "x-runway-media" in schema:
        return True
    schema = compiler.resolved(schema)
    if "x-runway-media" in schema or id(schema) in above:
        return "x-runway-media" in schema
    rest = schema.get("additionalProperties")
    parts = (
        *(schema.get("anyOf", ())),
        *(schema.get("oneOf", ())),
        *(schema.get("properties", {}).values()),
        *((schema["items"],) if "items" in schema else ()),
        *((rest,) if isinstance(rest, dict) else ()),
    )
    within = above | {id(schema)}
    return any(may_hold_media(compiler, part, within) for part in parts)


def _media_of_object(
    compiler: Compiler, schema: Schema, value: dict[str, Any], path: Path
) -> Iterator[MediaValue]:
    properties = schema.get("properties", {})
    for key, each in properties.items():
        if key in value:
            yield from media_in(compiler, each, value[key], (*path, key))
    rest = schema.get("additionalProperties")
    if isinstance(rest, dict):
        for key in value.keys() - properties.keys():
            yield from media_in(compiler, rest, value[key], (*path, key))


def _option(compiler: Compiler, schema: Schema, value: Any) -> Schema | None:
    options = schema.get("oneOf") or schema["anyOf"]
    if "discriminator" in schema and isinstance(value, dict):
        tag = schema["discriminator"]["propertyName"]
        named = (each for each in options if value.get(tag) in compiler.tag_values(each, tag))
        return next(named, None)
    return next((option for option in options if not compiler.check(option)(value)), None)
