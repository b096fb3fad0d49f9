"""The document as it is published, read without the code that is under test elsewhere."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema = dict[str, Any]

VERSION = "2024-11-06"


@cache
def document() -> Schema:
    """Return the whole document: its parts laid over each other."""
    whole: Schema = {}
    for part in (files("pytest_runway") / "contract" / VERSION).iterdir():
        if part.name.endswith(".json"):
            _lay(whole, json.loads(part.read_text(encoding="utf-8")))
    return whole


def _lay(into: Schema, part: Schema) -> None:
    for key, value in part.items():
        if isinstance(into.get(key), dict) and isinstance(value, dict):
            _lay(into[key], value)
        else:
            into[key] = value


def operations(whole: Schema | None = None) -> Iterator[tuple[str, str, Schema]]:
    """Yield method, path and operation."""
    methods = {"get", "post", "patch", "put", "delete"}
    for path, item in (whole or document())["paths"].items():
        for method, operation in item.items():
            if method in methods:
                yield method, path, operation


def variants(operation: Schema, whole: Schema | None = None) -> list[Schema]:
    """Return the forms of an operation's body, none for an operation without one."""
    content = operation.get("requestBody", {}).get("content", {})
    schema = resolved(content.get("application/json", {}).get("schema", {}), whole)
    members = schema.get("oneOf") or schema.get("anyOf") or ([schema] if schema else [])
    return [resolved(one, whole) for one in members]


def resolved(schema: Schema, whole: Schema | None = None) -> Schema:
    """Return a schema, or what it refers to."""
    while "$ref" in schema:
        found: Any = whole or document()
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step.replace("~1", "/").replace("~0", "~")]
        schema = found
    return schema


def variant(operation_id: str, name: str) -> Schema:
    """Return one variant by the operation's id and the variant's title."""
    for _, _, operation in operations():
        if operation["operationId"] == operation_id:
            return next(one for one in variants(operation) if one["title"] == name)
    raise KeyError(operation_id)


def at(schema: Schema, path: str) -> Iterator[Schema]:
    """Yield what stands at a path such as ``keyframes[].seconds``, in every member of unions."""
    yield from _at(schema, [step for step in path.replace("[]", ".[]").split(".") if step])


def _at(schema: Schema, steps: list[str]) -> Iterator[Schema]:
    schema = resolved(schema)
    for keyword in ("anyOf", "oneOf"):
        for member in schema.get(keyword, []):
            yield from _at(member, steps)
    if not steps:
        yield schema
        return
    head, *rest = steps
    inner = schema.get("items") if head == "[]" else schema.get("properties", {}).get(head)
    if inner is not None:
        yield from _at(inner, rest)
