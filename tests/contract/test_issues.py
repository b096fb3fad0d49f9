"""What zod 4 says about each kind of flaw, written down from zod 4.3.6 and from captured bodies."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from .probe import issues_of

STRING = {"type": "string"}
NUMBER = {"type": "number"}
INTEGER = {"type": "integer"}
UUID4 = "/^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12})$/"
SAFE = "Integers must be within the safe integer range."


def wrong_type(expected: str, shown: str, **more: str) -> dict[str, Any]:
    head = {"expected": expected, "code": "invalid_type", **more, "path": []}
    return {**head, "message": f"Invalid input: expected {expected}, received {shown}"}


@pytest.mark.parametrize(
    ("schema", "value", "issue"),
    [
        (STRING, ..., wrong_type("string", "undefined")),
        (STRING, None, wrong_type("string", "null")),
        (STRING, True, wrong_type("string", "boolean")),
        (STRING, 1.5, wrong_type("string", "number")),
        (STRING, [], wrong_type("string", "array")),
        (STRING, {}, wrong_type("string", "object")),
        (NUMBER, "1", wrong_type("number", "string")),
        (NUMBER, True, wrong_type("number", "boolean")),
        (NUMBER, math.inf, wrong_type("number", "number", received="Infinity")),
        (NUMBER, -(10**400), wrong_type("number", "number", received="Infinity")),
        (NUMBER, math.nan, wrong_type("number", "NaN", received="NaN")),
        (INTEGER, "1", wrong_type("number", "string")),
        (INTEGER, False, wrong_type("number", "boolean")),
        ({"type": "boolean"}, 0, wrong_type("boolean", "number")),
        ({"type": "null"}, "", wrong_type("null", "string")),
        ({"type": "array"}, {}, wrong_type("array", "object")),
        ({"type": "object"}, [], wrong_type("object", "array")),
        ({"type": "object", "additionalProperties": STRING}, 1, wrong_type("record", "number")),
        (
            INTEGER,
            1.5,
            {
                "expected": "int",
                "format": "safeint",
                "code": "invalid_type",
                "path": [],
                "message": "Invalid input: expected int, received number",
            },
        ),
        (
            INTEGER,
            2**53,
            {
                "code": "too_big",
                "maximum": 9007199254740991,
                "note": SAFE,
                "origin": "int",
                "inclusive": True,
                "path": [],
                "message": "Too big: expected int to be <=9007199254740991",
            },
        ),
        (
            INTEGER,
            -1e300,
            {
                "code": "too_small",
                "minimum": -9007199254740991,
                "note": SAFE,
                "origin": "int",
                "inclusive": True,
                "path": [],
                "message": "Too small: expected int to be >=-9007199254740991",
            },
        ),
        (
            {**INTEGER, "minimum": 2},
            1,
            {
                "origin": "number",
                "code": "too_small",
                "minimum": 2,
                "inclusive": True,
                "path": [],
                "message": "Too small: expected number to be >=2",
            },
        ),
        (
            {**NUMBER, "maximum": 0.5},
            0.75,
            {
                "origin": "number",
                "code": "too_big",
                "maximum": 0.5,
                "inclusive": True,
                "path": [],
                "message": "Too big: expected number to be <=0.5",
            },
        ),
        (
            {**NUMBER, "exclusiveMinimum": 0},
            -0.0,
            {
                "origin": "number",
                "code": "too_small",
                "minimum": 0,
                "inclusive": False,
                "path": [],
                "message": "Too small: expected number to be >0",
            },
        ),
        (
            {**NUMBER, "exclusiveMaximum": 3},
            3,
            {
                "origin": "number",
                "code": "too_big",
                "maximum": 3,
                "inclusive": False,
                "path": [],
                "message": "Too big: expected number to be <3",
            },
        ),
        (
            {**STRING, "minLength": 1},
            "",
            {
                "origin": "string",
                "code": "too_small",
                "minimum": 1,
                "inclusive": True,
                "path": [],
                "message": "Too small: expected string to have >=1 characters",
            },
        ),
        (
            {**STRING, "maxLength": 2},
            "abc",
            {
                "origin": "string",
                "code": "too_big",
                "maximum": 2,
                "inclusive": True,
                "path": [],
                "message": "Too big: expected string to have <=2 characters",
            },
        ),
        (
            {"type": "array", "maxItems": 1},
            [1, 2],
            {
                "origin": "array",
                "code": "too_big",
                "maximum": 1,
                "inclusive": True,
                "path": [],
                "message": "Too big: expected array to have <=1 items",
            },
        ),
        (
            {**STRING, "pattern": "^https://.*"},
            "http://a",
            {
                "origin": "string",
                "code": "invalid_format",
                "format": "regex",
                "pattern": "/^https:\\/\\/.*/",
                "path": [],
                "message": "Invalid string: must match pattern /^https:\\/\\/.*/",
            },
        ),
        (
            {**STRING, "format": "uuid"},
            "acf9ba3d-a513-12c9-a646-96e8bc97c691",
            {
                "origin": "string",
                "code": "invalid_format",
                "format": "uuid",
                "pattern": UUID4,
                "path": [],
                "message": "Invalid UUID",
            },
        ),
        (
            {**STRING, "format": "uri"},
            "nowhere",
            {
                "code": "invalid_format",
                "format": "url",
                "path": [],
                "message": "Invalid URL",
            },
        ),
        (
            {"enum": ["1280:720", "720:1280"]},
            "1:1",
            {
                "code": "invalid_value",
                "values": ["1280:720", "720:1280"],
                "path": [],
                "message": 'Invalid option: expected one of "1280:720"|"720:1280"',
            },
        ),
        (
            {"enum": [4, 6.5, True, None]},
            1,
            {
                "code": "invalid_value",
                "values": [4, 6.5, True, None],
                "path": [],
                "message": "Invalid option: expected one of 4|6.5|true|null",
            },
        ),
        (
            {"const": "ephemeral"},
            ...,
            {
                "code": "invalid_value",
                "values": ["ephemeral"],
                "path": [],
                "message": 'Invalid input: expected "ephemeral"',
            },
        ),
        (
            {"type": "object", "additionalProperties": False},
            {"foo": 1},
            {
                "code": "unrecognized_keys",
                "keys": ["foo"],
                "path": [],
                "message": 'Unrecognized key: "foo"',
            },
        ),
        (
            {"anyOf": [STRING, NUMBER]},
            None,
            {
                "code": "invalid_union",
                "errors": [[wrong_type("string", "null")], [wrong_type("number", "null")]],
                "path": [],
                "message": "Invalid input",
            },
        ),
    ],
)
def test_each_flaw_has_its_own_issue(schema: dict[str, Any], value: Any, issue: Any) -> None:
    assert json.dumps(issues_of(schema, value)) == json.dumps([issue])


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "minimum": 0}, 4.0),
        ({"type": "integer", "minimum": 0}, -0.0),
        ({"enum": [4, 6]}, 4.0),
        ({"type": "string", "format": "date"}, "2024-02-29"),
        ({"type": "string", "format": "date-time"}, "2026-08-26T06:30:33.796Z"),
        ({"type": "string", "format": "date-time"}, "2026-08-26T06:30Z"),
        ({"type": "string", "format": "date-time"}, "2026-08-26T06:30:33+00:00"),
        ({"type": "string", "format": "date-time"}, "2026-08-26T06:30:33.5-09:30"),
        ({"type": "string", "format": "uuid"}, "ACF9BA3D-a513-42c9-A646-96e8bc97c691"),
        ({"type": "string", "format": "uri"}, " https://example.com:8080/a b?c#d "),
        ({"type": "string", "format": "uri"}, "wss://room.example.com"),
        ({"type": "string", "pattern": "^data:image\\/.*"}, "data:image/\n"),
        ({"type": ["string", "null"]}, None),
        ({"type": "string", "default": "x"}, ...),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, None),
        ({"type": "object"}, {"anything": 1}),
        ({}, ...),
        ({}, {"anything": [1]}),
    ],
)
def test_what_zod_takes_is_taken(schema: dict[str, Any], value: Any) -> None:
    assert issues_of(schema, value) == []


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("date", "2025-02-29"),
        ("date", "2025-2-1"),
        ("date", "2024-02-29\n"),
        ("date-time", "2026-08-26T06:30:33"),
        ("date-time", "2026-08-26T06:30:33+0100"),
        ("date-time", "2026-08-26T06:30:33+24:00"),
        ("date-time", "2026-08-26 06:30:33Z"),
        ("date-time", "2026-08-26T24:00:00Z"),
        ("uuid", "acf9ba3da51342c9a64696e8bc97c691"),
        ("uri", "https://"),
        ("uri", "https://example.com:99999"),
        ("uri", "//example.com"),
        ("uri", ""),
    ],
)
def test_what_zod_takes_for_no_such_format_is_refused(form: str, text: str) -> None:
    assert [each["code"] for each in issues_of({"type": "string", "format": form}, text)] == [
        "invalid_format"
    ]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("abcd", 4),
        ("äöüß", 4),
        ("漢字", 2),
        ("😀😀", 4),
        ("👩‍🚀", 5),
        ("\ud83d", 1),
        ("a\ud83d", 2),
        ("\ude00\ud83d", 2),
    ],
)
def test_a_length_counts_utf16_code_units(text: str, length: int) -> None:
    exact = {"type": "string", "minLength": length, "maxLength": length}
    assert issues_of(exact, text) == []
    assert issues_of({"type": "string", "maxLength": length - 1}, text) != []
    assert issues_of({"type": "string", "minLength": length + 1}, text) != []
