"""The parts of a contract's document, read from the package and put together."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from pytest_runway.errors import ContractError, UsageError


def merged_parts(version: str) -> dict[str, Any]:
    """Return the document of an API version, its parts merged in the order of their names.

    Raises:
        UsageError: for a version that the package does not hold.
        ContractError: for a value that two parts set differently.
    """
    folder = resources.files(__package__)
    versions = sorted(each.name for each in folder.iterdir() if each.name[:1].isdigit())
    if version not in versions:
        raise UsageError(f"no contract for API version {version!r}; there are {versions}")
    document: dict[str, Any] = {}
    for part in sorted((folder / version).iterdir(), key=lambda each: each.name):
        if part.name.endswith(".json"):
            _merge(document, json.loads(part.read_bytes()), f"{part.name}#")
    return document


def _merge(into: dict[str, Any], part: dict[str, Any], pointer: str) -> None:
    for key, value in part.items():
        place = f"{pointer}/{key}"
        present = into.setdefault(key, value)
        if present is value or present == value:
            continue
        if not (isinstance(present, dict) and isinstance(value, dict)):
            raise ContractError(f"{place}: another part says something else")
        _merge(present, value, place)
