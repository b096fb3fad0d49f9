"""Strategies for request bodies that the contract accepts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import reject
from hypothesis import strategies as st

from pytest_runway.contract import load
from pytest_runway.errors import UsageError
from pytest_runway.strategies.schemas import Values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_runway.contract import Operation, Variant

    Body = dict[str, Any]


def bodies(
    operation: str, *, model: str | None = None, method: str = "POST"
) -> st.SearchStrategy[Body]:
    """Bodies that an operation accepts, for one model or for any: ``bodies("image_to_video")``.

    Media are https URLs, or data URIs of files that the field takes.

    Raises:
        UsageError: for an operation or a model that there is not.
    """
    _, variants = chosen(operation, model, method)
    numbers = range(len(variants))
    return st.one_of([_accepted(operation, model, method, number) for number in numbers])


def chosen(operation: str, model: str | None, method: str) -> tuple[Operation, tuple[Variant, ...]]:
    """Return an operation and those of its variants that a model names.

    Raises:
        UsageError: for an operation or a model that there is not, or one that takes no body.
    """
    (found, *_) = load().operation(operation, method)
    variants = tuple(each for each in found.variants if model in (None, each.name))
    if not variants:
        names = ", ".join(each.name for each in found.variants) or "no body at all"
        raise UsageError(f"{operation} takes no model {model!r}; it takes {names}")
    return found, variants


@cache
def values() -> Values:
    """Return the strategies for the contract's schemas."""
    return Values(load().document["components"]["schemas"])


@st.composite
def _accepted(draw: st.DrawFn, operation: str, model: str | None, method: str, number: int) -> Body:
    found, variants = chosen(operation, model, method)  # by name: Hypothesis prints arguments
    variant = variants[number]
    body = draw(values().of(_with_demands(variant)))
    for rule in variant.rules:
        if rule["rule"] == "sum":
            _share(body, rule)
    attempts = _ever_less(body, set(variant.schema.get("required", ())))
    fitting = next((each for each in attempts if not found.check(each).issues), None)
    return reject() if fitting is None else fitting


def _ever_less(body: Body, required: set[str]) -> Iterator[Body]:
    """Yield a body, and then the same with fewer and fewer of the keys that it may lack.

    A rule across fields is broken by too much more often than by too little.
    """
    yield body
    optional = [key for key in body if key not in required]
    for key in optional:
        yield {name: value for name, value in body.items() if name != key}
    for count in range(1, len(optional) + 1):
        dropped = set(optional[:count])
        yield {name: value for name, value in body.items() if name not in dropped}


def _with_demands(variant: Variant) -> Mapping[str, Any]:
    """Return a variant's schema with what its rules always ask for."""
    schema: Mapping[str, Any] = variant.schema
    for rule in variant.rules:
        if rule["rule"] == "at_least" and "when" not in rule and "where" not in rule:
            field = rule["field"]
            items = {**schema["properties"][field], "minItems": rule["count"]}
            required = [*schema.get("required", ()), field]
            parts = {**schema["properties"], field: items}
            schema = {**schema, "properties": parts, "required": required}
    return schema


def _share(body: Body, rule: Mapping[str, Any]) -> None:
    """Make the numbers of a list add up to what a rule asks for."""
    *parents, last = rule["field"].split(".")
    holder: Any = body
    for name in parents:
        holder = holder.get(name) if isinstance(holder, dict) else None
    items = holder.get(last) if isinstance(holder, dict) else None
    if not items:
        return
    total = body.get(rule["equals"], 10) if "equals" in rule else rule["max"]
    for number, item in enumerate(items):
        item[rule["key"]] = total // len(items) + (number < total % len(items))
