"""The media fields of every model, by what they ask of their files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.contract import load
from pytest_runway.media.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.media.facts import Kind

Field = tuple["Kind", Limits]


def _annotations(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, list):
        for part in schema:
            yield from _annotations(part)
    elif isinstance(schema, dict):
        if "x-runway-media" in schema:
            yield schema["x-runway-media"]
        for part in schema.values():
            yield from _annotations(part)


FIELDS: list[Field] = sorted(
    {
        (annotation["kind"], Limits.from_annotation(annotation))
        for annotation in _annotations(load().document)
    },
    key=repr,
)
"""Every kind and set of limits that a field of the contract has, each once."""
