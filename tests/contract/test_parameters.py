"""Parameters of the query and of the path."""

from __future__ import annotations

from typing import Any

import pytest

from .mini import contract

LIST = contract().operation("things", "GET")[0]
GET = contract().operation("things", "DELETE")[0]
WHEN = {"from": ["2026-08-26T06:30:33Z"]}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"limit": ["100"]},
        {"limit": [" 1e1 "]},
        {"limit": ["0x10"]},
        {"tags": ["a"]},
        {"tags": ["a", "b"]},
        {"full": ["true"]},
        {"off": ["false"]},
        {"unknown": ["a"]},
    ],
)
def test_a_query_is_read_by_the_types_of_its_parameters(query: dict[str, list[str]]) -> None:
    assert LIST.check_query({**WHEN, **query}) == ()


@pytest.mark.parametrize(
    ("query", "code", "path", "message"),
    [
        ({"limit": ["0"]}, "too_small", ["limit"], "Too small: expected number to be >=1"),
        ({"limit": [""]}, "too_small", ["limit"], "Too small: expected number to be >=1"),
        ({"limit": ["101"]}, "too_big", ["limit"], "Too big: expected number to be <=100"),
        (
            {"limit": ["1.5"]},
            "invalid_type",
            ["limit"],
            "Invalid input: expected int, received number",
        ),
        (
            {"limit": ["ten"]},
            "invalid_type",
            ["limit"],
            "Invalid input: expected number, received NaN",
        ),
        (
            {"limit": ["1", "2"]},
            "invalid_type",
            ["limit"],
            "Invalid input: expected number, received NaN",
        ),
        (
            {"limit": ["1_0"]},
            "invalid_type",
            ["limit"],
            "Invalid input: expected number, received NaN",
        ),
        (
            {"from": []},
            "invalid_type",
            ["from"],
            "Invalid input: expected string, received undefined",
        ),
        ({"from": ["today"]}, "invalid_format", ["from"], "Invalid ISO datetime"),
        (
            {"from": ["a", "b"]},
            "invalid_type",
            ["from"],
            "Invalid input: expected string, received array",
        ),
        (
            {"tags": ["a", "abcd"]},
            "too_big",
            ["tags", 1],
            "Too big: expected string to have <=3 characters",
        ),
        (
            {"full": ["yes"]},
            "invalid_type",
            ["full"],
            "Invalid input: expected boolean, received string",
        ),
    ],
)
def test_a_query_is_refused_in_the_words_of_a_body(
    query: dict[str, list[str]], code: str, path: list[Any], message: str
) -> None:
    (issue,) = LIST.check_query({**WHEN, **query})
    assert (issue["code"], issue["path"], issue["message"]) == (code, path, message)


def test_a_path_is_checked_too() -> None:
    assert GET.check_params({"id": "acf9ba3d-a513-42c9-a646-96e8bc97c691"}) == ()
    (issue,) = GET.check_params({"id": "7"})
    assert (issue["path"], issue["message"]) == (["id"], "Invalid UUID")
