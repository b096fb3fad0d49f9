"""The OpenAPI document, in parts by family."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tools.contract import limits
from tools.contract.answers import component_of, page_of, shared_components
from tools.contract.bodies import body_of
from tools.contract.overlay import OverlayError, unheard
from tools.contract.sdk_routes import routes_of
from tools.contract.sdk_types import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.contract.overlay import Facts, Overlay
    from tools.contract.sdk_routes import Route
    from tools.contract.sdk_source import Sdk

Part = dict[str, Any]

BASE = "base"
VERSION = "2024-11-06"
_PARAMETER = re.compile(r"\{(\w+)\}")


def parts_of(sdk: Sdk, overlay: Overlay) -> dict[str, Part]:
    """Return the document's parts by file name; laid over each other they are the document.

    Raises:
        OverlayError: where the SDK has what the overlay does not speak of, or the reverse.
    """
    routes = routes_of(sdk)
    listed = set(overlay.operations["operation"])
    unknown = {route.name for route in routes} ^ listed
    if unknown:
        raise OverlayError(f"the SDK and operations.toml disagree about {sorted(unknown)}")
    parts: dict[str, Part] = {BASE: _base(sdk, overlay)}
    for route in routes:
        part = parts.setdefault(_family(route.path), {"paths": {}, "components": {"schemas": {}}})
        operation = _operation(sdk, overlay, route, part["components"]["schemas"])
        part["paths"].setdefault(route.path, {})[route.method] = operation
    lost = unheard(overlay, set(_variant_names(parts)))
    if lost:
        raise OverlayError(f"the overlay speaks of what the SDK does not have: {lost}")
    return {name: _without_empty(part) for name, part in parts.items()}


def _variant_names(parts: dict[str, Part]) -> Iterator[str]:
    """Yield operation/variant for every body."""
    for part in parts.values():
        for item in part.get("paths", {}).values():
            for operation in item.values():
                content = operation.get("requestBody", {}).get("content", {})
                schema = content.get("application/json", {}).get("schema", {})
                for variant in schema.get("oneOf", [schema]):
                    yield f"{operation['operationId']}/{variant.get('title', '')}"


def _family(path: str) -> str:
    """``/v1/organization/webapp/usage`` belongs to ``organization``."""
    return path.split("/")[2]


def _without_empty(part: Part) -> Part:
    if not part.get("components", {}).get("schemas", True):
        return {key: value for key, value in part.items() if key != "components"}
    return part


def _base(sdk: Sdk, overlay: Overlay) -> Part:
    root = overlay.root
    hosts = root["limits"]["hosts"]["value"]
    return {
        "openapi": "3.1.0",
        "info": root["info"],
        "servers": [{"url": f"https://{host}"} for host in hosts],
        "security": [{"key": []}],
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "parameters": {"Version": _version_header()},
            "responses": {
                "Invalid": _reply("Invalid", {"$ref": "#/components/schemas/Error400"}),
                "Refused": _reply("Refused", {"$ref": "#/components/schemas/Error"}),
            },
            "schemas": shared_components(overlay),
        },
        "x-runway-sdk": {"package": "runwayml", "version": sdk.version},
        "x-runway-sources": overlay.sources,
        "x-runway-limits": _signed(overlay, root["limits"]),
        "x-runway-reply-headers": _signed(overlay, root["reply_headers"]),
        "x-runway-errors": _signed(overlay, root["errors"]),
        "x-runway-default-errors": root["default_errors"],
        "x-runway-failures": _signed(overlay, root["failures"]),
        "x-runway-tiers": _tiers(overlay),
        "x-runway-models": _models(overlay),
        "x-runway-resources": _signed(overlay, root["resources"]),
        "x-runway-outputs": _signed(overlay, root["outputs"]),
    }


def _version_header() -> Part:
    schema = {"const": VERSION}
    return {"name": "X-Runway-Version", "in": "header", "required": True, "schema": schema}


def _signed(overlay: Overlay, facts: Facts) -> Facts:
    """Return a table of facts, of any depth, with the mark of each."""
    return {
        key: overlay.signed(fact) if "source" in fact else _signed(overlay, fact)
        for key, fact in facts.items()
    }


def _models(overlay: Overlay) -> Facts:
    found: Facts = {}
    counts_as = overlay.models["counts_as"]
    for provider, fact in overlay.models.items():
        for model in fact.get("models", []):
            says = {"provider": provider, "source": fact["source"]}
            if model in counts_as:
                says["counts_as"] = counts_as[model]["model"]
            found[model] = overlay.signed(says)
    return found


def _tiers(overlay: Overlay) -> Facts:
    found = _signed(overlay, overlay.root["tiers"])
    for name, group in found.items():
        if "concurrent" in group:
            pairs = zip(group.pop("concurrent"), group.pop("daily"), strict=True)
            tiers = [{"concurrent": one, "daily": other} for one, other in pairs]
            found[name] = {"tiers": tiers, **group}
    return found


def _operation(sdk: Sdk, overlay: Overlay, route: Route, schemas: dict[str, Part]) -> Part:
    facts = overlay.operations["operation"][route.name]
    behaviour = facts["behaviour"]
    says = {**overlay.operations["defaults"][behaviour], **facts}
    operation: Part = {"operationId": route.name, "x-runway-behaviour": behaviour}
    for key in ("resource", "answer", "tier_group"):
        if key in says:
            operation[f"x-runway-{key.replace('_', '-')}"] = says[key]
    operation["x-runway-source"] = overlay.signed({"source": facts["source"]})
    operation["parameters"] = _parameters(sdk, overlay, route)
    if route.body is not None:
        schema = body_of(sdk, overlay, route, behaviour)
        content = {"application/json": {"schema": schema}}
        operation["requestBody"] = {"required": behaviour != "run_workflow", "content": content}
    operation["responses"] = _responses(sdk, overlay, route, says, schemas)
    return operation


def _parameters(sdk: Sdk, overlay: Overlay, route: Route) -> list[Part]:
    found: list[Part] = [{"$ref": "#/components/parameters/Version"}]
    for name in _PARAMETER.findall(route.path):
        schema = {"type": "string", "format": "uuid"}
        found.append({"name": name, "in": "path", "required": True, "schema": schema})
    if route.query is None:
        return found
    whole = schema_of(sdk, sdk.module(route.query[0]), route.query[1])
    for table in overlay.limits.get(route.name, {}).get("query", {}).values():
        for path, fact in table.items():
            limits.apply(whole, path, fact)
    for name, schema in whole["properties"].items():
        required = name in whole.get("required", []) and "default" not in schema
        found.append({"name": name, "in": "query", "required": required, "schema": schema})
    return found


def _responses(
    sdk: Sdk, overlay: Overlay, route: Route, says: Facts, schemas: dict[str, Part]
) -> dict[str, Part]:
    found: dict[str, Part] = {}
    if route.answer is None:
        found["204"] = {"description": "Done"}
    else:
        name, schema = component_of(sdk, overlay, route)
        if schemas.setdefault(name, schema) != schema:
            raise OverlayError(f"{name} stands for two shapes: see {route.name}")
        body = page_of(name) if route.paged else {"$ref": f"#/components/schemas/{name}"}
        found["200"] = _reply("OK", body)
    for status in says["errors"]:
        kind = "Invalid" if status == 400 else "Refused"
        found[str(status)] = {"$ref": f"#/components/responses/{kind}"}
    return found


def _reply(description: str, schema: Part) -> Part:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
