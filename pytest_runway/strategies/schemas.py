"""From a schema of the contract to a strategy for the values that it accepts."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from pytest_runway.media.limits import Limits
from pytest_runway.strategies.media import asset_urls, media
from pytest_runway.strategies.prompts import prompts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_runway.media.facts import Kind
    from pytest_runway.media.forge import AssetUrl

    Schema = Mapping[str, Any]

_MANY_ITEMS = 3
_MANY_UNITS = 300
_NUMBERS = {"minimum": -100, "maximum": 100}


class Values:
    """Strategies for the schemas of one document."""

    def __init__(self, components: Mapping[str, Schema]) -> None:
        self._components = components

    def resolved(self, schema: Schema) -> Schema:
        """Return a schema without its reference; what stands beside a reference is kept."""
        while "$ref" in schema:
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            schema = {**self._components[schema["$ref"].rsplit("/", 1)[-1]], **beside}
        return schema

    def of(self, schema: Schema) -> st.SearchStrategy[Any]:
        """Return a strategy for what a schema accepts; rules across fields are not its business."""
        schema = self.resolved(schema)
        if "x-runway-media" in schema:
            annotation = schema["x-runway-media"]
            return media_strings(annotation["kind"], limits=Limits.from_annotation(annotation))
        if "const" in schema:
            return st.just(schema["const"])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        options = schema.get("anyOf") or schema.get("oneOf")
        if options:
            return st.one_of([self.of(option) for option in options])
        kind = schema.get("type")
        if isinstance(kind, list):
            named = next(each for each in kind if each != "null")
            return st.none() | self.of({**schema, "type": named})
        return self._typed(kind, schema)

    def _typed(self, kind: str | None, schema: Schema) -> st.SearchStrategy[Any]:
        if kind == "object":
            return self._objects(schema)
        if kind == "array":
            return self._lists(schema)
        if kind == "string":
            return strings(schema)
        if kind == "integer":
            return _integers(schema)
        if kind == "number":
            return _integers(schema).map(float) | _integers(schema)
        return st.booleans() if kind == "boolean" else st.none()

    def _objects(self, schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
        parts = {name: self.of(part) for name, part in schema.get("properties", {}).items()}
        required = set(schema.get("required", ()))
        return st.fixed_dictionaries(
            {name: part for name, part in parts.items() if name in required},
            optional={name: part for name, part in parts.items() if name not in required},
        )

    def _lists(self, schema: Schema) -> st.SearchStrategy[list[Any]]:
        least = schema.get("minItems", 0)
        most = min(schema.get("maxItems", least + _MANY_ITEMS), least + _MANY_ITEMS)
        return st.lists(self.of(schema.get("items", {})), min_size=least, max_size=most)


def media_strings(kind: Kind, *, limits: Limits) -> st.SearchStrategy[str]:
    """Strings that stand for media which a field accepts: URLs, or data URIs of small files."""
    urls = asset_urls(kind).map(_plain)
    small = media(kind, limits=limits).filter(lambda made: len(made.data) < 100_000)
    return urls | small.map(lambda made: made.data_uri)


def _plain(url: AssetUrl) -> str:
    return str.__str__(url)


def strings(schema: Schema) -> st.SearchStrategy[str]:
    """Strings of a format or a pattern, or else prompts of the length that is taken."""
    form, pattern = schema.get("format"), schema.get("pattern")
    least = schema.get("minLength", 0)
    most = schema.get("maxLength", max(least, _MANY_UNITS))
    if form == "uuid":
        return st.uuids(version=4).map(str)
    if form == "date":
        return st.dates().map(str)
    if form == "date-time":
        return st.datetimes().map(lambda when: f"{when.isoformat(timespec='milliseconds')}Z")
    if form == "uri":
        return asset_urls().map(_plain)
    if pattern:
        matching = st.from_regex(pattern.replace("$", r"\Z"), alphabet=string.printable.strip())
        return matching.filter(lambda text: least <= len(text) <= most)
    return prompts(min_units=least, max_units=min(most, max(least, 5000)))


def _integers(schema: Schema) -> st.SearchStrategy[int]:
    low = schema.get("minimum", schema.get("exclusiveMinimum", _NUMBERS["minimum"] - 1))
    high = schema.get("maximum", schema.get("exclusiveMaximum", max(low, 0) + _NUMBERS["maximum"]))
    low = int(low) + (low != int(low) or "exclusiveMinimum" in schema)
    high = int(high) - ("exclusiveMaximum" in schema)
    return st.integers(low, max(low, high))
