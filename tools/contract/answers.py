"""The document's components: the shapes of answers, and what requests share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.contract import limits
from tools.contract.overlay import OverlayError
from tools.contract.sdk_types import NULL, schema_of

if TYPE_CHECKING:
    from tools.contract.overlay import Facts, Overlay
    from tools.contract.sdk_routes import Route
    from tools.contract.sdk_source import Sdk

Schema = dict[str, Any]


def shared_components(overlay: Overlay) -> dict[str, Schema]:
    """Return the components that the overlay writes out, each with its source and mark."""
    return {
        name: {
            **fact["schema"],
            "x-runway-source": overlay.signed({"source": fact["source"]}),
        }
        for name, fact in overlay.answers["shared"].items()
    }


def component_of(sdk: Sdk, overlay: Overlay, route: Route) -> tuple[str, Schema]:
    """Return the name and schema of what an operation answers with.

    Raises:
        OverlayError: where no component lists the SDK's type.
    """
    if route.answer is None:
        raise OverlayError(f"{route.name} answers with nothing")
    module, type_name = route.answer
    for name, fact in overlay.answers["answer"].items():
        if type_name in fact["types"]:
            return name, _shaped(schema_of(sdk, sdk.module(module), type_name), overlay, fact)
    raise OverlayError(f"answers.toml has no component for {type_name} of {route.name}")


def _shaped(schema: Schema, overlay: Overlay, fact: Facts) -> Schema:
    found = _settled(schema, set(fact.get("nullable", [])))
    for path, limit in fact.get("facts", {}).items():
        limits.apply(found, path, limit)
    for member in found.get("oneOf", [found]):
        properties = member.get("properties", {})
        keys = dict.fromkeys([*fact.get("order", []), *properties])
        member["properties"] = {key: properties[key] for key in keys if key in properties}
    return {**found, "x-runway-source": overlay.signed({"source": fact["source"]})}


def _settled(schema: Schema, nullable: set[str]) -> Schema:
    """Close every object; make each optional key always there, perhaps null, or never null."""
    found = dict(schema)
    for keyword in ("anyOf", "oneOf"):
        if keyword in found:
            found[keyword] = [_settled(one, nullable) for one in found[keyword]]
    if "items" in found:
        found["items"] = _settled(found["items"], nullable)
    if isinstance(found.get("additionalProperties"), dict):
        found["additionalProperties"] = _settled(found["additionalProperties"], nullable)
    if "properties" not in found:
        return found
    required = list(found.get("required", []))
    properties: dict[str, Schema] = {}
    for key, one in found["properties"].items():
        inner = _settled(one, nullable)
        if key in nullable and key not in required:
            required.append(key)
        properties[key] = inner if key in nullable else _without_null(inner)
    found["properties"] = properties
    return {**found, "required": required, "additionalProperties": False}


def _without_null(schema: Schema) -> Schema:
    kinds = schema.get("type")
    if isinstance(kinds, list):
        rest = [kind for kind in kinds if kind != "null"]
        return {**schema, "type": rest[0] if len(rest) == 1 else rest}
    if NULL in schema.get("anyOf", []):
        rest = [one for one in schema["anyOf"] if one != NULL]
        return rest[0] if len(rest) == 1 else {**schema, "anyOf": rest}
    return schema


def page_of(name: str) -> Schema:
    """Return the schema of one page of a list."""
    return {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}},
            "hasMore": {"type": "boolean"},
            "nextCursor": {"type": ["string", "null"]},
        },
        "required": ["data", "hasMore", "nextCursor"],
        "additionalProperties": False,
    }
