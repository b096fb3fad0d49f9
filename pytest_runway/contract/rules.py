"""The rules across fields, which the schema of a variant cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.contract.fields import dimensions, is_one_of, quantity, walked
from pytest_runway.contract.issues import broken_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_runway.contract.fields import Fields
    from pytest_runway.contract.issues import Issue

    Rule = Mapping[str, Any]


def broken(rules: Sequence[Rule], fields: Fields) -> list[Issue]:
    """Return an issue for each rule that applies to a body and does not hold."""
    return [
        broken_rule(_path(rule["path"]), rule["message"])
        for rule in rules
        if fields.hold(rule.get("when", {})) and not RULES[rule["rule"]](rule, fields)
    ]


def _path(path: str | Sequence[str | int]) -> Sequence[str | int]:
    return path.split(".") if isinstance(path, str) else path


def _requires(rule: Rule, fields: Fields) -> bool:
    return all(map(fields.present, rule["fields"]))


def _forbids(rule: Rule, fields: Fields) -> bool:
    return not any(map(fields.present, rule["fields"]))


def _one_of(rule: Rule, fields: Fields) -> bool:
    value = fields.value(rule["field"])
    return value is None or is_one_of(value, rule["values"])


def _count(rule: Rule, fields: Fields) -> int:
    """Count the items that have every key as ``where`` says; without it, all items."""
    wanted = rule.get("where", {})
    return sum(
        all(_item_has(item, key, value) for key, value in wanted.items())
        for item in fields.items(rule["field"])
    )


def _item_has(item: Any, key: str, wanted: Any) -> bool:
    found = list(walked(item, key))
    if wanted in ("$present", "$absent"):
        return bool(found) is bool(wanted == "$present")
    return any(is_one_of(value, wanted) for value in found)


def _at_most(rule: Rule, fields: Fields) -> bool:
    return _count(rule, fields) <= int(rule["count"])


def _at_least(rule: Rule, fields: Fields) -> bool:
    return _count(rule, fields) >= int(rule["count"])


def _all_or_none(rule: Rule, fields: Fields) -> bool:
    having = [_item_has(item, rule["key"], "$present") for item in fields.items(rule["field"])]
    return all(having) or not any(having)


def _unique(rule: Rule, fields: Fields) -> bool:
    keys = [key for item in fields.items(rule["field"]) for key in walked(item, rule["key"])]
    return all(not is_one_of(key, keys[:place]) for place, key in enumerate(keys))


def _sum(rule: Rule, fields: Fields) -> bool:
    items = fields.items(rule["field"])
    if not items:
        return True
    numbers = (quantity(value) for item in items for value in walked(item, rule["key"]))
    total = sum(value for value in numbers if value is not None)
    due = quantity(fields.value(rule["equals"])) if "equals" in rule else None
    return (due is None or total == due) and _within(total, rule.get("min"), rule.get("max"))


def _each_within(rule: Rule, fields: Fields) -> bool:
    for item in fields.items(rule["field"]):
        value, start, end = (
            quantity(next(iter(walked(item, rule[end])), None)) for end in ("value", "start", "end")
        )
        if value is not None and not _within(value, start, end):
            return False
    return True


def _total_items(rule: Rule, fields: Fields) -> bool:
    return sum(len(fields.items(name)) for name in rule["fields"]) <= int(rule["max"])


def _area(rule: Rule, fields: Fields) -> bool:
    size = dimensions(fields.value(rule["field"]))
    return size is None or _within(size[0] * size[1], rule.get("min_px"), rule.get("max_px"))


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


RULES: Mapping[str, Callable[[Rule, Fields], bool]] = {
    "requires": _requires,
    "forbids": _forbids,
    "one_of": _one_of,
    "at_most": _at_most,
    "at_least": _at_least,
    "all_or_none": _all_or_none,
    "unique": _unique,
    "sum": _sum,
    "within": _each_within,
    "total_items": _total_items,
    "area": _area,
}
"""What each rule tests; docs/contract.md says what its arguments are."""
