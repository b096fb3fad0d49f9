"""The rules across fields, which the schema of a variant cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.contract.fields import dimensions, has, is_one_of, quantity, walked, within
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
    found = walked(fields.body, rule["field"])
    return all(is_one_of(value, rule["values"]) for value in found)


def _at_most(rule: Rule, fields: Fields) -> bool:
    return fields.count(rule["field"], rule.get("where", {})) <= int(rule["count"])


def _at_least(rule: Rule, fields: Fields) -> bool:
    return fields.count(rule["field"], rule.get("where", {})) >= int(rule["count"])


def _all_or_none(rule: Rule, fields: Fields) -> bool:
    having = [has(item, rule["key"], "$present") for item in fields.items(rule["field"])]
    return all(having) or not any(having)


def _unique(rule: Rule, fields: Fields) -> bool:
    keys = [key for item in fields.items(rule["field"]) for key in walked(item, rule["key"])]
    return all(not is_one_of(key, keys[:place]) for place, key in enumerate(keys))


def _sum(rule: Rule, fields: Fields) -> bool:
    if not fields.present(rule["field"]):
        return True
    items = fields.items(rule["field"])
    numbers = (quantity(value) for item in items for value in walked(item, rule["key"]))
    total = sum(value for value in numbers if value is not None)
    due = quantity(fields.value(rule["equals"])) if "equals" in rule else None
    return (due is None or total == due) and within(total, rule.get("min"), rule.get("max"))


def _each_within(rule: Rule, fields: Fields) -> bool:
    for item in fields.items(rule["field"]):
        value, start, end = (
            quantity(next(iter(walked(item, rule[end])), None)) for end in ("value", "start", "end")
        )
        if value is not None and not within(value, start, end):
            return False
    return True


def _total_items(rule: Rule, fields: Fields) -> bool:
    total = sum(len(fields.items(name)) for name in rule["fields"])
    return within(total, rule.get("min"), rule.get("max"))


def _area(rule: Rule, fields: Fields) -> bool:
    size = dimensions(fields.value(rule["field"]))
    return size is None or within(size[0] * size[1], rule.get("min_px"), rule.get("max_px"))


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
