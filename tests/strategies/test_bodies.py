"""Bodies are accepted by the contract, flawed ones are refused for the one thing that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_runway.contract import load
from pytest_runway.errors import UsageError
from pytest_runway.media import Limits, Refusal, judge_data_uri
from pytest_runway.strategies import FlawedBody, bodies, flawed_bodies
from tests.media.rules import RULES

if TYPE_CHECKING:
    from pytest_runway.contract import Operation
    from pytest_runway.media.facts import Kind

CREATES = sorted(
    {
        (operation.name, operation.method, variant.name)
        for operation in load().operations
        for variant in operation.variants
        if operation.method in ("POST", "PATCH")
    }
)
FEW = settings(max_examples=5, suppress_health_check=list(HealthCheck), deadline=None)


def named(operation: str, method: str) -> Operation:
    return load().operation(operation, method)[0]


@pytest.mark.parametrize(("operation", "method", "model"), CREATES)
@given(data=st.data())
@FEW
def test_a_body_is_accepted(operation: str, method: str, model: str, data: st.DataObject) -> None:
    body = data.draw(bodies(operation, model=model, method=method))
    found = named(operation, method).check(body)
    assert not found.issues
    assert found.variant is not None
    for medium in found.variant.media(body):
        if medium.value.startswith("data:"):
            limits = Limits.from_annotation(medium.limits)
            kind = cast("Kind", medium.kind)
            assert judge_data_uri(medium.value, kind=kind, limits=limits, rules=RULES) is None


@pytest.mark.parametrize(("operation", "method", "model"), CREATES)
@given(data=st.data())
@FEW
def test_a_flawed_body_has_the_one_issue_that_it_says(
    operation: str, method: str, model: str, data: st.DataObject
) -> None:
    flawed = data.draw(flawed_bodies(operation, model=model, method=method))
    if "." in flawed.flaw:
        assert media_issue(named(operation, method), flawed) == flawed.code
    else:
        issues = named(operation, method).check(flawed.body).issues
        assert [(i["code"], tuple(i["path"])) for i in issues] == [(flawed.code, flawed.path)]


def media_issue(operation: Operation, flawed: FlawedBody) -> str:
    """Return the code of the refusal of the medium that is flawed; the rest must be accepted."""
    found = operation.check(flawed.body)
    assert not found.issues
    assert found.variant is not None
    (medium,) = (m for m in found.variant.media(flawed.body) if tuple(m.path) == flawed.path)
    limits = Limits.from_annotation(medium.limits)
    kind = cast("Kind", medium.kind)
    verdict = judge_data_uri(medium.value, kind=kind, limits=limits, rules=RULES)
    assert isinstance(verdict, Refusal)
    return verdict.code


@given(body=bodies("image_to_video"))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_without_a_model_any_is_drawn(body: dict[str, object]) -> None:
    assert not named("image_to_video", "POST").check(body).issues


def test_a_model_that_is_not_there_is_said() -> None:
    with pytest.raises(UsageError, match=r"video_to_hdr takes no model 'gen1'; it takes ruby"):
        bodies("video_to_hdr", model="gen1")
    with pytest.raises(UsageError, match=r"no operation 'image_to_vidoe'"):
        flawed_bodies("image_to_vidoe")
