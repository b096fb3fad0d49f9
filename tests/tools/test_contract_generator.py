"""The generator: it reads an SDK without importing it, and refuses what it does not understand."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("tomllib", reason="the tools need Python 3.11")

from tools.contract import limits
from tools.contract.drift import changes
from tools.contract.layout import laid_out
from tools.contract.overlay import OverlayError, load_overlay, looked_up, said_of, unheard
from tools.contract.sdk_routes import routes_of
from tools.contract.sdk_source import Sdk, SdkError
from tools.contract.sdk_types import schema_of

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]

PARAMS = """
    from typing import Union, Iterable, Optional
    from typing_extensions import Literal, Required, Annotated, TypeAlias, TypedDict
    from .._utils import PropertyInfo

    class Small(TypedDict, total=False):
        model: Required[Literal["small"]]
        prompt_image: Required[
            Annotated[Union[str, Iterable[Frame]], PropertyInfo(alias="promptImage")]
        ]
        '''A URL containing an encoded image.'''
        note: Optional[str]
        duration: Literal[4, 6, 8]

    class Frame(TypedDict, total=False):
        uri: Required[str]
        '''A URL containing an encoded image.'''

    class Big(TypedDict, total=False):
        model: Required[Literal["big"]]

    ThingCreateParams: TypeAlias = Union[Small, Big]
"""
RESOURCE = """
    from .._resource import SyncAPIResource
    from ..types import thing_create_params
    from ..types.thing_create_response import ThingCreateResponse

    class ThingsResource(SyncAPIResource):
        def create(self, *, model):
            return self._post(
                "/v1/things",
                body=maybe_transform({"model": model}, thing_create_params.ThingCreateParams),
                options=make_request_options(timeout=timeout),
                cast_to=ThingCreateResponse,
            )

        def delete(self, thing_id):
            return self._delete(
                path_template("/v1/things/{thing_id}", thing_id=thing_id),
                options=make_request_options(timeout=timeout),
                cast_to=NoneType,
            )
"""
RESPONSE = """
    from typing import Optional
    from datetime import datetime
    from .._models import BaseModel

    class ThingCreateResponse(BaseModel):
        id: str
        created_at: datetime = FieldInfo(alias="createdAt")
        failure: Optional[str] = None
