"""From the paths of an OpenAPI document to operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.contract.operation import Operation, Parameter
from pytest_runway.contract.schema import Compiler
from pytest_runway.contract.variant import Variant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_runway.contract.scalars import Schema

METHODS = ("get", "post", "patch", "put", "delete")


def operations_of(document: Mapping[str, Any]) -> tuple[Operation, ...]:
    """Return the operations of a document, in its order."""
    components = document.get("components", {})
    schemas = components.get("schemas", {})
    plain, closed = Compiler(schemas), Compiler(schemas, closed=True)
    build = _Builder(components.get("parameters", {}), plain, closed)
    return tuple(
        build.operation(path, method, item[method])
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    )


class _Builder:
    def __init__(self, parameters: Mapping[str, Any], plain: Compiler, closed: Compiler) -> None:
        self._parameters = parameters
        self._plain = plain
        self._closed = closed

    def operation(self, path: str, method: str, stated: Mapping[str, Any]) -> Operation:
        name = path.removeprefix("/v1/").partition("/{")[0]
        schema = _body_schema(stated)
        tag = schema.get("discriminator", {}).get("propertyName") if schema else None
        group = stated.get("x-runway-tier-group")
        by_tag = dict(self._tagged(schema, tag, name, group)) if schema and tag else {}
        variants = tuple(dict.fromkeys(by_tag.values()))
        if schema and not tag:
            variants = (self._variant(schema, name, group),)
        return Operation(
            id=stated["operationId"],
            method=method.upper(),
            path=path,
            name=name,
            behaviour=stated["x-runway-behaviour"],
            resource=stated.get("x-runway-resource"),
            answer=tuple(stated.get("x-runway-answer", ())),
            variants=variants,
            tag=tag,
            by_tag=by_tag,
            parameters=tuple(self._stated_parameters(stated, "path")),
            query=tuple(self._stated_parameters(stated, "query")),
        )

    def _tagged(
        self, schema: Schema, tag: str, name: str, group: str | None
    ) -> Iterator[tuple[str, Variant]]:
        for option in schema["oneOf"]:
            variant = self._variant(option, name, group)
            for value in self._plain.tag_values(option, tag):
                yield value, variant

    def _variant(self, schema: Schema, operation: str, group: str | None) -> Variant:
        resolved = self._plain.resolved(schema)
        model = resolved.get("properties", {}).get("model", {}).get("const")
        return Variant(model or operation, resolved, group, self._plain, self._closed)

    def _stated_parameters(self, stated: Mapping[str, Any], place: str) -> Iterator[Parameter]:
        for each in stated.get("parameters", ()):
            parameter = each
            if "$ref" in each:
                parameter = self._parameters[each["$ref"].rsplit("/", 1)[-1]]
            if parameter["in"] == place:
                yield Parameter(
                    name=parameter["name"],
                    schema=self._plain.resolved(parameter["schema"]),
                    required=parameter.get("required", False),
                    compiler=self._plain,
                )


def _body_schema(stated: Mapping[str, Any]) -> Schema | None:
    content = stated.get("requestBody", {}).get("content", {})
    found: Schema | None = content.get("application/json", {}).get("schema")
    return found
