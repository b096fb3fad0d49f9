"""The document against two others that were made without it, where they are at hand.

Every difference is written down here with its reason; a new one, and one that is gone, fails.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .published import document, operations, resolved, variants

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema = dict[str, Any]
Shape = dict[str, dict[str, set[str]]]

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("RUNWAY_ORACLE", ROOT.parent / "shared" / "oracle"))
OFFICIAL = "schemas-official-2026-08-08.json"
FROM_SDK = "openapi-from-sdk-5.24.0.json"
SAFE_INTEGER = "9007199254740991"  # zod's own bound of an int: every reader of zod knows it

LENGTHS = ("minLength", "maxLength", "minItems", "maxItems")
BOUNDS = (*LENGTHS, "minimum", "maximum", "exclusiveMinimum")

NEWER = {
    ("post", "/v1/video_to_audio"): "not in the published document of August 2026",
    ("post", "/v1/video_to_hdr"): "not in the published document of August 2026",
}
OFFICIAL_DIFFERENCES = {
    ("image_to_video.create", "hailuo3", "promptImage[]", "required"): "published as anything",
}
_ANYTHING = "the SDK's type is object: its prose names the keys"
SDK_DIFFERENCES = {
    ("image_to_video.create", model, field, kind): _ANYTHING
    for model, field in (
        ("hailuo3", "promptImage[]"),
        ("wan3", "promptImage[]"),
        ("wan3_prime", "promptImage[]"),
        ("kling_4", "promptImage[]"),
        ("kling_4", "referenceVideos[]"),
    )
    for kind in ("keys", "required")
} | {
    ("text_to_video.create", "kling_4", "referenceVideos[]", kind): _ANYTHING
    for kind in ("keys", "required")
}


@cache
def oracle(name: str) -> Schema:
    """Return one of the two, or skip the test."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{path} is not there; set RUNWAY_ORACLE")
    found: Schema = json.loads(path.read_text(encoding="utf-8"))
    return found


def shape(schema: Schema, whole: Schema) -> Shape:
    """Return keys, required keys, values and bounds by path."""
    found: Shape = {}
    _shape(schema, whole, "", found)
    return found


def _shape(schema: Schema, whole: Schema, path: str, found: Shape) -> None:
    schema = resolved(schema, whole)
    here = found.setdefault(path, {})
    for kind, values in _said(schema):
        here.setdefault(kind, set()).update(values)
    for key, one in schema.get("properties", {}).items():
        _shape(one, whole, f"{path}.{key}".lstrip("."), found)
    if "items" in schema:
        _shape(schema["items"], whole, f"{path}[]", found)
    for member in [*schema.get("anyOf", []), *schema.get("oneOf", [])]:
        _shape(member, whole, path, found)


def _said(schema: Schema) -> Iterator[tuple[str, set[str]]]:
    yield "keys", set(schema.get("properties", {}))
    yield "required", set(schema.get("required", []))
    constants = [schema["const"]] if "const" in schema else []
    yield "values", {json.dumps(one) for one in schema.get("enum", constants)}
    yield "closed", {"closed"} if schema.get("additionalProperties") is False else set()
    for keyword in BOUNDS:
        if keyword in schema and str(schema[keyword]) != SAFE_INTEGER:
            yield keyword, {f"{schema[keyword]:g}"}


def name_of(body: Schema) -> str:
    """Return what tells a body from its siblings in either document."""
    for key in ("model", "mode"):
        one = body.get("properties", {}).get(key, {})
        values = [one["const"]] if "const" in one else one.get("enum", [])
        if len(values) == 1:
            return str(values[0])
    return "body"


def bodies(whole: Schema) -> Iterator[tuple[str, str, str, Shape]]:
    """Yield method, path, name and shape of every body."""
    for method, path, operation in operations(whole):
        for body in variants(operation, whole):
            yield method, path, name_of(body), shape(body, whole)


def _ids() -> dict[tuple[str, str], str]:
    return {(method, path): one["operationId"] for method, path, one in operations()}


@pytest.mark.parametrize(("name", "newer"), [(OFFICIAL, NEWER), (FROM_SDK, {})])
def test_the_operations_are_the_same(name: str, newer: dict[tuple[str, str], str]) -> None:
    other = {(method, path) for method, path, _ in operations(oracle(name))}
    assert set(_ids()) - other == set(newer)
    assert other <= set(_ids())


def test_the_variants_are_those_of_the_sdk() -> None:
    ours = {(method, path, name) for method, path, name, _ in bodies(document())}
    theirs = {(method, path, name) for method, path, name, _ in bodies(oracle(FROM_SDK))}
    assert ours == theirs


def _differences(name: str, kinds: tuple[str, ...]) -> set[tuple[str, str, str, str]]:
    """Return where a published fact is missing here, or something here was not published."""
    ids = _ids()
    ours = {one[:3]: one[3] for one in bodies(document())}
    found = set()
    for method, path, variant, theirs in bodies(oracle(name)):
        mine = ours[method, path, variant]
        for field, facts in theirs.items():
            for kind in kinds:
                here, there = mine.get(field, {}).get(kind, set()), facts.get(kind, set())
                newer = kind in {"keys", "values"} and name == OFFICIAL
                if (there - here) if newer else (there != here):
                    found.add((ids[method, path], variant, field, kind))
    return found


def test_keys_and_values_and_bounds_are_the_published_ones() -> None:
    kinds = ("keys", "required", "values", "closed", *BOUNDS)
    assert _differences(OFFICIAL, kinds) == set(OFFICIAL_DIFFERENCES)


def test_keys_and_values_are_those_of_the_sdk() -> None:
    assert _differences(FROM_SDK, ("keys", "required", "values")) == set(SDK_DIFFERENCES)