"""


@pytest.fixture
def sdk_of(tmp_path: Path) -> Callable[..., Sdk]:
    """Return a function that writes a small SDK."""

    def write(name: str, *, params: str = PARAMS) -> Sdk:
        root = tmp_path / name
        files = {"types/thing_create_params": params, "types/thing_create_response": RESPONSE}
        for path, text in {**files, "resources/things": RESOURCE}.items():
            place = root.joinpath(path).with_suffix(".py")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(dedent(text))
        return Sdk(root, name)

    return write


def test_routes_are_read_from_the_calls_of_the_resources(sdk_of: Callable[..., Sdk]) -> None:
    found = [(route.name, route.method, route.path) for route in routes_of(sdk_of("1"))]
    assert found == [
        ("things.create", "post", "/v1/things"),
        ("things.delete", "delete", "/v1/things/{thingId}"),
    ]


def test_types_become_schemas_with_the_names_of_the_wire(sdk_of: Callable[..., Sdk]) -> None:
    sdk = sdk_of("1")
    found = schema_of(sdk, sdk.module("types.thing_create_params"), "ThingCreateParams")
    image = {"$ref": "#/components/schemas/ImageUri"}
    frame = {"type": "object", "properties": {"uri": image}, "required": ["uri"]}
    small = {
        "type": "object",
        "properties": {
            "model": {"const": "small"},
            "promptImage": {"anyOf": [image, {"type": "array", "items": frame}]},
            "note": {"type": ["string", "null"]},
            "duration": {"enum": [4, 6, 8]},
        },
        "required": ["model", "promptImage"],
    }
    big = {"type": "object", "properties": {"model": {"const": "big"}}, "required": ["model"]}
    assert found == {"oneOf": [small, big], "discriminator": {"propertyName": "model"}}


def test_an_annotation_that_is_not_understood_is_an_error(sdk_of: Callable[..., Sdk]) -> None:
    sdk = sdk_of("1", params=PARAMS.replace("Literal[4, 6, 8]", "Callable[[], None]"))
    with pytest.raises(SdkError, match="Callable"):
        schema_of(sdk, sdk.module("types.thing_create_params"), "ThingCreateParams")


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("Literal[4, 6, 8]", "Literal[4, 6, 8, 10]", "+ POST /v1/things small duration 10"),
        ("Literal[4, 6, 8]", "Literal[4, 6]", "- POST /v1/things small duration 8"),
        ("note: Optional", "remark: Optional", "+ POST /v1/things small remark"),
        ("note: Optional", "remark: Optional", "- POST /v1/things small note"),
        ('Literal["big"]', 'Literal["huge"]', "+ POST /v1/things huge"),
        ("Optional[str]", "Required[str]", "+ POST /v1/things small note required"),
    ],
)
def test_drift_names_what_came_and_what_went(
    sdk_of: Callable[..., Sdk], before: str, after: str, line: str
) -> None:
    assert before in PARAMS
    found = changes(sdk_of("old"), sdk_of("new", params=PARAMS.replace(before, after)))
    assert line in found
    assert len(found) <= 4


def test_the_same_sdk_does_not_drift(sdk_of: Callable[..., Sdk]) -> None:
    assert changes(sdk_of("old"), sdk_of("new")) == []


@pytest.mark.parametrize(
    ("schema", "limit", "expected"),
    [
        ({"type": "string"}, "1..9", {"minLength": 1, "maxLength": 9}),
        ({"type": "array", "items": {}}, "..9", {"maxItems": 9}),
        ({"type": "integer"}, "-5..5", {"minimum": -5, "maximum": 5}),
        ({"type": "number"}, "0.5..30", {"minimum": 0.5, "maximum": 30}),
        ({"type": ["integer", "null"]}, "3..", {"minimum": 3}),
        ({"type": "integer"}, ">0", {"exclusiveMinimum": 0}),
        ({"type": "string"}, {"pattern": "^a"}, {"pattern": "^a"}),
    ],
)
def test_a_range_is_a_length_a_count_or_a_value_by_the_type(
    schema: dict[str, Any], limit: Any, expected: dict[str, Any]
) -> None:
    whole = {"type": "object", "properties": {"x": dict(schema)}}
    limits.apply(whole, "x", limit)
    assert whole["properties"] == {"x": {**schema, **expected}}


def test_a_limit_reaches_every_member_of_a_union() -> None:
    item = {"type": "object", "properties": {"at": {"type": "number"}}}
    whole = {"properties": {"k": {"anyOf": [{"type": "string"}, {"items": {"anyOf": [item]}}]}}}
    limits.apply(whole, "k[].at", "0..1")
    assert item["properties"] == {"at": {"type": "number", "minimum": 0, "maximum": 1}}


@pytest.mark.parametrize(
    ("path", "limit", "message"),
    [
        ("y", "1..2", "no 'y'"),
        ("x", "1-2", "not a range"),
        ("x", "", "not a range"),
        ("", "1..2", "nothing for the range"),
    ],
)
def test_a_limit_that_would_check_nothing_is_an_error(path: str, limit: str, message: str) -> None:
    with pytest.raises(OverlayError, match=message):
        limits.apply({"type": "object", "properties": {"x": {"type": "string"}}}, path, limit)


@pytest.mark.parametrize(
    ("operation", "variant", "price"),
    [
        ("things.create", "big", {"credits": 3}),
        ("things.create", "small", {"credits": 2}),
        ("other.create", "big", {"credits": 1}),
        ("other.create", "small", None),
    ],
)
def test_the_nearest_entry_of_a_table_wins(
    operation: str, variant: str, price: dict[str, int] | None
) -> None:
    table = {"big": {"credits": 1}, "things.create": {"credits": 2}}
    table["things.create/big"] = {"credits": 3}
    assert looked_up(table, operation, variant) == price


def test_facts_are_found_by_pattern_without_their_address() -> None:
    facts = [{"on": ["*_to_x.create/k*"], "max": 1}, {"on": ["*/other"], "max": 2}]
    assert said_of(facts, "y_to_x.create", "kling") == [{"max": 1}]


def test_a_source_that_is_not_listed_is_an_error() -> None:
    with pytest.raises(OverlayError, match="unknown source 'HEARSAY'"):
        load_overlay().signed({"credits": 1, "source": "HEARSAY"})


def test_a_fact_without_a_source_is_an_error() -> None:
    with pytest.raises(OverlayError, match="without a source"):
        load_overlay().signed({"credits": 1})


def test_what_speaks_of_no_variant_is_noticed() -> None:
    overlay = load_overlay()
    assert "gen4.5" in unheard(overlay, {"things.create/big"})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=60,
    )
)
def test_laid_out_json_says_the_same(value: Any) -> None:
    assert json.loads(laid_out(value)) == value


@given(st.lists(st.sampled_from(["1280:720", "1104:832", "auto"]), min_size=1, max_size=80))
def test_lines_of_short_things_are_at_most_a_hundred_wide(values: list[str]) -> None:
    text = laid_out({"properties": {"ratio": {"enum": values, "type": "string"}}})
    assert max(map(len, text.splitlines())) <= 100


def test_what_is_committed_is_what_the_generator_makes() -> None:
    base = json.loads((ROOT / "pytest_runway/contract/2024-11-06/base.json").read_text())
    try:
        found = version("runwayml")
    except PackageNotFoundError:
        pytest.skip("the SDK is not installed")
    if found != base["x-runway-sdk"]["version"]:
        pytest.skip(f"the document was read from {base['x-runway-sdk']['version']}, not {found}")
    command = [sys.executable, "-m", "tools.contract", "check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
