"""Other plugins, in the same run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

RunSuite: TypeAlias = Callable[..., pytest.RunResult]

ASYNC_CLIP = """
from runwayml import AsyncRunwayML

async def make_clip():
    async with AsyncRunwayML() as client:
        task = await client.image_to_video.create(**BODY)
        return await task.wait_for_task_output()
"""


def test_pytest_asyncio_with_loops_of_two_scopes(run_suite: RunSuite) -> None:
    result = run_suite(
        ASYNC_CLIP
        + """
pytestmark = pytest.mark.asyncio(loop_scope="session")

async def test_one(runway):
    assert (await make_clip()).status == "SUCCEEDED"
    assert 15 <= runway.clock.elapsed < 30

async def test_two(runway):
    assert (await make_clip()).status == "SUCCEEDED"
    assert 15 <= runway.clock.elapsed < 30

@pytest.mark.asyncio(loop_scope="function")
async def test_three(runway):
    assert (await make_clip()).status == "SUCCEEDED"
""",
        "-p",
        "asyncio",
        ini="asyncio_default_fixture_loop_scope = function",
    )
    result.assert_outcomes(passed=3)


def test_anyio_on_its_backends(run_suite: RunSuite) -> None:
    result = run_suite(
        ASYNC_CLIP
        + """
@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_clip(runway, anyio_backend):
    runway.next_task.running("9m").succeeds()
    assert (await make_clip()).status == "SUCCEEDED"
    assert 540 <= runway.clock.elapsed < 550
""",
        "-p",
        "anyio",
    )
    result.assert_outcomes(passed=2)


def test_hypothesis_with_a_fake_for_each_example(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        from hypothesis import given, settings, strategies as st
        from pytest_runway import FakeRunway

        @settings(deadline=None)  # a busy machine is slow, not wrong
        @given(seconds=st.integers(2, 10))
        def test_price(seconds):
            with FakeRunway() as runway:
                RunwayML().image_to_video.create(**{**BODY, "duration": seconds})
                assert runway.credits.charged == 5 * seconds
        """,
        "-p",
        "hypothesispytest",
    )
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize("method", ["signal", "thread"])
def test_pytest_timeout_counts_real_time(run_suite: RunSuite, method: str) -> None:
    result = run_suite(
        """
        def test_nine_minutes(runway):
            runway.next_task.running("9m").succeeds()
            RunwayML().image_to_video.create(**BODY).wait_for_task_output()
        """,
        "-p",
        "timeout",
        "--timeout=30",
        f"--timeout-method={method}",
    )
    result.assert_outcomes(passed=1)


def test_doctests_are_left_alone(run_suite: RunSuite, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        module='def double(x):\n    """\n    >>> double(2)\n    4\n    """\n    return 2 * x\n'
    )
    result = run_suite("def test_nothing(): pass", "--doctest-modules")
    result.assert_outcomes(passed=2)
