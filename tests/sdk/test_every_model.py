"""The official SDK on every generation: create, wait, output, with strict response validation."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from runwayml import AsyncRunwayML, RunwayML

from pytest_runway import FakeRunway
from pytest_runway.contract import Operation, Variant, load
from pytest_runway.media import forge
from tests.contract.bodies import Bodies


def generations() -> list[Any]:
    return [
        pytest.param(operation, variant, id=f"{operation.name}-{variant.name}-{place}")
        for operation in load().operations
        if operation.behaviour == "generate"
        for place, variant in enumerate(operation.variants)
    ]


def a_valid_body(operation: Operation, variant: Variant) -> dict[str, Any]:
    """A body that schema and rules accept, found by trying seeds in order."""
    for seed in range(2_000):
        source = Bodies(random.Random(seed), load().document["components"]["schemas"])
        body: dict[str, Any] = source.valid(dict(variant.schema))
        checked = operation.check(body)
        # "custom" avatars and voices must have been made before.
        if (
            checked.variant is variant
            and not checked.issues
            and "'type': 'custom'" not in str(body)
        ):
            put_real_media(variant, body)
            return body
    raise AssertionError(f"no valid body for {operation.name} {variant.name} in 2,000 seeds")


def put_real_media(variant: Variant, body: dict[str, Any]) -> None:
    """Put a real file wherever the body has a data URI: those are always judged."""
    for medium in list(variant.media(body)):
        if medium.value.startswith("data:"):
            least = (medium.limits.get("seconds") or [None])[0] or 2
            made = {
                "image": forge.image("png", 720, 720),
                "video": forge.video("mp4", 1280, 1280, least * 1000),
                "audio": forge.audio("wav", least * 1000),
            }[medium.kind]
            *above, last = medium.path
            holder: Any = body
            for step in above:
                holder = holder[step]
            holder[last] = made.data_uri


def in_python(value: Any) -> Any:
    """Names as the SDK spells them: promptImage becomes prompt_image."""
    if isinstance(value, dict):
        humps = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
        return {humps.sub("_", key).lower(): in_python(item) for key, item in value.items()}
    return [in_python(item) for item in value] if isinstance(value, list) else value


def create(client: Any, operation: Operation, body: dict[str, Any]) -> Any:
    family, _, name = operation.name.partition("/")
    resource = getattr(client, family)
    return getattr(resource, name or "create")(**in_python(body))


@pytest.mark.parametrize(("operation", "variant"), generations())
def test_the_sync_sdk_creates_waits_and_has_an_output(
    operation: Operation, variant: Variant
) -> None:
    body = a_valid_body(operation, variant)
    with FakeRunway() as runway:
        client = RunwayML(_strict_response_validation=True)
        done = create(client, operation, body).wait_for_task_output()
        assert done.status == "SUCCEEDED"
        assert len(done.output) >= 1
        assert all(url.startswith("https://") for url in done.output)
        assert done.cost.credits == runway.credits.charged
        assert runway.tasks[0].model == variant.name.rpartition("/")[2]


@pytest.mark.asyncio
@pytest.mark.parametrize(("operation", "variant"), generations())
async def test_the_async_sdk_creates_waits_and_has_an_output(
    operation: Operation, variant: Variant
) -> None:
    body = a_valid_body(operation, variant)
    with FakeRunway() as runway:
        async with AsyncRunwayML(_strict_response_validation=True) as client:
            task = await create(client, operation, body)
            done = await task.wait_for_task_output()
        assert done.status == "SUCCEEDED"
        assert done.cost.credits == runway.credits.charged
