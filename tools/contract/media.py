"""Lays the windows of media over the places of a body that hold media."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tools.contract.limits import places
from tools.contract.overlay import OverlayError

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema = dict[str, Any]

_MEDIUM = re.compile(r"#/components/schemas/(Image|Video|Audio)Uri")


def as_media(schema: Schema, kind: str) -> Schema:
    """Return the schema with its plain strings replaced by media of a kind."""
    if schema == {"type": "string"}:
        return {"$ref": f"#/components/schemas/{kind.capitalize()}Uri"}
    if "anyOf" in schema:
        return {**schema, "anyOf": [as_media(one, kind) for one in schema["anyOf"]]}
    if schema.get("type") == "array":
        return {**schema, "items": as_media(schema["items"], kind)}
    return schema


def lay_window(schema: Schema, path: str, window: Schema) -> None:
    """Say of every medium at and below a path what it must be.

    Raises:
        OverlayError: where there is none.
    """
    found = [one for place in places(schema, path) for one in _media_below(place)]
    if not found:
        raise OverlayError(f"no medium at {path!r} in {schema.get('title', 'the schema')}")
    for medium in found:
        kind = _MEDIUM.fullmatch(medium["$ref"])
        assert kind is not None  # noqa: S101  _media_below looked
        medium["x-runway-media"] = {"kind": kind[1].lower(), **window}


def _media_below(schema: Any) -> Iterator[Schema]:
    if isinstance(schema, list):
        for one in schema:
            yield from _media_below(one)
    elif isinstance(schema, dict):
        if _MEDIUM.fullmatch(str(schema.get("$ref", ""))):
            yield schema
        for key, one in schema.items():
            if key != "x-runway-media":
                yield from _media_below(one)
