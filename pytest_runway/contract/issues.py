"""Issues as zod 4 words them: what stands in ``issues`` of a refused body, key for key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.contract.javascript import (
    MAX_SAFE_INTEGER,
    is_number,
    printed,
    type_name,
)
from pytest_runway.contract.patterns import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_COUNTED = {"string": "characters", "array": "items"}
_FORMAT_LABELS = {"uuid": "UUID", "datetime": "ISO datetime", "date": "ISO date", "url": "URL"}


class Issue(dict[str, Any]):
    """One issue, its keys in the order of the wire; ``path`` is relative until it is handed on.

    ``soft`` says that the value had the right type: zod goes on checking it, and a union whose
    other options have the wrong type answers with that option's issues alone.
    """

    __slots__ = ("soft",)

    def __init__(self, facts: Mapping[str, Any], *, soft: bool = False) -> None:
        super().__init__(facts)
        self.soft = soft


def _issue(message: str, facts: Mapping[str, Any], *, soft: bool = False) -> Issue:
    """zod adds the path and the message last, unless the path is known from the start."""
    return Issue({**facts, "path": facts.get("path", []), "message": message}, soft=soft)


def below(key: str | int, issues: Iterable[Issue]) -> None:
    """Move issues found in a part of a value to where that part stands."""
    for issue in issues:
        issue["path"].insert(0, key)


def wrong_type(expected: str, value: Any, *, code_first: bool = False) -> Issue:
    """Return the issue of a value that has another type than expected."""
    facts = {"expected": expected, "code": "invalid_type"}
    if code_first:
        facts = {"code": "invalid_type", "expected": expected}
    if expected == "number" and is_number(value):
        facts["received"] = "NaN" if type_name(value) == "NaN" else "Infinity"
    return _issue(f"Invalid input: expected {expected}, received {type_name(value)}", facts)


def not_an_integer() -> Issue:
    """Return the issue of a number with a fraction where an integer is due."""
    facts = {"expected": "int", "format": "safeint", "code": "invalid_type"}
    return _issue("Invalid input: expected int, received number", facts)


def unsafe_integer(*, negative: bool) -> Issue:
    """Return the issue of an integer that JavaScript's numbers cannot hold exactly."""
    facts = (
        {"code": "too_small", "minimum": -MAX_SAFE_INTEGER}
        if negative
        else {"code": "too_big", "maximum": MAX_SAFE_INTEGER}
    )
    note = {"note": "Integers must be within the safe integer range."}
    due = f"small: expected int to be >=-{MAX_SAFE_INTEGER}"
    if not negative:
        due = f"big: expected int to be <={MAX_SAFE_INTEGER}"
    return _issue(f"Too {due}", {**facts, **note, "origin": "int", "inclusive": True}, soft=True)


def too_small(origin: str, minimum: float, *, inclusive: bool = True) -> Issue:
    """Return the issue of a number below a bound, or of a string or array that is too short."""
    return _out_of_bounds("Too small", "too_small", "minimum", origin, minimum, inclusive)


def too_big(origin: str, maximum: float, *, inclusive: bool = True) -> Issue:
    """Return the issue of a number above a bound, or of a string or array that is too long."""
    return _out_of_bounds("Too big", "too_big", "maximum", origin, maximum, inclusive)


def _out_of_bounds(
    word: str, code: str, key: str, origin: str, bound: float, inclusive: bool
) -> Issue:
    sign = (">" if key == "minimum" else "<") + ("=" if inclusive else "")
    counted = _COUNTED.get(origin)
    due = (
        f"to have {sign}{printed(bound)} {counted}" if counted else f"to be {sign}{printed(bound)}"
    )
    facts = {"origin": origin, "code": code, key: bound, "inclusive": inclusive}
    return _issue(f"{word}: expected {origin} {due}", facts, soft=True)


def wrong_format(form: str, pattern: str | None) -> Issue:
    """Return the issue of a string that lacks a form; ``form`` is zod's name of it."""
    facts = {"code": "invalid_format", "format": form}
    if pattern is not None:
        facts = {"origin": "string", **facts, "pattern": literal(pattern)}
    if form == "regex":
        return _issue(f"Invalid string: must match pattern {facts['pattern']}", facts, soft=True)
    return _issue(f"Invalid {_FORMAT_LABELS[form]}", facts, soft=True)


def not_an_option(values: Sequence[Any]) -> Issue:
    """Return the issue of a value that is none of the values that stand open."""
    shown = "|".join(map(printed, values))
    message = "Invalid input: expected" if len(values) == 1 else "Invalid option: expected one of"
    return _issue(f"{message} {shown}", {"code": "invalid_value", "values": list(values)})


def unknown_keys(keys: Sequence[str], *, soft: bool = False) -> Issue:
    """Return the issue of an object with keys that it must not have."""
    shown = ", ".join(f'"{key}"' for key in keys)
    message = f"Unrecognized key{'s' if len(keys) > 1 else ''}: {shown}"
    return _issue(message, {"code": "unrecognized_keys", "keys": list(keys)}, soft=soft)


def no_option_holds(errors: Sequence[Sequence[Issue]]) -> Issue:
    """Return the issue of a value that none of a union's options accepts."""
    facts = {"code": "invalid_union", "errors": [list(each) for each in errors]}
    return _issue("Invalid input", facts)


def no_such_variant(discriminator: str) -> Issue:
    """Return the issue of an object whose discriminator names none of a union's options."""
    facts = {"code": "invalid_union", "errors": [], "note": "No matching discriminator"}
    tag = {"discriminator": discriminator, "path": [discriminator]}
    return _issue("Invalid input", {**facts, **tag})


def broken_rule(path: Sequence[str | int], message: str) -> Issue:
    """Return the issue of a rule across fields that does not hold."""
    return Issue({"code": "custom", "message": message, "path": list(path)})
