"""Which fields of the contract take media, and what each asks of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pytest_runway.contract import load
from pytest_runway.errors import UsageError
from pytest_runway.media import Limits, Rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_runway.media import Kind


@dataclass(frozen=True, slots=True)
class MediaField:
    """One field that takes media; ``path`` is as one would say it, ``references[].uri``."""

    operation: str
    model: str
    path: str
    kind: Kind
    limits: Limits


def media_fields(*, operation: str | None = None, model: str | None = None) -> list[MediaField]:
    """Return the fields that take media: all, or those of an operation or a model."""
    return [
        field
        for field in _all_fields()
        if operation in (None, field.operation) and model in (None, field.model)
    ]


def limits_of(operation: str, *, model: str, field: str | None = None) -> Limits:
    """Return what a field asks of its media: ``limits_of("image_to_video", model="gen4_turbo")``.

    Without ``field``, the first that takes media.

    Raises:
        UsageError: where there is none; the message names those that there are.
    """
    there = media_fields(operation=operation, model=model)
    found = next((each for each in there if field in (None, each.path)), None)
    if found is None:
        names = ", ".join(each.path for each in there) or "none"
        raise UsageError(f"{operation} of {model!r} has no field {field!r}; it has {names}")
    return found.limits


@cache
def media_rules() -> Rules:
    """Return the rules of the contract that hold for every media field."""
    return Rules.from_limits(load().limits)


@cache
def _all_fields() -> tuple[MediaField, ...]:
    contract = load()
    components = contract.document["components"]["schemas"]
    found: dict[tuple[str, str, str], MediaField] = {}
    for operation in contract.operations:
        for variant in operation.variants:
            for path, said in _annotations(variant.schema, "", components):
                limits = Limits.from_annotation(said)
                field = MediaField(operation.name, variant.name, path, said["kind"], limits)
                found.setdefault((field.operation, field.model, path), field)
    return tuple(found.values())


def _annotations(
    schema: Mapping[str, Any], path: str, components: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    while "$ref" in schema and "x-runway-media" not in schema:
        schema = components[schema["$ref"].rsplit("/", 1)[-1]]
    if "x-runway-media" in schema:
        yield path, schema["x-runway-media"]
        return
    for option in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _annotations(option, path, components)
    if "items" in schema:
        yield from _annotations(schema["items"], f"{path}[]", components)
    for name, part in schema.get("properties", {}).items():
        yield from _annotations(part, f"{path}.{name}" if path else name, components)
