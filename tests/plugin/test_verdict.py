"""The verdict in a run: shown, made to fail, set by rule, sent over xdist."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import TypeAlias

import pytest

RunSuite: TypeAlias = Callable[..., pytest.RunResult]

LOST = """
import httpx

def test_lost(runway):
    runway.on("image_to_video").loses_reply(times=2)
    task = RunwayML().image_to_video.create(**BODY).wait_for_task_output()
    httpx.get(task.output[0])
"""
LEFT = """
def test_left():
    RunwayML().image_to_video.create(**BODY)
"""
GOOD = """
import httpx

def test_good():
    task = RunwayML().image_to_video.create(**BODY).wait_for_task_output()
    httpx.get(task.output[0])
"""
NOT_DOWNLOADED = """
import pytest

@pytest.mark.parametrize("number", range(25))
def test_many(number):
    RunwayML().image_to_video.create(**BODY).wait_for_task_output()
"""


def test_findings_are_shown_under_their_test_and_fail_nothing(run_suite: RunSuite) -> None:
    result = run_suite(LOST + LEFT)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "found: 2 errors in 2 tests",
            "test_suite.py::test_lost",
            "  error double_charge: the same intent was created 3 times: requests 1, 2 and 3 *50 *",
            "test_suite.py::test_left",
            "  error orphan_running: the test ended at 0 s and task 1 (*) is PENDING: 25 credits *",
        ]
    )


def test_where_nothing_is_found_nothing_is_said(run_suite: RunSuite) -> None:
    result = run_suite(GOOD, "--runway-verdict=fail")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("found:*")


def test_errors_fail_the_test_where_that_is_asked_for(run_suite: RunSuite) -> None:
    result = run_suite(LOST, "--runway-verdict=fail")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_lost*",
            "  - error double_charge: the same intent was created 3 times*",
            "    why: Each accepted create reserves credits.*",
            "    do: Do not retry a create whose outcome is unknown*",
            "    documented: The API has no idempotency keys*",
            "    read: https://docs.dev.runwayml.com/*",
            "    To accept it here: @pytest.mark.runway(rules={'double_charge': 'warning'})*",
        ]
    )


def test_warnings_fail_nothing(run_suite: RunSuite) -> None:
    result = run_suite(NOT_DOWNLOADED, "--runway-verdict=fail")
    result.assert_outcomes(passed=25)


def test_twenty_are_shown_and_the_rest_is_counted(run_suite: RunSuite) -> None:
    result = run_suite(NOT_DOWNLOADED + LEFT)
    result.stdout.fnmatch_lines(["found: 1 error, 25 warnings in 26 tests"])
    shown = [line for line in result.stdout.lines if line.startswith(("  error ", "  warning "))]
    assert len(shown) == 20
    assert shown[0].startswith("  error orphan_running: ")
    assert {line[: len("  warning output_")] for line in shown[1:]} == {"  warning output_"}
    result.stdout.fnmatch_lines(["… and 6 warnings more"])


def test_off_looks_for_nothing(run_suite: RunSuite) -> None:
    result = run_suite(LOST, "--runway-verdict=off")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("found:*")


def test_the_ini_key_is_as_good_as_the_option_which_wins(run_suite: RunSuite) -> None:
    ini = "runway_verdict = fail"
    run_suite(LEFT, ini=ini).assert_outcomes(passed=1, errors=1)
    run_suite(LEFT, "--runway-verdict=show", ini=ini).assert_outcomes(passed=1)


def test_the_fixture_without_the_flag_is_judged_too(run_suite: RunSuite) -> None:
    result = run_suite(LOST, "--runway-verdict=fail", flag=False)
    result.assert_outcomes(passed=1, errors=1)


def test_levels_are_set_for_all_tests_by_ini_and_for_one_by_marker(run_suite: RunSuite) -> None:
    suite = f"""
import pytest

pytestmark = pytest.mark.runway(rules={{"double_charge": "error"}})

@pytest.mark.runway(rules={{"orphan_running": "off"}})
def test_handed_over():
    RunwayML().image_to_video.create(**BODY)

@pytest.mark.runway(rules={{"orphan_running": "warning"}}, tier=2)
def test_warned():
    RunwayML().image_to_video.create(**BODY)
{LEFT}

