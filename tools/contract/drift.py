"""What one version of the SDK knows and another does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tools.contract.bodies import name_of
from tools.contract.sdk_routes import routes_of
from tools.contract.sdk_types import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.contract.sdk_routes import Route
    from tools.contract.sdk_source import Sdk

Schema = dict[str, Any]

_FIELD = 2  # what is known is (operation, variant or role, field, value)


def changes(old: Sdk, new: Sdk) -> list[str]:
    """Return a line for everything that came or went from one version to the other.

    What belongs to a new operation, variant or field is not listed beside it.
    """
    before, after = set(_known(old)), set(_known(new))
    gone = [f"- {' '.join(one)}" for one in _outermost(before - after)]
    came = [f"+ {' '.join(one)}" for one in _outermost(after - before)]
    return sorted(gone + came, key=lambda line: (line[2:], line[0]))


def _outermost(found: set[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [one for one in found if not any(other in found for other in _above(one))]


def _above(one: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield what something belongs to: its operation, its variant, the fields around it."""
    for end in range(1, len(one)):
        yield one[:end]
    if len(one) > _FIELD:
        names = one[_FIELD].split(".")
        for end in range(1, len(names)):
            yield (*one[:_FIELD], ".".join(names[:end]))
            yield (*one[:_FIELD], ".".join(names[:end]).rstrip("[]{}"))


def _known(sdk: Sdk) -> Iterator[tuple[str, ...]]:
    """Yield what a version knows, as paths from the operation down to the single value."""
    for route in routes_of(sdk):
        operation = f"{route.method.upper()} {route.path}"
        yield (operation,)
        if route.body is not None:
            yield from _variants(sdk, route, operation)
        for role, kind in (("query", route.query), ("answer", route.answer)):
            if kind is not None:
                found = schema_of(sdk, sdk.module(kind[0]), kind[1])
                yield (operation, role)
                yield from _fields(found, (operation, role), "")


def _variants(sdk: Sdk, route: Route, operation: str) -> Iterator[tuple[str, ...]]:
    if route.body is None:
        return
    whole = schema_of(sdk, sdk.module(route.body[0]), route.body[1])
    members: list[Schema] = whole.get("oneOf") or whole.get("anyOf") or [whole]
    for variant in members:
        place = (operation, name_of(variant))
        yield place
        yield from _fields(variant, place, "")


def _fields(schema: Schema, place: tuple[str, ...], path: str) -> Iterator[tuple[str, ...]]:
    required = schema.get("required", [])
    for key, one in schema.get("properties", {}).items():
        field = f"{path}.{key}".lstrip(".")
        yield (*place, field)
        yield (*place, field, "required" if key in required else "optional")
        yield from _values(one, (*place, field))
        yield from _fields(one, place, field)
    for one in [*schema.get("anyOf", []), *schema.get("oneOf", [])]:
        yield from _fields(one, place, path)
    if "items" in schema:
        yield from _fields(schema["items"], place, f"{path}[]")
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _fields(schema["additionalProperties"], place, f"{path}{{}}")


def _values(schema: Schema, place: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for value in schema.get("enum", [schema["const"]] if "const" in schema else []):
        yield (*place, json.dumps(value))
    kinds = schema.get("type", schema.get("$ref"))
    if kinds is not None:
        yield (*place, f"is {kinds}")
    for one in [*schema.get("anyOf", []), *schema.get("oneOf", [])]:
        yield from _values(one, place)
