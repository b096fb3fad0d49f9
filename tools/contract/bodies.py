"""Request bodies: the SDK's variants with limits, prices, outputs, media and rules laid over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.contract import limits
from tools.contract.media import as_media, lay_window
from tools.contract.overlay import OverlayError, looked_up, said_of
from tools.contract.sdk_types import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.contract.overlay import Facts, Overlay
    from tools.contract.sdk_routes import Route
    from tools.contract.sdk_source import Sdk

Schema = dict[str, Any]

SINGLE = "body"
_COMPONENTS = "#/components/schemas/"
_BILLED = {"generate", "route", "run_workflow"}
_MEDIA_NAMES = {"promptImage": "image", "references": "image", "referenceAudios": "audio"}


def body_of(sdk: Sdk, overlay: Overlay, route: Route, behaviour: str) -> Schema:
    """Return the schema of an operation's body: one object, or ``oneOf`` with a discriminator.

    A body that names a model is told apart by it even where there is but one.
    """
    if route.body is None:
        raise OverlayError(f"{route.name} has no body")
    whole = schema_of(sdk, sdk.module(route.body[0]), route.body[1])
    members: list[Schema] = whole.get("oneOf") or whole.get("anyOf") or [whole]
    variants = [_variant(overlay, route.name, one, behaviour) for one in members]
    _all_known(overlay, route.name, variants)
    if "discriminator" in whole:
        return {"oneOf": variants, "discriminator": whole["discriminator"]}
    if "const" in variants[0]["properties"].get("model", {}):
        return {"oneOf": variants, "discriminator": {"propertyName": "model"}}
    return variants[0]


def _all_known(overlay: Overlay, operation: str, variants: list[Schema]) -> None:
    known = {variant["title"] for variant in variants}
    unknown = set(overlay.limits.get(operation, {})) - known - {"query"}
    if unknown:
        raise OverlayError(f"{operation} has no {sorted(unknown)}; it has {sorted(known)}")


def name_of(variant: Schema) -> str:
    """Return what tells a variant from its siblings: its model, else its mode, else "body"."""
    properties = variant.get("properties", {})
    for key in ("model", "mode"):
        if "const" in properties.get(key, {}):
            return str(properties[key]["const"])
    return SINGLE


def _variant(overlay: Overlay, operation: str, schema: Schema, behaviour: str) -> Schema:
    name = name_of(schema)
    variant: Schema = {"title": name, **_shared(schema)}
    facts = list(_limited(overlay, operation, name, variant))
    for window in said_of(overlay.windows, operation, name):
        fields = window.pop("fields")
        for path in fields:
            lay_window(variant, path, overlay.signed(without_none(window)))
    variant["properties"] = _ordered(variant["properties"], _order(overlay, operation, name))
    if behaviour in _BILLED:
        variant.update(_annotations(overlay, operation, name, free=behaviour == "route"))
    return {**variant, "x-runway-facts": facts} if facts else variant


def _shared(schema: Schema) -> Schema:
    """Return the schema with what the document names once replaced by references."""
    properties: Schema = {}
    for key, one in schema.get("properties", {}).items():
        if key == "contentModeration":
            properties[key] = {"$ref": f"{_COMPONENTS}ContentModeration"}
        elif key == "seed":
            properties[key] = {"$ref": f"{_COMPONENTS}Seed"}
        else:
            found = as_media(one, _MEDIA_NAMES[key]) if key in _MEDIA_NAMES else one
            properties[key] = _shared(found) if found.get("type") == "object" else found
    return {**schema, "properties": properties} if "properties" in schema else schema


def _limited(overlay: Overlay, operation: str, name: str, schema: Schema) -> Iterator[Facts]:
    """Lay the variant's limits over its schema; yield what was laid, with source and mark."""
    for source, table in overlay.limits.get(operation, {}).get(name, {}).items():
        mark = overlay.mark(source)
        for path in table.get("closed", []):
            limits.apply(schema, path, {"additionalProperties": False})
            says = "refuses unknown keys"
            yield {"field": path, "says": says, "source": source, "mark": mark}
        for path, fact in table.items():
            if path in {"closed", "order"}:
                continue
            limits.apply(schema, path, fact)
            yield {"field": path, "says": _said(fact), "source": source, "mark": mark}


def _said(fact: Any) -> str:
    if not isinstance(fact, dict):
        return str(fact)
    return ", ".join(f"{key} {value}" for key, value in fact.items())


def _order(overlay: Overlay, operation: str, name: str) -> list[str]:
    """Return the order of a variant's keys where a source gives one: it orders the issues."""
    tables = overlay.limits.get(operation, {}).get(name, {}).values()
    return next((list(table["order"]) for table in tables if "order" in table), [])


def _ordered(properties: Schema, order: list[str]) -> Schema:
    unknown = set(order) - set(properties)
    if unknown:
        raise OverlayError(f"the order names {sorted(unknown)}, which the SDK does not have")
    keys = dict.fromkeys([*(key for key in ("model",) if key in properties), *order, *properties])
    return {key: properties[key] for key in keys}


def _annotations(overlay: Overlay, operation: str, name: str, *, free: bool) -> Schema:
    price = looked_up(overlay.prices, operation, name)
    output = looked_up(overlay.outputs, operation, name)
    if output is None or (price is None and not free):
        raise OverlayError(f"no price or no output for {operation}/{name}")
    found: Schema = {}
    if price is not None:
        found["x-runway-price"] = overlay.signed(without_none(price))
    found["x-runway-output"] = overlay.signed(output)
    for key, facts in (("rules", overlay.rules), ("media-rules", overlay.media_rules)):
        rules = [overlay.signed(fact) for fact in said_of(facts, operation, name)]
        if rules:
            found[f"x-runway-{key}"] = rules
    return found


def without_none(value: Any) -> Any:
    """Return the value with ``"$none"``, which TOML needs, as JSON's null."""
    if value == "$none":
        return None
    if isinstance(value, dict):
        return {key: without_none(one) for key, one in value.items()}
    if isinstance(value, list):
        return [without_none(one) for one in value]
    return value
