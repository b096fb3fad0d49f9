"""Fault plans of a run and of a test: ``--runway-faults``, ``runway_faults``, ``faults=``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    RunSuite = Callable[..., pytest.RunResult]

STATUSES = """
def statuses(runway):
    return [request.status for request in runway.requests()]
"""


def test_a_plan_of_the_run_strikes_every_test_and_need_not(run_suite: RunSuite) -> None:
    result = run_suite(
        STATUSES
        + """
def test_struck(runway):
    RunwayML().organization.retrieve()
    assert statuses(runway) == [503, 503, 200]

def test_struck_too(runway):
    RunwayML().organization.retrieve()
    assert statuses(runway) == [503, 503, 200]

def test_not_struck(runway):
    RunwayML().image_to_video.create(**BODY)
    assert statuses(runway) == [200]
""",
        "--runway-faults",
        "503 on organization: 2",
    )
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        [
            "runway: faked, virtual time, no limits, seed 0, under faults: 503 on organization: 2",
            "*3 tests: 7 requests, 1 task, 25 credits, 2 of 2 faults fired*",
        ]
    )


def test_a_plan_may_stand_in_the_ini_over_several_lines(run_suite: RunSuite) -> None:
    result = run_suite(
        STATUSES
        + """
def test_struck(runway):
    RunwayML().organization.retrieve()
    assert statuses(runway) == [503, 429, 200]
""",
        ini="runway_faults =\n  503 on organization\n  429 on organization\n",
    )
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*under faults: 503 on organization, 429 on organization"])


def test_a_plan_without_the_flag_is_for_the_tests_that_use_the_fake(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        def test_struck(runway):
            RunwayML().organization.retrieve()
            assert len(runway.requests()) == 2

        def test_untouched():
            pass
        """,
        "--runway-faults=503 on organization",
        flag=False,
    )
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["runway: faked where a test asks for it, * under faults: 503 on*"])


def test_a_marker_gives_a_test_its_own_plan_which_must_strike(run_suite: RunSuite) -> None:
    result = run_suite(
        STATUSES
        + """
from pytest_runway import FaultPlan

@pytest.mark.runway(faults="429 on organization")
def test_its_own(runway):
    RunwayML().organization.retrieve()
    assert statuses(runway) == [429, 200]

@pytest.mark.runway(faults=FaultPlan.parse("break reset on organization"))
def test_a_value(runway):
    RunwayML().organization.retrieve()
    assert statuses(runway) == [None, 200]

@pytest.mark.runway(faults=None)
def test_none(runway):
    RunwayML().organization.retrieve()
    assert statuses(runway) == [200]

@pytest.mark.runway(tier=1)
def test_of_the_run(runway):
    RunwayML().organization.retrieve()
    assert statuses(runway) == [503, 200]

@pytest.mark.runway(faults="503 on create: 2")
def test_vacuous(runway):
    RunwayML().organization.retrieve()
""",
        "--runway-faults=503 on organization",
    )
    result.assert_outcomes(passed=5, errors=1)
    result.stdout.fnmatch_lines(
        ["*never fired: '503 on create: 2'. The fake saw 1 x GET organization (another operation)*"]
    )


CHANCE = (
    STATUSES
    + """
@pytest.mark.parametrize("number", range(12))
def test_seen(runway, number):
    for _ in range(20):
        try:
            RunwayML(max_retries=0).organization.retrieve()
        except Exception:
            pass
    with open("seen.txt", "a") as seen:
        seen.write(f"{number:02} {statuses(runway)}\\n")
"""
)


def test_the_same_seed_strikes_the_same_requests_in_any_order_and_under_xdist(
    run_suite: RunSuite, pytester: pytest.Pytester
) -> None:
    def seen(*args: str) -> list[str]:
        result = run_suite(CHANCE, "--runway-faults=429: 10%", *args)
        result.assert_outcomes(passed=12)
        found = pytester.path / "seen.txt"
        lines = sorted(found.read_text().splitlines())
        found.unlink()
        return lines

    first = seen("--runway-seed=7")
    assert len({line[3:] for line in first}) > 3
    assert "429" in "".join(first)
    backwards = [f"test_suite.py::test_seen[{number}]" for number in reversed(range(12))]
    assert seen("--runway-seed=7", *backwards) == first
    assert seen("--runway-seed=7", "-p", "xdist", "-n", "2") == first
    assert seen("--runway-seed=8") != first


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("503 on craete", "*wrong at character 8: no operation 'craete'; did you mean 'create'?*"),
        ("429: 5", None),
        ("429: often", "*expected a count, a chance such as 5%, or always, got 'often'*"),
    ],
)
def test_a_plan_that_is_none_stops_the_run(
    run_suite: RunSuite, option: str, message: str | None
) -> None:
    result = run_suite("def test_one(): pass", f"--runway-faults={option}")
    if message is None:
        result.assert_outcomes(passed=1)
    else:
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines([message])


@pytest.mark.parametrize(
    ("faults", "message"),
    [
        ("'503 on craete'", "*test_never: @pytest.mark.runway: *did you mean 'create'?*"),
        ("503", "*faults=503 is not valid; expected a FaultPlan or its text, such as*"),
    ],
)
def test_a_marker_with_a_plan_that_is_none_stops_the_run(
    run_suite: RunSuite, faults: str, message: str
) -> None:
    result = run_suite(f"@pytest.mark.runway(faults={faults})\ndef test_never(): pass")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])