def test_not_downloaded():
    RunwayML().image_to_video.create(**BODY).wait_for_task_output()
{LOST}
"""
    ini = "runway_rules =\n  double_charge = off\n  output_not_downloaded = error"
    result = run_suite(suite, "--runway-verdict=fail", "-p", "no:randomly", ini=ini)
    result.assert_outcomes(passed=5, errors=3)
    result.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_left*",
            "*ERROR at teardown of test_not_downloaded*",
            "  - error output_not_downloaded: task 1 *",
            "*ERROR at teardown of test_lost*",
            "found: 3 errors, 1 warning in 4 tests",
        ]
    )


BAD = [
    ("--runway-verdict=loud", "", "", "*--runway-verdict=loud*expected one of show, fail, off*"),
    ("", "runway_verdict = 1", "", "*--runway-verdict=1*expected one of show, fail, off*"),
    (
        "",
        "runway_rules = no_jiter = off",
        "",
        "*runway_rules: no rule 'no_jiter'; did you mean 'no_jitter'? expected one of double_*",
    ),
    (
        "",
        "runway_rules = no_jitter = of",
        "",
        "*runway_rules: no_jitter: no level 'of'; did you mean 'off'? expected one of error, *",
    ),
    ("", "runway_rules = no_jitter", "", "*'no_jitter' sets no level; write for example*"),
    (
        "",
        "",
        "{'double_charges': 'off'}",
        "*test_bad: @pytest.mark.runway: no rule 'double_charges'; did you mean 'double_charge'*",
    ),
    ("", "", "{'double_charge': 0}", "*double_charge: no level 0; expected one of error, *"),
    ("", "", "'off'", "*rules='off' is not valid; expected a mapping of rules to levels"),
]


@pytest.mark.parametrize(("option", "ini", "marked", "says"), BAD)
def test_what_is_not_valid_is_refused_with_what_is(
    run_suite: RunSuite, option: str, ini: str, marked: str, says: str
) -> None:
    marker = f"@pytest.mark.runway(rules={marked})" if marked else ""
    suite = f"import pytest\n{marker}\ndef test_bad(): pass\n"
    result = run_suite(suite, *([option] if option else []), ini=ini)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([says])


def test_a_failing_test_shows_what_was_found_by_then(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        def test_fails(runway):
            runway.on("image_to_video").loses_reply(times=2)
            RunwayML().image_to_video.create(**BODY)
            assert False
        """,
        "--runway-verdict=fail",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- requests to the fake Runway -*",
            "*- what the fake Runway noticed -*",
            "error double_charge: *",
            "  why: *",
            "found: 2 errors in 1 test",
        ]
    )


def test_a_text_of_a_failure_that_is_printed_or_logged_is_found(run_suite: RunSuite) -> None:
    suite = """
import logging
import pytest
import runwayml

def fail(runway):
    runway.next_task.fails("INTERNAL")
    with pytest.raises(runwayml.TaskFailedError) as caught:
        RunwayML().image_to_video.create(**BODY).wait_for_task_output()
    return caught.value.task_details

def test_printed(runway):
    print("Sorry:", fail(runway).failure)

def test_logged(runway):
    logging.getLogger("app").error("%s", fail(runway).failure)

def test_mapped(runway):
    print("Sorry:", fail(runway).failure_code)
"""
    result = run_suite(suite)
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["found: 2 warnings in 2 tests"])
    said = "  warning failure_text_exposed: the failure text of task 1 (image_to_video, *"
    result.stdout.fnmatch_lines(["test_suite.py::test_printed", said])
    result.stdout.fnmatch_lines(["test_suite.py::test_logged", said])


def test_a_task_that_several_tests_share_is_not_left_by_the_first(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        import httpx, pytest

        @pytest.fixture(scope="module")
        def task():
            return RunwayML().image_to_video.create(**BODY)

        def test_first(task):
            assert task.id

        def test_second(task):
            httpx.get(task.wait_for_task_output().output[0])
        """,
        "--runway-verdict=fail",
        "-p",
        "no:randomly",
    )
    result.assert_outcomes(passed=2)


def test_findings_travel_over_xdist(run_suite: RunSuite) -> None:
    result = run_suite(LOST + LEFT + NOT_DOWNLOADED, "-p", "xdist", "-n", "2")
    result.assert_outcomes(passed=27)
    result.stdout.fnmatch_lines(["found: 2 errors, 25 warnings in 27 tests"])
    result.stdout.fnmatch_lines(["  error double_charge: the same intent was created 3 times*"])


def test_findings_are_plain_values_on_the_last_report_and_in_the_stash(
    run_suite: RunSuite, pytester: pytest.Pytester
) -> None:
    pytester.makeconftest(
        """
        import json, pytest
        from pytest_runway.plugin.verdict import findings

        @pytest.hookimpl(wrapper=True, tryfirst=True)
        def pytest_runtest_makereport(item, call):
            report = yield
            if report.when == "teardown":
                with open("found.json", "w") as file:
                    json.dump([report.runway_findings, len(findings(item))], file)
            return report
        """
    )
    run_suite(LEFT).assert_outcomes(passed=1)
    [[finding], count] = json.loads((pytester.path / "found.json").read_text())
    assert count == 1
    message = finding.pop("message")
    assert message.startswith("the test ended at 0 s and task 1")
    assert finding == {
        "rule": "orphan_running",
        "level": "error",
        "exchanges": [1],
        "tasks": [1],
        "start": 0.0,
        "end": 0.0,
        "credits": 25,
    }


def test_a_test_that_asks_nothing_of_runway_loads_no_rule() -> None:
    code = (
        "import sys; from pytest_runway import FakeRunway\n"
        "with FakeRunway() as runway: assert not runway.verdict()\n"
        "print([name for name in sys.modules if name.startswith('pytest_runway.report.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "rules" not in done.stdout
    assert "observed" not in done.stdout


def test_the_plugin_itself_loads_nothing_of_the_verdict() -> None:
    code = (
        "import sys; import pytest_runway.plugin\n"
        "print([name for name in sys.modules if name.startswith('pytest_runway.report')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
