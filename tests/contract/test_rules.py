"""Rules across fields: each with a body that holds and one that does not."""

from __future__ import annotations

from typing import Any

import pytest

from .probe import operation_for

ITEMS = {"type": "array", "items": {}}


def broken(rule: dict[str, Any], body: dict[str, Any], **properties: Any) -> list[dict[str, Any]]:
    stated = {
        **rule,
        "path": ["here", 0],
        "message": "It does not hold.",
        "source": "",
        "mark": "I",
    }
    schema = {"type": "object", "properties": properties, "x-runway-rules": [stated]}
    return list(operation_for(schema).check(body).issues)


ISSUE = {"code": "custom", "message": "It does not hold.", "path": ["here", 0]}
SUM = {"rule": "sum", "field": "shots", "key": "duration"}
WITHIN = {
    "rule": "within",
    "field": "frames",
    "value": "at",
    "start": "range.start",
    "end": "range.end",
}


@pytest.mark.parametrize(
    ("rule", "holding", "breaking"),
    [
        ({"rule": "requires", "fields": ["a", "b"]}, {"a": 1, "b": None}, {"a": 1}),
        ({"rule": "requires", "fields": ["a.b"]}, {"a": {"b": 0}}, {"a": {}}),
        ({"rule": "forbids", "fields": ["a", "b"]}, {"c": 1}, {"b": None}),
        ({"rule": "one_of", "field": "a", "values": [1, "x"]}, {"a": "x"}, {"a": "y"}),
        ({"rule": "one_of", "field": "a", "values": [1]}, {}, {"a": True}),
        ({"rule": "one_of", "field": "a.b", "values": [False]}, {"a": {}}, {"a": {"b": 0}}),
        ({"rule": "one_of", "field": "duration", "values": [9]}, {}, {"duration": 10}),
        (
            {"rule": "at_most", "field": "a", "where": {"of": "human"}, "count": 1},
            {"a": [{"of": "human"}, {"of": "object"}, {}]},
            {"a": [{"of": "human"}, {"of": "object"}, {"of": "human"}]},
        ),
        ({"rule": "at_most", "field": "a", "count": 1}, {"a": "one"}, {"a": ["one", "two"]}),
        (
            {"rule": "at_least", "field": "a", "where": {"place": "first"}, "count": 1},
            {"a": [{"place": "last"}, {"place": "first"}]},
            {"a": [{"place": "last"}, {}, "first"]},
        ),
        (
            {"rule": "at_least", "field": "a", "where": {"place": "$absent"}, "count": 2},
            {"a": [{}, {"place": "x"}, "text"]},
            {"a": [{}, {"place": "x"}]},
        ),
        ({"rule": "at_least", "field": "a", "count": 1}, {"a": [0]}, {}),
        (
            {"rule": "all_or_none", "field": "a", "key": "range"},
            {"a": [{"range": 1}, {"range": None}]},
            {"a": [{"range": 1}, {}]},
        ),
        ({"rule": "all_or_none", "field": "a", "key": "k"}, {"a": [{}, {}]}, {"a": [{}, {"k": 1}]}),
        (
            {"rule": "unique", "field": "a", "key": "tag"},
            {"a": [{"tag": 1}, {"tag": True}, {}, {}]},
            {"a": [{"tag": "x"}, {}, {"tag": "x"}]},
        ),
        ({**SUM, "min": 3}, {"shots": [{"duration": 1}, {"duration": 2}]}, {"shots": []}),
        ({**SUM, "max": 3}, {}, {"shots": [{"duration": 3.5}]}),
        ({**SUM, "equals": "duration"}, {"shots": [{"duration": 4}], "duration": 4}, {"shots": []}),
        (WITHIN, {"frames": [{"at": 2, "range": {"start": 2, "end": 3}}, {"at": 9}]}, None),
        (WITHIN, {"frames": []}, {"frames": [{"at": 4, "range": {"start": 2, "end": 3}}]}),
        (WITHIN, {"frames": [{}]}, {"frames": [{"at": 1, "range": {"start": 2}}]}),
        (
            {"rule": "total_items", "fields": ["a", "b"], "max": 2},
            {"a": "one", "b": ["two"]},
            {"a": "one", "b": ["two", "three"]},
        ),
        ({"rule": "total_items", "fields": ["a", "b"], "min": 1}, {"b": [0]}, {"a": []}),
        ({"rule": "area", "field": "ratio", "min_px": 100}, {"ratio": "10:10"}, {"ratio": "10:9"}),
        ({"rule": "area", "field": "ratio", "max_px": 100}, {"ratio": "auto"}, {"ratio": "11:10"}),
    ],
)
def test_a_rule_tells_bodies_apart(rule: Any, holding: Any, breaking: Any) -> None:
    duration = {"type": "integer", "default": 10}
    assert broken(rule, holding, duration=duration) == []
    if breaking is not None:
        assert broken(rule, breaking, duration=duration) == [ISSUE]


@pytest.mark.parametrize(
    ("when", "applying", "other"),
    [
        ({"mode": "edit"}, {"mode": "edit"}, {"mode": "extend"}),
        ({"mode": ["edit", "extend"]}, {"mode": "extend"}, {}),
        ({"audio": True}, {}, {"audio": False}),
        ({"audio": True}, {"audio": True}, {"audio": 1}),
        ({"mode": "$present"}, {"mode": None}, {}),
        ({"audio": "$absent"}, {}, {"audio": True}),
        ({"images[].place": "last"}, {"images": [{}, {"place": "last"}]}, {"images": [{}]}),
        ({"images[].place": "$present"}, {"images": [{"place": 1}]}, {"images": "https://"}),
        ({"a.b": 1, "audio": True}, {"a": {"b": 1}}, {"a": {"b": 1}, "audio": False}),
    ],
)
def test_a_rule_applies_where_its_condition_holds(when: Any, applying: Any, other: Any) -> None:
    rule = {"rule": "requires", "fields": ["never"], "when": when}
    audio = {"type": "boolean", "default": True}
    assert broken(rule, applying, audio=audio) == [ISSUE]
    assert broken(rule, other, audio={"default": True}) == []


def test_rules_wait_until_the_schema_holds() -> None:
    rule = {"rule": "requires", "fields": ["never"]}
    found = broken(rule, {"name": 3}, name={"type": "string"})
    assert [each["code"] for each in found] == ["invalid_type"]


def test_every_broken_rule_is_told_in_the_order_of_the_document() -> None:
    rule = {"rule": "requires", "fields": ["a"], "message": "", "source": "", "mark": "I"}
    rules = [{**rule, "path": ["x"]}, {**rule, "path": "y.z"}]
    found = operation_for({"type": "object", "x-runway-rules": rules}).check({}).issues
    assert [each["path"] for each in found] == [["x"], ["y", "z"]]
