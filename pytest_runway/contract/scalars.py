"""Checks of values without parts: strings, numbers, booleans, null, and fixed choices."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pytest_runway.contract import issues
from pytest_runway.contract.formats import FORMATS
from pytest_runway.contract.javascript import (
    MAX_SAFE_INTEGER,
    is_finite,
    is_number,
    number,
    units,
)
from pytest_runway.contract.patterns import searcher

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_runway.contract.issues import Issue

    Check: TypeAlias = "Callable[[Any], Sequence[Issue]]"
    Schema: TypeAlias = "Mapping[str, Any]"

HOLDS: Final = ()
"""No issues."""


def options_of(values: Sequence[Any]) -> Check:
    known = {(isinstance(value, bool), value) for value in values}

    def check(value: Any) -> Sequence[Issue]:
        if not isinstance(value, (dict, list)) and (isinstance(value, bool), value) in known:
            return HOLDS
        return [issues.not_an_option(values)]

    return check


def _anything(_: Any) -> Sequence[Issue]:
    return HOLDS


def _null(value: Any) -> Sequence[Issue]:
    return HOLDS if value is None else [issues.wrong_type("null", value)]


def _boolean(value: Any) -> Sequence[Issue]:
    return HOLDS if isinstance(value, bool) else [issues.wrong_type("boolean", value)]


def _string(schema: Schema) -> Check:
    low, high = schema.get("minLength"), schema.get("maxLength")
    form = FORMATS[schema["format"]] if "format" in schema else FORMATS[None]
    pattern = schema.get("pattern", form.pattern)
    holds = form.holds or (searcher(pattern) if pattern is not None else None)
    is_bounded = low is not None or high is not None

    def check(value: Any) -> Sequence[Issue]:
        if not isinstance(value, str):
            return [issues.wrong_type("string", value), *lengths(value, low, high)]
        wrong = lengths(value, low, high) if is_bounded else HOLDS
        if holds is None or holds(value):
            return wrong
        issue = issues.wrong_format(form.name, None if form.holds else pattern)
        return [*wrong, issue] if form.name == "regex" else [issue, *wrong]

    return check


def lengths(value: Any, low: int | None, high: int | None) -> list[Issue]:
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

PRIMITIVES: Mapping[str | None, Callable[[Schema], Check]] = {
    None: lambda _: _anything,
    "null": lambda _: _null,
    "boolean": lambda _: _boolean,
    "string": _string,
    "number": _number,
    "integer": _number,
}
