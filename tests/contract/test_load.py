"""What a document must not say, and how large it may grow."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from pytest_runway.contract import Contract, load
from pytest_runway.errors import ContractError, UsageError

from .mini import DOCUMENT
from .probe import operation_for

TITLE = {"type": "object", "properties": {"a": {"type": "string", "title": "A"}}}
SIGNED = {"source": "", "mark": "I"}


def test_the_whole_api_is_there() -> None:
    contract = load()
    models = {
        variant.name
        for operation in contract.operations
        for variant in operation.variants
        if operation.tag == "model"
    }
    assert contract.version == "2024-11-06"
    assert len(contract.operations) == 66
    assert sum(len(operation.variants) for operation in contract.operations) == 123
    assert {"gen4_turbo", "gen4.5", "veo3.1", "act_two", "eleven_v4", "ruby"} <= models


def test_a_contract_is_read_once() -> None:
    assert load() is load("2024-11-06")


def test_a_version_that_is_not_there_is_answered_by_those_that_are() -> None:
    with pytest.raises(UsageError, match=r"no contract for API version '2020-01-01'.*2024-11-06"):
        load("2020-01-01")


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        (
            {"type": "string", "maxLenght": 3},
            r"nothing interprets 'maxLenght'; did you mean 'maxLength'\?",
        ),
        ({"type": "text"}, r"/type: nothing interprets 'text'; known are array, boolean, integer"),
        ({"type": ["string", "nil"]}, r"/type: nothing interprets 'nil'"),
        ({"type": "string", "format": "email"}, r"/format: nothing interprets 'email'"),
        ({"type": "integer", "maxLength": 3}, r"'maxLength' checks nothing here"),
        (
            {"type": "array", "additionalProperties": False},
            r"'additionalProperties' checks nothing",
        ),
        (
            {"anyOf": [TITLE], "additionalProperties": False},
            r"'additionalProperties' checks nothing",
        ),
        ({"enum": ["a"], "maxLength": 1}, r"'maxLength' checks nothing here"),
        ({"type": "string", "pattern": r"\p{L}+"}, r"/pattern: .*means something else in Python"),
        ({"type": "string", "pattern": "("}, r"/pattern: '\(' is no pattern"),
        (
            {"$ref": "#/components/schemas/Nowhere"},
            r"\$ref: there is no #/components/schemas/Nowhere",
        ),
        ({"x-runway-prize": {}}, r"'x-runway-prize'; did you mean 'x-runway-price'\?"),
        (
            {"x-runway-media": {"kind": "image", "max_sise_px": 1}},
            r"x-runway-media: .*'max_sise_px'",
        ),
        (
            {"x-runway-price": {"unit": "minute", "rates": []}},
            r"/unit: nothing interprets 'minute'",
        ),
        (
            {"x-runway-price": {"unit": "task", "rates": [{"credit": 1}]}},
            r"rates/0: nothing interprets 'credit'; did you mean 'credits'\?",
        ),
        (
            {"x-runway-price": {"unit": "task", "rates": [], "extras": [{"unit": "minute"}]}},
            r"extras/0/unit: nothing interprets 'minute'",
        ),
        (
            {"x-runway-price": {"unit": "input_frame", "rates": []}},
            r"x-runway-price: a price by the frame needs assume\.fps",
        ),
        ({"x-runway-output": {"kinds": "image"}}, r"x-runway-output: nothing interprets 'kinds'"),
        ({"x-runway-facts": [{"where": "a"}]}, r"x-runway-facts/0: nothing interprets 'where'"),
        (
            {"x-runway-rules": [{"rule": "atmost"}]},
            r"/rule: nothing interprets 'atmost'; did you mean 'at_most'\?",
        ),
        (
            {"x-runway-rules": [{"rule": "unique", "keys": "a"}]},
            r"rules/0: nothing interprets 'keys'",
        ),
        (
            {"x-runway-media-rules": [{"rule": "total"}]},
            r"media-rules/0/rule: nothing interprets 'total'",
        ),
    ],
)
@pytest.mark.parametrize("nested", ["properties", "anyOf", "items", "additionalProperties"])
def test_what_nothing_interprets_is_refused_with_its_place(
    schema: dict[str, Any], message: str, nested: str
) -> None:
    around: dict[str, Any] = {
        "properties": {"type": "object", "properties": {"a": schema}},
        "anyOf": {"anyOf": [TITLE, schema]},
        "items": {"type": "array", "items": schema},
        "additionalProperties": {"type": "object", "additionalProperties": schema},
    }
    with pytest.raises(ContractError, match=message) as refused:
        operation_for(around[nested])
    place = "#/paths/~1v1~1probe/post/requestBody/content/application/json/schema"
    assert str(refused.value).startswith(f"{place}/{nested}")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["x-runway-error"], {}, r"#: nothing interprets 'x-runway-error'"),
        (["x-runway-errors", "gone", "text"], "", r"#/x-runway-errors/gone: .*'text'"),
        (
            ["x-runway-failures", "INTERNAL", "refund"],
            1,
            r"#/x-runway-failures/INTERNAL: .*'refund'",
        ),
        (
            ["paths", "/v1/things", "get", "x-runway-behavior"],
            "",
            r"~1v1~1things/get: .*'x-runway-behavior'",
        ),
        (
            ["paths", "/v1/things", "get", "x-runway-behaviour"],
            "lists",
            r"'lists'; did you mean 'list'\?",
        ),
        (
            ["paths", "/v1/things", "get", "parameters"],
            [{"$ref": "#/components/parameters/Nr"}],
            r"there is no",
        ),
        (["components", "schemas", "Image", "kind"], 1, r"#/components/schemas/Image: .*'kind'"),
        (["components", "parameters", "Id", "schema", "min"], 1, r"parameters/Id/schema: .*'min'"),
    ],
)
def test_so_it_is_anywhere_in_the_document(path: list[str], value: Any, message: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(ContractError, match=message):
        Contract("changed", document)


def test_the_small_document_is_read_whole() -> None:
    assert len(Contract("mini", DOCUMENT).operations) == 7
