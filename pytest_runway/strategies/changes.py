"""What can be changed in a body that is accepted, so that exactly one issue answers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_runway.media import forge
from pytest_runway.media.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_runway.strategies.schemas import Values

    Schema = Mapping[str, Any]
    Path = tuple[str | int, ...]

_WRONG = {"string": 7, "integer": "7", "number": "7", "boolean": "yes", "array": 7, "object": 7}
_MEDIA_CODES = {"too_long": "too_big", "too_short": "too_small", "too_fast": "too_big"}
"""The code of the issue for a flaw of media, where it is not ``custom``."""

_LATE = "cut"  # such media are accepted, and fail later


@dataclass(frozen=True)
class Change:
    """One change to a body, and the code and path of the issue that it makes."""

    flaw: str
    code: str
    path: Path
    apply: Callable[[Any], None]


def changes(
    body: Mapping[str, Any], schema: Schema, values: Values, *, untouched: str | None
) -> list[Change]:
    """Return what can be broken in a body; the key ``untouched`` picks its variant."""
    return list(_of_object(body, schema, (), values, untouched))


def _of_object(
    value: Mapping[str, Any], schema: Schema, path: Path, values: Values, untouched: str | None
) -> Iterator[Change]:
    schema = values.resolved(schema)
    parts = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name in value and name != untouched:
            code = _code_of_absence(values.resolved(parts[name]))
            yield Change("missing", code, (*path, name), _without((*path, name)))
    if schema.get("additionalProperties") is False:
        yield Change("unknown_key", "unrecognized_keys", path, _with((*path, "unheardOf"), 1))
    for name, part in parts.items():
        if name in value and name != untouched:
            yield from _of_part(value[name], values.resolved(part), (*path, name), values)


def _of_part(value: Any, part: Schema, path: Path, values: Values) -> Iterator[Change]:
    if isinstance(value, str):
        yield from _of_media(part, path, values)
    if "x-runway-media" in part or "anyOf" in part or "oneOf" in part:
        return  # a union answers with the issues of all that it might have been
    kind = part.get("type")
    if "enum" in part or "const" in part:
        yield Change("no_such_option", "invalid_value", path, _with(path, "no such option"))
    elif isinstance(kind, str):
        yield Change("wrong_type", "invalid_type", path, _with(path, _WRONG[kind]))
    if kind in ("integer", "number"):
        yield from _of_number(part, path)
    elif kind == "string":
        yield from _of_string(part, path)
    elif kind == "array":
        yield from _of_list(value, part, path, values)
    elif kind == "object":
        yield from _of_object(value, part, path, values, None)


def _of_number(part: Schema, path: Path) -> Iterator[Change]:
    if "maximum" in part:
        yield Change("too_large", "too_big", path, _with(path, part["maximum"] + 1))
    if "minimum" in part:
        yield Change("too_little", "too_small", path, _with(path, part["minimum"] - 1))
    if part.get("type") == "integer":
        value = part.get("minimum", 0) + 0.5
        yield Change("no_integer", "invalid_type", path, _with(path, value))


def _of_string(part: Schema, path: Path) -> Iterator[Change]:
    if "pattern" in part or "format" in part:
        return  # a text that is too long is no uuid either
    if "maxLength" in part:
        text = "a" * (part["maxLength"] + 1)
        yield Change("too_many_characters", "too_big", path, _with(path, text))
    if part.get("minLength"):
        text = "a" * (part["minLength"] - 1)
        yield Change("too_few_characters", "too_small", path, _with(path, text))


def _of_list(value: list[Any], part: Schema, path: Path, values: Values) -> Iterator[Change]:
    if value and "maxItems" in part:
        items = (value * (part["maxItems"] + 1))[: part["maxItems"] + 1]
        yield Change("too_many_items", "too_big", path, _with(path, items))
    if part.get("minItems"):
        few = value[: part["minItems"] - 1]
        yield Change("too_few_items", "too_small", path, _with(path, few))
    item = values.resolved(part.get("items", {}))
    if value and item.get("type") == "object":
        yield from _of_object(value[0], item, (*path, 0), values, None)


def _of_media(part: Schema, path: Path, values: Values) -> Iterator[Change]:
    """Yield flawed data URIs for a string that stands for media, alone or in a union."""
    options = [values.resolved(option) for option in (part, *part.get("anyOf", ()))]
    said = next((o["x-runway-media"] for o in options if "x-runway-media" in o), None)
    if said is None:
        return
    limits = Limits.from_annotation(said)
    for found in forge.flaws(said["kind"], limits=limits, transport="data"):
        short = found.name.partition(".")[2]
        if short != _LATE and not found.knobs.keys() & {"declared", "sample"}:
            code = _MEDIA_CODES.get(short, "custom")
            yield Change(found.name, code, path, _with_media(path, found.name, limits))


def _code_of_absence(part: Schema) -> str:
    """Return the code of the issue for a value that is not there."""
    if "discriminator" in part:
        return "invalid_type"
    if "anyOf" in part or "oneOf" in part:
        return "invalid_union"
    return "invalid_value" if "enum" in part or "const" in part else "invalid_type"


def _holder(body: Any, path: Path) -> Any:
    for step in path[:-1]:
        body = body[step]
    return body


def _without(path: Path) -> Callable[[Any], None]:
    def apply(body: Any) -> None:
        del _holder(body, path)[path[-1]]

    return apply


def _with(path: Path, value: Any) -> Callable[[Any], None]:
    def apply(body: Any) -> None:
        _holder(body, path)[path[-1]] = value

    return apply


def _with_media(path: Path, name: str, limits: Limits) -> Callable[[Any], None]:
    def apply(body: Any) -> None:
        made = forge.flawed(name, limits=limits, transport="data")
        _holder(body, path)[path[-1]] = made.data_uri

    return apply
