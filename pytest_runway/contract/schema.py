"""The interpreter: a schema of the contract, compiled to a function that finds issues.

It answers as zod 4.3 answers for the equivalent schema. That is the last release that fits what
was captured: a refused discriminator has no ``options`` yet, and lengths count UTF-16 code units.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_runway.contract import issues
from pytest_runway.contract.formats import FORMATS
from pytest_runway.contract.javascript import (
    MAX_SAFE_INTEGER,
    UNDEFINED,
    is_finite,
    is_number,
    key_order,
    number,
    units,
)
from pytest_runway.contract.patterns import searcher

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_runway.contract.issues import Issue

    Check: TypeAlias = "Callable[[Any], Sequence[Issue]]"
    Schema: TypeAlias = "Mapping[str, Any]"

_HOLDS: tuple[()] = ()


class Compiler:
    """Turns schemas into checks; ``closed`` makes every object refuse unknown keys."""

    def __init__(self, components: Mapping[str, Schema], *, closed: bool = False) -> None:
        self.components = components
        self._closed = closed
        self._compiled: dict[int, tuple[Schema, Check]] = {}

    def check(self, schema: Schema) -> Check:
        """Return a function from a JSON value to its issues, none when the schema holds."""
        schema = self.resolved(schema)
        known = self._compiled
        place = id(schema)
        if place not in known:

            def later(value: Any) -> Sequence[Issue]:
                return known[place][1](value)

            known[place] = schema, later  # a schema may hold itself
            known[place] = schema, self._compile(schema)
        return known[place][1]

    def resolved(self, schema: Schema) -> Schema:
        """Return a schema, or what it refers to."""
        while "$ref" in schema:
            schema = self.components[schema["$ref"].rsplit("/", 1)[-1]]
        return schema

    def _compile(self, schema: Schema) -> Check:
        if "discriminator" in schema:
            return self._tagged_union(schema)
        options = schema.get("anyOf") or schema.get("oneOf")
        if options:
            return self._union(options)
        if "const" in schema or "enum" in schema:
            return _options(schema["enum"] if "enum" in schema else [schema["const"]])
        return self._typed(schema)

    def _typed(self, schema: Schema) -> Check:
        kind = schema.get("type")
        if isinstance(kind, list):
            return self._union([{**schema, "type": each} for each in kind])
        if kind == "object":
            return self._object(schema)
        if kind == "array":
            return self._array(schema)
        return _PRIMITIVES[kind](schema)

    def _object(self, schema: Schema) -> Check:
        rest = schema.get("additionalProperties", not self._closed)
        if isinstance(rest, dict):
            return _record(self.check(rest))
        required = schema.get("required", ())
        properties: Mapping[str, Schema] = schema.get("properties", {})
        fields = [
            (key, self.check(each), key in required and "default" not in each)
            for key, each in properties.items()
        ]
        strict = self._closed or not rest

        def check(value: Any) -> Sequence[Issue]:
            if not isinstance(value, dict):
                return [issues.wrong_type("object", value)]
            found: list[Issue] = []
            for key, field, due in fields:
                item = value.get(key, UNDEFINED)
                if (item is not UNDEFINED or due) and (within := field(item)):
                    issues.below(key, within)
                    found.extend(within)
            if strict and not value.keys() <= properties.keys():
                unknown = [key for key in key_order(value) if key not in properties]
                found.append(issues.unknown_keys(unknown))
            return found

        return check

    def _array(self, schema: Schema) -> Check:
        item_check = self.check(schema.get("items", {}))
        low, high = schema.get("minItems"), schema.get("maxItems")

        def check(value: Any) -> Sequence[Issue]:
            if not isinstance(value, list):
                return [issues.wrong_type("array", value), *_lengths(value, low, high)]
            found: list[Issue] = []
            for place, item in enumerate(value):
                if within := item_check(item):
                    issues.below(place, within)
                    found.extend(within)
            return [*found, *_lengths(value, low, high)]

        return check

    def _union(self, options: Sequence[Schema]) -> Check:
        checks = [self.check(option) for option in options if option.get("type") != "null"]

        def check(value: Any) -> Sequence[Issue]:
            results = []
            for option in checks:
                if not (found := option(value)):
                    return _HOLDS
                results.append(found)
            soft = [found for found in results if all(issue.soft for issue in found)]
            return soft[0] if len(soft) == 1 else [issues.no_option_holds(results)]

        either = checks[0] if len(checks) == 1 else check
        return _nullable(either) if len(checks) < len(options) else either

    def _tagged_union(self, schema: Schema) -> Check:
        tag = schema["discriminator"]["propertyName"]
        options = {
            value: self.check(option)
            for option in schema["oneOf"]
            for value in tag_values(option, tag, self.components)
        }

        def check(value: Any) -> Sequence[Issue]:
            if not isinstance(value, dict):
                return [issues.wrong_type("object", value, code_first=True)]
            name = value.get(tag)
            option = options.get(name) if isinstance(name, str) else None
            return option(value) if option else [issues.no_such_variant(tag)]

        return check


def tag_values(option: Schema, tag: str, components: Mapping[str, Schema]) -> Sequence[str]:
    """Return the values of a discriminator that pick an option of a union."""
    while "$ref" in option:
        option = components[option["$ref"].rsplit("/", 1)[-1]]
    named = option["properties"][tag]
    return [named["const"]] if "const" in named else list(named["enum"])


def _nullable(check: Check) -> Check:
    return lambda value: _HOLDS if value is None else check(value)


def _record(value_check: Check) -> Check:
    def check(value: Any) -> Sequence[Issue]:
        if not isinstance(value, dict):
            return [issues.wrong_type("record", value)]
        found: list[Issue] = []
        for key in key_order(value):
            if key != "__proto__" and (within := value_check(value[key])):
                issues.below(key, within)
                found.extend(within)
        return found

    return check


def _options(values: Sequence[Any]) -> Check:
    known = {(isinstance(value, bool), value) for value in values}

    def check(value: Any) -> Sequence[Issue]:
        if not isinstance(value, (dict, list)) and (isinstance(value, bool), value) in known:
            return _HOLDS
        return [issues.not_an_option(values)]

    return check


def _anything(_: Any) -> Sequence[Issue]:
    return _HOLDS


def _null(value: Any) -> Sequence[Issue]:
    return _HOLDS if value is None else [issues.wrong_type("null", value)]


def _boolean(value: Any) -> Sequence[Issue]:
    return _HOLDS if isinstance(value, bool) else [issues.wrong_type("boolean", value)]


def _string(schema: Schema) -> Check:
    low, high = schema.get("minLength"), schema.get("maxLength")
    form = FORMATS[schema["format"]] if "format" in schema else FORMATS[None]
    pattern = schema.get("pattern", form.pattern)
    holds = form.holds or (searcher(pattern) if pattern is not None else None)

    def check(value: Any) -> Sequence[Issue]:
        if not isinstance(value, str):
            return [issues.wrong_type("string", value), *_lengths(value, low, high)]
        wrong = _lengths(value, low, high)
        if holds is None or holds(value):
            return wrong
        issue = issues.wrong_format(form.name, None if form.holds else pattern)
        return [*wrong, issue] if form.name == "regex" else [issue, *wrong]

    return check


def _lengths(value: Any, low: int | None, high: int | None) -> list[Issue]:
    """Check whatever has a length, as zod does: also a string where an array is due."""
    length: float
    if isinstance(value, str):
        origin, length = "string", units(value)
    elif isinstance(value, list):
        origin, length = "array", len(value)
    elif isinstance(value, dict) and "length" in value:
        origin, length = "unknown", number(value["length"])
    else:
        return []
    found = []
    if low is not None and not length >= low:
        found.append(issues.too_small(origin, low))
    if high is not None and not length <= high:
        found.append(issues.too_big(origin, high))
    return found


def _number(schema: Schema) -> Check:
    whole = schema["type"] == "integer"
    bounds = [(schema[keyword], *rest) for keyword, *rest in _BOUNDS if keyword in schema]

    def check(value: Any) -> Sequence[Issue]:
        if not is_number(value) or not is_finite(value):
            return [issues.wrong_type("number", value)]
        if whole and value != value // 1:
            return [issues.not_an_integer()]
        found: list[Issue] = []
        if whole and abs(value) > MAX_SAFE_INTEGER:
            found.append(issues.unsafe_integer(negative=value < 0))
        for bound, holds, issue, inclusive in bounds:
            if not holds(value, bound):
                found.append(issue("number", bound, inclusive=inclusive))
        return found

    return check


_BOUNDS = (
    ("minimum", operator.ge, issues.too_small, True),
    ("exclusiveMinimum", operator.gt, issues.too_small, False),
    ("maximum", operator.le, issues.too_big, True),
    ("exclusiveMaximum", operator.lt, issues.too_big, False),
)

_PRIMITIVES: Mapping[str | None, Callable[[Schema], Check]] = {
    None: lambda _: _anything,
    "null": lambda _: _null,
    "boolean": lambda _: _boolean,
    "string": _string,
    "number": _number,
    "integer": _number,
}
