"""The document is whole, valid, signed, and holds facts only."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .published import document, operations, resolved, variants

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema = dict[str, Any]

CREATES_TASKS = {"generate", "run_workflow"}
TIER_GROUPS = {"video", "image", "audio", "characters", "tools"}


def test_the_document_is_valid_openapi_3_1() -> None:
    validator = pytest.importorskip("openapi_spec_validator").OpenAPIV31SpecValidator
    assert [str(error) for error in validator(document()).iter_errors()] == []


def test_it_covers_66_operations_123_variants_and_64_models() -> None:
    found = [operation for _, _, operation in operations()]
    bodies = [variant for operation in found for variant in variants(operation)]
    models = {value for body in bodies for value in _models(body)}
    assert (len(found), len(bodies), len(models)) == (66, 123, 64)
    assert models == set(document()["x-runway-models"])


def _models(schema: Schema) -> Iterator[str]:
    """Yield what any field named ``model`` can be."""
    model = schema.get("properties", {}).get("model", {})
    yield from model.get("enum", [model["const"]] if "const" in model else [])
    for one in schema.get("properties", {}).values():
        yield from _models(one)
    for member in [*schema.get("oneOf", []), *schema.get("anyOf", [])]:
        yield from _models(member)


def test_operation_ids_are_unique_and_paths_begin_with_v1() -> None:
    found = list(operations())
    assert len({operation["operationId"] for _, _, operation in found}) == len(found)
    assert {path.split("/")[1] for _, path, _ in found} == {"v1"}


def test_a_body_that_names_a_model_is_told_apart_by_it() -> None:
    for _, path, operation in operations():
        bodies = variants(operation)
        if any("const" in body["properties"].get("model", {}) for body in bodies):
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            assert schema["discriminator"] == {"propertyName": "model"}, path
            assert [body["title"] for body in bodies] == [
                body["properties"]["model"]["const"] for body in bodies
            ]


def test_what_creates_a_task_has_a_price_an_output_and_a_tier_group() -> None:
    for _, path, operation in operations():
        if operation["x-runway-behaviour"] not in CREATES_TASKS:
            continue
        for body in variants(operation):
            assert {"x-runway-price", "x-runway-output"} <= set(body), (path, body["title"])
        if operation["x-runway-behaviour"] == "generate":
            assert operation["x-runway-tier-group"] in TIER_GROUPS, path


def test_every_price_ends_with_a_rate_that_always_holds() -> None:
    for _, path, operation in operations():
        for body in variants(operation):
            rates = body.get("x-runway-price", {}).get("rates", [{}])
            assert "when" not in rates[-1], (path, body["title"])
            assert all("when" in rate for rate in rates[:-1]), (path, body["title"])


def test_every_price_by_the_second_knows_how_many_seconds() -> None:
    for operation_id, body in _billed():
        price = body["x-runway-price"]
        if price["unit"] != "second":
            continue
        duration = body["properties"].get("duration", {})
        known = "duration" in body["required"] or "default" in duration
        assert known or price["default_seconds"] > 0, (operation_id, body["title"])
        if '"auto"' in json.dumps(duration):
            assert price["auto_seconds"] >= 10, (operation_id, body["title"])


def test_prices_and_outputs_name_fields_and_values_that_exist() -> None:
    for operation_id, body in _billed():
        place = (operation_id, body["title"])
        for fact in (body["x-runway-price"], *body["x-runway-price"].get("extras", [])):
            paths = fact.get("of", [])
            for path in [paths] if isinstance(paths, str) else paths:
                assert _has(body, path) or body["x-runway-price"].get("assume"), (*place, path)
            if fact is not body["x-runway-price"] and "each" in fact:
                shared = fact["each"] == "references"  # one price for all the model's operations
                assert shared or _has(body, fact["each"]), place
        output = body["x-runway-output"]
        assert "count" not in output or _has(body, output["count"]), place
        if "formats" in output:
            values = body["properties"][output["formats"]["field"]]["enum"]
            assert set(output["formats"]["map"]) <= set(values), place


def _billed() -> Iterator[tuple[str, Schema]]:
    for _, _, operation in operations():
        for body in variants(operation):
            if "x-runway-price" in body:
                yield operation["operationId"], body


def _everything(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    yield place, value
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _everything(one, f"{place}/{key}")
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _everything(one, f"{place}/{index}")


def test_every_hand_written_fact_has_a_listed_source_and_a_mark() -> None:
    sources = document()["x-runway-sources"]
    for place, value in _everything(document()):
        if isinstance(value, dict) and "source" in value and "x-runway-sources" not in place:
            assert value["source"] in sources, place
            assert value["mark"] in {"D", "W", "I"}, place
    assert all(source["mark"] in {"D", "W", "I"} for source in sources.values())


def test_nothing_hand_written_goes_unsigned() -> None:
    whole = document()
    for root in ("errors", "failures", "tiers", "resources", "outputs", "reply-headers", "models"):
        for name, fact in whole[f"x-runway-{root}"].items():
            assert {"source", "mark"} <= set(fact), f"{root} {name}"
    signed = ("x-runway-price", "x-runway-output", "x-runway-media", "x-runway-source")
    listed = ("x-runway-rules", "x-runway-media-rules", "x-runway-facts")
    for place, value in _everything({"paths": whole["paths"]}):
        name = place.rsplit("/", 1)[-1]
        facts = [value] if name in signed else value if name in listed else []
        for fact in facts:
            assert {"source", "mark"} <= set(fact), place


def test_every_limit_of_a_variant_is_listed_with_its_source() -> None:
    limits = {"minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "pattern"}
    for _, path, operation in operations():
        for body in variants(operation):
            said = {fact["field"] for fact in body.get("x-runway-facts", [])}
            for place, value in _everything(body["properties"]):
                if isinstance(value, dict) and limits & set(value):
                    names = [step for step in place.split("/") if step in _names(body)]
                    assert any(names[0] in field for field in said), (path, body["title"], place)


def _names(body: Schema) -> set[str]:
    return set(body["properties"])


def test_required_keys_exist() -> None:
    for place, value in _everything(document()["paths"]):
        if isinstance(value, dict) and "properties" in value and "required" in value:
            assert set(value["required"]) <= set(value["properties"]), place


def test_references_lead_somewhere() -> None:
    for _, value in _everything(document()):
        if isinstance(value, dict) and "$ref" in value:
            assert isinstance(resolved(value), dict)


def test_rules_name_fields_that_exist() -> None:
    for _, path, operation in operations():
        for body in variants(operation):
            for rule in body.get("x-runway-rules", []):
                fields = [*rule.get("fields", []), *([rule["field"]] if "field" in rule else [])]
                for field in [*fields, *rule.get("when", {})]:
                    assert _has(body, field), (path, body["title"], field)


def _has(schema: Schema, field: str) -> bool:
    schema = resolved(schema)
    head, _, rest = field.partition(".")
    name = head.removesuffix("[]")
    for member in [schema, *schema.get("anyOf", []), *schema.get("oneOf", [])]:
        found = member.get("properties", {}).get(name)
        if found is None and member is not schema and _has(member, field):
            return True
        if found is not None and not rest:
            return True
        if found is not None and any(_has(one, rest) for one in _inside(found, head)):
            return True
    return False


def _inside(schema: Schema, head: str) -> list[Schema]:
    if not head.endswith("[]"):
        return [schema]
    members = [schema, *schema.get("anyOf", []), *schema.get("oneOf", [])]
    return [member["items"] for member in members if "items" in member]


def test_every_default_error_is_an_error_of_that_status() -> None:
    whole = document()
    defaults = whole["x-runway-default-errors"]
    statuses = {400, 401, 403, 404, 405, 409, 413, 429, 500, 502, 503, 504}
    assert {int(status) for status in defaults} == statuses
    for status, name in defaults.items():
        assert whole["x-runway-errors"][name]["status"] == int(status)


def _sdk() -> Path:
    found = importlib.util.find_spec("runwayml")
    if found is None or found.origin is None:
        pytest.skip("the SDK is not installed")
    return Path(found.origin).parent


def _prose(root: Path) -> Iterator[str]:
    for path in [*(root / "types").rglob("*.py"), *(root / "resources").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                yield " ".join(str(node.value.value).split())


def test_no_sentence_of_the_sdk_stands_in_the_document() -> None:
    text = " ".join(json.dumps(document(), ensure_ascii=False).split()).lower()
    for prose in set(_prose(_sdk())):
        for sentence in re.split(r"(?<=[.:;?!])\s+", prose):
            if len(sentence.split()) >= 6:
                assert sentence.rstrip(".").lower() not in text
