"""Options, marker, fixture, header and summary."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

RunSuite: TypeAlias = Callable[..., pytest.RunResult]

CREATE = """
def test_create():
    RunwayML().image_to_video.create(**BODY)
"""


def test_the_header_says_that_the_fake_is_on(run_suite: RunSuite) -> None:
    result = run_suite(CREATE, "--runway-tier", "2", "--runway-seed", "7")
    result.stdout.fnmatch_lines(["runway: faked, virtual time, tier 2, seed 7"])


def test_without_the_flag_nothing_is_faked(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        import os

        def test_nothing():
            assert "RUNWAYML_BASE_URL" not in os.environ
        """,
        flag=False,
    )
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("runway:*")


def test_the_ini_key_is_as_good_as_the_flag(run_suite: RunSuite) -> None:
    result = run_suite(CREATE, flag=False, ini="runway_fake = true\nrunway_tier = 3")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["runway: faked, virtual time, tier 3, seed 0"])


def test_pyproject_can_say_it_too(pytester: pytest.Pytester) -> None:
    pytester.makepyprojecttoml("[tool.pytest.ini_options]\nrunway_fake = true\n")
    pytester.makepyfile("import os\ndef test_on(): assert os.environ['RUNWAYML_API_SECRET']")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_the_fixture_works_without_the_flag(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        def test_fixture(runway):
            RunwayML().image_to_video.create(**BODY)
            assert len(runway.tasks) == 1

        def test_without_it():
            import os
            assert "RUNWAYML_API_SECRET" not in os.environ
        """,
        flag=False,
    )
    result.assert_outcomes(passed=2)


def test_the_fixture_can_be_imported_where_the_plugin_is_not_loaded(
    run_suite: RunSuite, pytester: pytest.Pytester
) -> None:
    pytester.makeconftest("from pytest_runway import runway")
    result = run_suite(
        """
        def test_fixture(runway):
            RunwayML().image_to_video.create(**BODY)
            assert len(runway.tasks) == 1

        def test_unfired(runway):
            runway.on("image_to_video").reply(503)
        """,
        "-p",
        "no:runway",
        flag=False,
    )
    result.assert_outcomes(passed=2, errors=1)


def test_a_marker_sets_the_account(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        pytestmark = pytest.mark.runway(tier=1, credits=40)

        def test_module_marker(runway):
            assert runway.credits.balance == 40
            assert runway.settings.tier == 1

        @pytest.mark.runway(credits=7)
        def test_the_closest_marker_wins(runway):
            assert runway.credits.balance == 7
            assert runway.settings.tier == 1
        """
    )
    result.assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("teir=1", "*unknown setting 'teir'; expected 'tier', 'credits', 'seed'*"),
        ("tier=9", "*tier=9 is not valid; expected a whole number from 1 to 5*"),
        ("credits=-1", "*credits=-1 is not valid; expected a whole number of credits*"),
        ("time='fast'", "*time='fast' is not valid; expected 'virtual', 'real'*"),
        ("seed=True", "*seed=True is not valid; expected a whole number or a string*"),
    ],
)
def test_a_wrong_marker_stops_the_run_and_names_the_valid_ones(
    run_suite: RunSuite, marker: str, message: str
) -> None:
    result = run_suite(f"@pytest.mark.runway({marker})\ndef test_never(): pass")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])


def test_a_positional_marker_argument_is_refused(run_suite: RunSuite) -> None:
    result = run_suite("@pytest.mark.runway(1)\ndef test_never(): pass")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*takes keyword arguments only, got (1,)*"])


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--runway-tier=six", "*tier='six' is not valid; expected a whole number from 1 to 5*"),
        ("--runway-credits=lots", "*credits='lots' is not valid; expected a whole number*"),
        ("--runway-time=slow", "*time='slow' is not valid; expected 'virtual', 'real'*"),
        ("--runway-assets=mild", "*assets='mild' is not valid; expected 'lenient', 'strict'*"),
        ("--runway-keys=all", "*keys='all' is not valid; expected 'shape', 'known', 'any'*"),
    ],
)
def test_a_wrong_option_stops_the_run_and_names_the_valid_ones(
    run_suite: RunSuite, option: str, message: str
) -> None:
    result = run_suite(CREATE, option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])


def test_an_armed_fault_that_never_fired_fails_the_test_and_is_named(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        def test_vacuous(runway):
            runway.on("text_to_video").reply(503)
            RunwayML().image_to_video.create(**BODY)
        """
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*a fault was armed and never fired: on('text_to_video') reply(503). The fake saw *",
        ]
    )


def test_a_scripted_task_that_is_never_created_fails_the_test(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        def test_vacuous(runway):
            runway.next_task.running("9m").fails("INTERNAL")
        """
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["*a task was scripted and never created: next_task.running(540s)*"]
    )


def test_a_test_that_fails_anyway_is_not_failed_twice(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        def test_fails_first(runway):
            runway.on("text_to_video").reply(503)
            assert False
        """
    )
    result.assert_outcomes(failed=1)


def test_a_failing_test_shows_its_requests(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        def test_fails(runway):
            RunwayML().image_to_video.create(**BODY)
            assert False
        """
    )
    result.stdout.fnmatch_lines(
        ["*timeline at the fake Runway*", "*POST * /v1/image_to_video -> 200 (task 1, gen4_turbo)*"]
    )


def test_a_key_that_the_suite_made_up_is_refused_with_the_way_to_let_it_in(
    run_suite: RunSuite,
) -> None:
    source = "def test_key(): RunwayML(api_key='test-key').organization.retrieve()"
    refused = run_suite(source)
    refused.assert_outcomes(failed=1)
    refused.stdout.fnmatch_lines(["*-> 401 (malformed_key)", "*let it in", "by --runway-keys=any*"])
    run_suite(source, "--runway-keys=any").assert_outcomes(passed=1)


def test_the_summary_counts_faults(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        def test_429(runway):
            runway.on("image_to_video").reply(429)
            RunwayML().image_to_video.create(**BODY)
        """
    )
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*1 test: 2 requests, 1 task, 25 credits, 1 of 1 faults fired*"])


def test_a_run_that_asks_nothing_of_the_fake_has_no_summary(run_suite: RunSuite) -> None:
    result = run_suite("def test_nothing(): pass")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*- runway -*")


def test_durations_are_real(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        def test_long(runway):
            runway.next_task.running("9m").succeeds()
            RunwayML().image_to_video.create(**BODY).wait_for_task_output()
            assert runway.clock.elapsed >= 540
        """,
        "--durations=1",
        "-vv",
    )
    result.assert_outcomes(passed=1)
    assert not any(line.startswith(("5", "6")) and "s call" in line for line in result.outlines)
