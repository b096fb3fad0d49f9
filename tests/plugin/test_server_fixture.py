"""``runway_server``: the fixture."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

RunSuite: TypeAlias = Callable[..., pytest.RunResult]


@pytest.mark.parametrize("flag", [False, True])
def test_the_fixture_gives_an_address_and_the_fake(run_suite: RunSuite, flag: bool) -> None:
    result = run_suite(
        """
        import os

        @pytest.mark.runway(credits=40)
        def test_over_a_socket(runway_server, runway):
            assert runway is runway_server
            assert os.environ["RUNWAYML_BASE_URL"] == runway_server.url
            assert RunwayML().organization.retrieve().credit_balance == 40

        def test_a_fault_that_never_fires(runway_server):
            runway_server.on("organization").reply(500)

        def test_the_next_test_has_none():
            assert "127.0.0.1" not in os.environ.get("RUNWAYML_BASE_URL", "")
        """,
        "-p",
        "no:randomly",
        flag=flag,
    )
    result.assert_outcomes(passed=3, errors=1)


def test_the_fixture_can_be_asked_for_late_where_no_fake_is_on(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        def test_late(request):
            assert request.getfixturevalue("runway_server").url.startswith("http://127.0.0.1:")
        """,
        flag=False,
    )
    result.assert_outcomes(passed=1)


def test_asking_for_it_late_on_another_fake_is_refused(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        def test_late(request, runway):
            request.getfixturevalue("runway_server")
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*name it among the test's arguments*"])


def test_each_worker_of_xdist_has_a_server_of_its_own(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        @pytest.mark.parametrize("number", range(12))
        def test_clip(number, runway_server):
            RunwayML().image_to_video.create(**BODY).wait_for_task_output()
            assert len(runway_server.tasks) == 1
        """,
        "-p",
        "xdist",
        "-n",
        "4",
    )
    result.assert_outcomes(passed=12)
    result.stdout.fnmatch_lines(["*12 tests: * 12 tasks, 300 credits*"])
