"""Which checks run, in which order, and what a body's whole verdict is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_runway.contract import load

from .mini import contract
from .probe import issues_of, operation_for


def codes(schema: dict[str, Any], value: Any) -> list[tuple[str, list[str | int]]]:
    return [(each["code"], each["path"]) for each in issues_of(schema, value)]


def test_a_string_shows_all_that_is_wrong_with_it() -> None:
    schema = {"type": "string", "minLength": 5, "maxLength": 1, "pattern": "x"}
    assert codes(schema, "abc") == [("too_small", []), ("too_big", []), ("invalid_format", [])]


def test_a_format_goes_before_the_lengths() -> None:
    schema = {"type": "string", "format": "uuid", "minLength": 50}
    assert codes(schema, "abc") == [("invalid_format", []), ("too_small", [])]


def test_a_number_with_a_fraction_is_not_measured() -> None:
    assert codes({"type": "integer", "minimum": 2}, 1.5) == [("invalid_type", [])]


def test_an_unsafe_integer_is_measured_still() -> None:
    assert codes({"type": "integer", "maximum": 9}, 10**17) == [("too_big", []), ("too_big", [])]


@pytest.mark.parametrize(
    ("value", "origin"),
    [
        ("ab", "string"),
        ({"length": 2}, "unknown"),
        ({"length": "2"}, "unknown"),
        ({"length": None}, "unknown"),
        ({"length": []}, "unknown"),
    ],
)
def test_whatever_has_a_length_is_measured_though_it_is_no_list(value: Any, origin: str) -> None:
    found = issues_of({"type": "array", "minItems": 3}, value)
    assert [(each["code"], each.get("origin")) for each in found] == [
        ("invalid_type", None),
        ("too_small", origin),
    ]


@pytest.mark.parametrize("length", [None, [], False, "", [None], " 0x0 ", "none"])
def test_a_length_that_is_no_number_counts_as_javascript_counts_it(length: Any) -> None:
    found = issues_of({"type": "array", "minItems": 1, "maxItems": 1}, {"length": length})
    wrong = ["too_small", "too_big"] if length == "none" else ["too_small"]
    assert [each["code"] for each in found] == ["invalid_type", *wrong]


def test_a_list_is_measured_though_its_items_are_wrong() -> None:
    schema = {"type": "array", "items": {"type": "string"}, "minItems": 3}
    assert codes(schema, [1, "x"]) == [("invalid_type", [0]), ("too_small", [])]


def test_unknown_keys_come_last_and_in_the_order_of_javascript() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    found = issues_of({**schema, "additionalProperties": False}, {"z": 1, "10": 1, "9": 1, "a": 2})
    assert [each["code"] for each in found] == ["invalid_type", "unrecognized_keys"]
    assert found[1]["keys"] == ["9", "10", "z"]
    assert found[1]["message"] == 'Unrecognized keys: "9", "10", "z"'
    (found_many,) = issues_of(
        {**schema, "additionalProperties": False},
        dict.fromkeys(("4294967295", "01", "-1", "4294967294", "0", "²"), 1),
    )
    assert found_many["keys"] == ["0", "4294967294", "4294967295", "01", "-1", "²"]
    (found_two,) = issues_of({**schema, "additionalProperties": False}, {"c": 1, "b": 1})
    assert found_two["message"] == 'Unrecognized keys: "c", "b"'


def test_a_default_of_what_is_referred_to_stands_for_an_absent_value() -> None:
    level = {"type": "integer", "default": 3}
    assert issues_of({"$ref": "#/components/schemas/Level"}, ..., Level=level) == []


def test_a_union_answers_with_the_one_option_that_had_the_right_type() -> None:
    schema = {"anyOf": [{"type": "string"}, {"type": "array", "minItems": 1}]}
    assert codes(schema, []) == [("too_small", [])]


def test_a_union_of_several_options_of_the_right_type_names_none() -> None:
    schema = {"anyOf": [{"type": "string", "minLength": 9}, {"type": "string", "pattern": "x"}]}
    assert codes(schema, "abc") == [("invalid_union", [])]


def test_the_errors_within_a_union_have_paths_from_there() -> None:
    item = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    schema = {"type": "array", "items": {"anyOf": [item, {"type": "string"}]}}
    (issue,) = issues_of(schema, [{"a": 1}])
    assert issue["path"] == [0]
    assert [[each["path"] for each in option] for option in issue["errors"]] == [[["a"]], [[]]]


def test_a_discriminator_that_names_no_option_is_told_where_it_stands() -> None:
    option = {"type": "object", "properties": {"type": {"const": "a"}}, "required": ["type"]}
    schema = {"oneOf": [option], "discriminator": {"propertyName": "type"}}
    (issue,) = issues_of({"type": "array", "items": schema}, [{"type": "b"}])
    assert json.dumps(issue) == json.dumps(
        {
            "code": "invalid_union",
            "errors": [],
            "note": "No matching discriminator",
            "discriminator": "type",
            "path": [0, "type"],
            "message": "Invalid input",
        }
    )


def test_what_is_no_object_has_no_discriminator() -> None:
    option = {"type": "object", "properties": {"type": {"const": "a"}}, "required": ["type"]}
    schema = {"oneOf": [option], "discriminator": {"propertyName": "type"}}
    assert json.dumps(issues_of(schema, "a")) == json.dumps(
        [
            {
                "code": "invalid_type",
                "expected": "object",
                "path": [],
                "message": "Invalid input: expected object, received string",
            }
        ]
    )


def test_a_schema_may_hold_itself() -> None:
    tree = {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        },
        "required": ["name"],
    }
    body = {"name": "a", "parts": [{"name": "b", "parts": [{"name": 3}]}]}
    (issue,) = operation_for(tree, Tree=tree).check(body).issues
    assert issue["path"] == ["parts", 0, "parts", 0, "name"]


NO_SUCH_MODEL = {
    "code": "invalid_union",
    "errors": [],
    "note": "No matching discriminator",
    "discriminator": "model",
    "path": ["model"],
    "message": "Invalid input",
}


def test_a_body_without_a_model_is_refused_as_captured() -> None:
    operation = load().operation("text_to_speech")[0]
    checked = operation.check({})
    assert checked.variant is None
    assert json.dumps(checked.issues) == json.dumps(
        [
            {
                "expected": "string",
                "code": "invalid_type",
                "path": ["model"],
                "message": "Invalid input: expected string, received undefined",
            },
            NO_SUCH_MODEL,
        ]
    )


def test_an_unknown_model_is_answered_by_the_known_ones() -> None:
    operation = contract().operation("images")[0]
    assert list(operation.check({"model": "sculptor"}).issues) == [
        {
            "code": "invalid_value",
            "values": ["painter", "filmer"],
            "path": ["model"],
            "message": 'Invalid option: expected one of "painter"|"filmer"',
        },
        NO_SUCH_MODEL,
    ]


def test_a_body_that_is_no_object_is_refused_whole() -> None:
    operation = contract().operation("images")[0]
    assert list(operation.check([]).issues) == [
        {
            "code": "invalid_type",
            "expected": "object",
            "path": [],
            "message": "Invalid input: expected object, received array",
        }
    ]


def test_the_variant_is_told_though_its_body_is_wrong() -> None:
    operation = contract().operation("images")[0]
    checked = operation.check({"model": "painter"})
    assert checked.variant is not None
    assert checked.variant.name == "painter"
    assert [each["path"] for each in checked.issues] == [["promptText"], ["ratio"]]


def test_unknown_keys_are_ignored_where_the_document_leaves_an_object_open() -> None:
    operation = contract().operation("images")[0]
    body = {"model": "filmer", "promptImage": "https://a.example/b.png", "misspelled": 1}
    assert operation.check(body).issues == ()


def test_closed_refuses_unknown_keys_everywhere() -> None:
    operation = contract().operation("images")[0]
    body = {
        "model": "filmer",
        "promptImage": [{"uri": "https://a.example/b.png", "positon": "first"}],
        "misspelled": 1,
    }
    found = operation.check(body, closed=True).issues
    assert [(each["path"], each["keys"]) for each in found] == [
        (["promptImage", 0], ["positon"]),
        ([], ["misspelled"]),
    ]


def test_an_operation_without_a_body_checks_none() -> None:
    operation = contract().operation("things", "DELETE")[0]
    assert operation.check({"anything": 1}).issues == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(["model", "promptText", "promptImage", "references", "duration", "sound"])


@settings(max_examples=300, deadline=None)
@given(body=JSON | st.dictionaries(KEYS, JSON | st.sampled_from(["painter", "filmer"])))
def test_no_json_value_raises(body: Any) -> None:
    for operation in contract().operations:
        for closed in (False, True):
            json.dumps(operation.check(body, closed=closed).issues)
