"""Lays limits over a schema: ``"1..1000"`` is a length, a count or a range, by the type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tools.contract.overlay import OverlayError

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema = dict[str, Any]

_NUMBER = r"-?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"(?P<over>>)?(?P<low>{_NUMBER})?(?:\.\.(?P<high>{_NUMBER})?)?")
_BOUNDS = {
    "string": ("minLength", "maxLength"),
    "array": ("minItems", "maxItems"),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
}


def apply(schema: Schema, path: str, fact: Any) -> None:
    """Lay one fact over every place in the schema that the path leads to.

    ``path`` is written as in ``keyframes[].range.start_seconds``; the empty path is the schema
    itself. ``fact`` is a range, or a table of keywords that may hold ``range``, ``required`` and
    ``replace`` (a whole schema).

    Raises:
        OverlayError: where the path leads nowhere, or the range fits no type there.
    """
    table = fact if isinstance(fact, dict) else {"range": fact}
    for place in places(schema, path):
        _lay(place, path, dict(table))


def places(schema: Schema, path: str) -> list[Schema]:
    """Return every part of a schema that a path leads to, in all members of unions.

    Raises:
        OverlayError: where the path leads nowhere.
    """
    spread = path.replace("[]", ".[]").replace("{}", ".{}")
    found = list(_places(schema, [part for part in spread.split(".") if part]))
    if not found:
        raise OverlayError(f"no {path!r} in {schema.get('title', 'the schema')}")
    return found


def _places(schema: Schema, parts: list[str]) -> Iterator[Schema]:
    if not parts:
        yield schema
        return
    head, *rest = parts
    for member in _members(schema):
        if head == "[]" and "items" in member:
            yield from _places(member["items"], rest)
        elif head == "{}" and isinstance(member.get("additionalProperties"), dict):
            yield from _places(member["additionalProperties"], rest)
        elif head in member.get("properties", {}):
            yield from _places(member["properties"][head], rest)


def _members(schema: Schema) -> Iterator[Schema]:
    yield schema
    for keyword in ("anyOf", "oneOf"):
        for member in schema.get(keyword, []):
            yield from _members(member)


def _lay(place: Schema, path: str, fact: Schema) -> None:
    if "replace" in fact:
        place.clear()
        place.update(fact.pop("replace"))
    text = fact.pop("range", None)
    if text is not None:
        _lay_range(place, path, text)
    for key in fact.pop("required", []):
        place.setdefault("required", []).append(key)
    if (
        "additionalProperties" in fact
    ):  # beside a union it would check nothing: its members are meant
        for member in _members(place):
            if "properties" in member:
                member["additionalProperties"] = fact["additionalProperties"]
        del fact["additionalProperties"]
    place.update(fact)


def _lay_range(place: Schema, path: str, text: str) -> None:
    bounds = _parsed(text)
    fitting = [one for one in _members(place) if _type(one) in _BOUNDS]
    if not fitting:
        raise OverlayError(f"{path}: nothing for the range {text!r} to bound in {place}")
    for member in fitting:
        low, high = _BOUNDS[_type(member)]
        for keyword, value in ((low, bounds["low"]), (high, bounds["high"])):
            if value is not None:
                member[keyword] = value
        if bounds["over"] is not None:
            member["exclusiveMinimum"] = bounds["over"]


def _type(schema: Schema) -> str:
    kind = schema.get("type", "")
    return str(next((one for one in kind if one != "null"), "") if isinstance(kind, list) else kind)


def _parsed(text: str) -> dict[str, int | float | None]:
    found = _RANGE.fullmatch(text)
    if not found or not text:
        raise OverlayError(f"not a range: {text!r}; expected '1..10', '1..', '..10' or '>0'")
    low, high = _number(found["low"]), _number(found["high"])
    if found["over"]:
        return {"low": None, "high": high, "over": low}
    return {"low": low, "high": high, "over": None}


def _number(text: str | None) -> int | float | None:
    if text is None:
        return None
    return float(text) if "." in text else int(text)
