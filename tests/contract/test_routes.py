from __future__ import annotations

import pytest

from pytest_runway.errors import UsageError

from .mini import contract

CONTRACT = contract()


@pytest.mark.parametrize(
    ("method", "path", "operation", "params"),
    [
        ("POST", "/v1/images", "images.create", {}),
        ("GET", "/v1/things", "things.list", {}),
        ("GET", "/v1/things/7", "things.get", {"id": "7"}),
        ("DELETE", "/v1/things/7", "things.delete", {"id": "7"}),
        ("GET", "/v1/things/7/parts", "things.parts", {"id": "7"}),
        ("POST", "/v1/things/preview", "things.preview", {}),
        ("GET", "/v1/things/preview", "things.get", {"id": "preview"}),
    ],
)
def test_a_method_and_a_path_lead_to_an_operation(
    method: str, path: str, operation: str, params: dict[str, str]
) -> None:
    match = CONTRACT.match(method, path)
    assert match is not None
    assert (match.operation.id, match.params) == (operation, params)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/v1/things/7"),
        ("GET", "/v1/images"),
        ("GET", "/v1/thing"),
        ("GET", "/v1/things/"),
        ("GET", "/v1/things/7/"),
        ("GET", "/v1/things//parts"),
        ("get", "/v1/things"),
        ("GET", "v1/things"),
        ("GET", ""),
    ],
)
def test_anything_else_leads_nowhere(method: str, path: str) -> None:
    assert CONTRACT.match(method, path) is None


def test_a_path_tells_its_methods() -> None:
    assert set(CONTRACT.methods("/v1/things")) == {"GET", "POST"}
    assert set(CONTRACT.methods("/v1/things/preview")) == {"GET", "POST", "DELETE"}
    assert CONTRACT.methods("/v1/nothing") == ()


def test_a_name_is_the_fixed_part_of_the_path() -> None:
    assert CONTRACT.names == ("images", "things", "things/preview")
    assert [each.id for each in CONTRACT.operation("things", "get")] == [
        "things.list",
        "things.get",
        "things.parts",
    ]


def test_a_misspelled_name_is_answered_by_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"no operation 'imagse'; did you mean 'images'\?"):
        CONTRACT.operation("imagse")


def test_a_name_like_no_other_is_answered_by_all() -> None:
    with pytest.raises(UsageError, match=r"there are images, things, things/preview"):
        CONTRACT.operation("xyzzy")


def test_a_method_that_a_name_lacks_is_answered_by_those_it_has() -> None:
    with pytest.raises(UsageError, match=r"'images' takes no DELETE; it takes POST"):
        CONTRACT.operation("images", "DELETE")
