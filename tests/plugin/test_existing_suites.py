"""A suite that exists keeps working when the flag is added."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

import pytest

RunSuite: TypeAlias = Callable[..., pytest.RunResult]


def test_a_suite_without_any_fixture_is_answered_by_the_fake(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        def test_clip():
            done = RunwayML().image_to_video.create(**BODY).wait_for_task_output()
            assert done.status == "SUCCEEDED"
        """
    )
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*1 test: * requests, 1 task, 25 credits*"])


def test_a_client_made_at_import_time_is_on_the_fake(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        client = RunwayML()

        def test_balance():
            assert client.organization.retrieve().credit_balance > 0
        """
    )
    result.assert_outcomes(passed=1)


def test_a_patched_client_class_stays_patched(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        from unittest import mock

        def test_patched():
            with mock.patch("runwayml.RunwayML") as fake:
                import runwayml
                runwayml.RunwayML().image_to_video.create.return_value.id = "mine"
                assert runwayml.RunwayML().image_to_video.create(**BODY).id == "mine"
        """
    )
    result.assert_outcomes(passed=1)


def test_a_stubbed_sdk_module_stays_stubbed(run_suite: RunSuite, pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import sys, types
        stub = types.ModuleType("runwayml")
        stub.RunwayML = lambda: "stubbed"
        sys.modules["runwayml"] = stub
        """
    )
    result = run_suite("def test_stub(): assert RunwayML() == 'stubbed'")
    result.assert_outcomes(passed=1)


def test_a_patched_polling_sleep_stays_patched(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        def test_sleep(monkeypatch):
            slept = []
            monkeypatch.setattr("runwayml.lib.polling.time.sleep", slept.append)
            task = RunwayML().image_to_video.create(**BODY)
            with pytest.raises(Exception, match="Gave up"):
                def give_up(seconds):
                    slept.append(seconds)
                    if len(slept) == 3:
                        raise RuntimeError("Gave up")
                monkeypatch.setattr("runwayml.lib.polling.time.sleep", give_up)
                task.wait_for_task_output()
            assert len(slept) == 3
        """
    )
    result.assert_outcomes(passed=1)


def test_a_mock_transport_is_left_alone(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        import httpx

        def test_mine():
            def answer(request):
                return httpx.Response(200, json={"id": "mine", "estimatedCost": {"credits": 1}})
            http = httpx.Client(transport=httpx.MockTransport(answer))
            client = RunwayML(http_client=http)
            assert client.image_to_video.create(**BODY).id == "mine"
        """
    )
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize("using", ["httpcore", "httpx"])
def test_the_suites_own_respx_wins(run_suite: RunSuite, using: str) -> None:
    result = run_suite(
        f"""
        import httpx, respx

        def test_mine():
            with respx.mock(using="{using}") as router:
                route = router.post("https://api.dev.runwayml.com/v1/image_to_video").mock(
                    return_value=httpx.Response(
                        200, json={{"id": "mine", "estimatedCost": {{"credits": 1}}}}
                    )
                )
                assert RunwayML().image_to_video.create(**BODY).id == "mine"
                assert route.call_count == 1
            assert RunwayML().image_to_video.create(**BODY).id != "mine"
        """
    )
    result.assert_outcomes(passed=1)


def test_a_test_that_deletes_the_key_gets_the_sdks_error(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        from runwayml import RunwayMLError

        def test_no_key(monkeypatch):
            monkeypatch.delenv("RUNWAYML_API_SECRET")
            with pytest.raises(RunwayMLError):
                RunwayML()

        def test_the_next_test_has_one():
            assert RunwayML().api_key.startswith("key_")
        """,
    )
    result.assert_outcomes(passed=2)


def test_a_task_made_in_a_module_fixture_is_known_in_its_tests(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        @pytest.fixture(scope="module")
        def task_id():
            return RunwayML().image_to_video.create(**BODY).id

        def test_one(task_id):
            assert RunwayML().tasks.retrieve(task_id).id == task_id

        def test_two(task_id):
            assert RunwayML().tasks.retrieve(task_id).id == task_id
        """
    )
    result.assert_outcomes(passed=2)


def test_workers_of_xdist_each_have_the_fake(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        @pytest.mark.parametrize("number", range(8))
        def test_clip(number):
            RunwayML().image_to_video.create(**BODY).wait_for_task_output()
        """,
        "-p",
        "xdist",
        "-n",
        "2",
    )
    result.assert_outcomes(passed=8)
    result.stdout.fnmatch_lines(["*8 tests: * requests, 8 tasks, 200 credits*"])


def test_random_order_changes_nothing(run_suite: RunSuite) -> None:
    source = """
        @pytest.mark.parametrize("number", range(5))
        def test_ids_belong_to_the_test(number, runway):
            RunwayML().image_to_video.create(**BODY)
            print("ID", number, runway.tasks[0].id)
    """
    seen = []
    for seed in ("1", "2"):
        result = run_suite(source, "-s", "-p", "randomly", f"--randomly-seed={seed}")
        result.assert_outcomes(passed=5)
        seen.append(sorted(re.findall(r"ID \d \S+", result.stdout.str())))
    assert len(set(seen[0])) == 5
    assert seen[0] == seen[1]


def test_unittest_classes_are_on_the_fake_too(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        import unittest

        class TestClips(unittest.TestCase):
            def setUp(self):
                self.client = RunwayML()

            def test_clip(self):
                task = self.client.image_to_video.create(**BODY)
                self.assertEqual(task.wait_for_task_output().status, "SUCCEEDED")
        """
    )
    result.assert_outcomes(passed=1)


def test_another_http_library_with_a_hard_coded_host_is_answered(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        import json, os, urllib.request

        def test_past_the_sdk(runway):
            request = urllib.request.Request(
                "https://api.dev.runwayml.com/v1/organization",
                headers={
                    "Authorization": "Bearer " + os.environ["RUNWAYML_API_SECRET"],
                    "X-Runway-Version": "2024-11-06",
                },
            )
            with urllib.request.urlopen(request) as answer:
                assert json.load(answer)["creditBalance"] > 0
            assert [exchange.status for exchange in runway.requests()] == [200]
        """
    )
    result.assert_outcomes(passed=1)


def test_a_connection_that_cannot_be_answered_is_refused_and_the_test_is_told(
    run_suite: RunSuite,
) -> None:
    result = run_suite(
        """
        import socket

        def test_past_the_fake():
            with pytest.raises(OSError, match="was refused"):
                socket.gethostbyname("api.dev.runwayml.com")
        """
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*api.dev.runwayml.com was refused*test_suite.py:*"])


def test_a_pass_through_of_respx_reaches_the_fake_and_no_real_host(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        import httpx, respx

        def test_passed_through(runway):
            with respx.mock() as router:
                router.route().pass_through()
                answer = httpx.get("https://api.dev.runwayml.com/v1/organization")
            assert answer.status_code == 400
            assert len(runway.requests()) == 1
        """
    )
    result.assert_outcomes(passed=1)
