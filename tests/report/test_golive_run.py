"""``pytest --runway-golive`` on suites of the official SDK."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pytest_runway.report.golive import ITEMS
from tests.keys.conftest import a_key

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = "\n\n\n".join(part.next_step for item in ITEMS for part in item.parts)
RATE_LIMIT = """
def test_a_rate_limit(runway):
    runway.on("image_to_video").reply(429, retry_after="3s", times=2)
    make_clip("a red kite")
"""


def told(pytester: pytest.Pytester, name: str = "golive.json") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((pytester.path / name).read_text("utf-8"))
    return found


def statuses(report: dict[str, Any]) -> dict[str, str]:
    return {item["id"]: item["status"] for item in report["items"]}


@pytest.mark.parametrize("how", [[], ["-p", "xdist", "-n", "2"]], ids=["alone", "xdist"])
def test_whoever_takes_every_next_step_is_ready(
    run_golive: Callable[..., pytest.RunResult], pytester: pytest.Pytester, how: list[str]
) -> None:
    result = run_golive(STEPS, "--runway-golive=golive.json", "--runway-golive-strict", *how)
    assert result.ret == 0
    report = told(pytester)
    assert statuses(report) == {item.id: "READY" for item in ITEMS}
    assert report["ready"] is True
    by_id = {item["id"]: item for item in report["items"]}
    assert by_id["rate_limit"]["proofs"][0] == {
        "test": "test_suite.py::test_a_rate_limit_is_waited_out",
        "request": 1,
        "what": "POST image_to_video -> 429, then 200 at request 3",
    }


def test_alone_and_over_workers_the_report_is_the_same(
    run_golive: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    suite = RATE_LIMIT + "def test_that_fails(runway):\n    make_clip('x' * 2000)\n"
    run_golive(suite, "--runway-golive=golive.json")
    alone = told(pytester)
    run_golive(suite, "--runway-golive=golive.json", "-p", "xdist", "-n", "2")
    assert statuses(alone)["validation"] == "NOT READY"
    for report in (alone, over_workers := told(pytester)):
        (keys,) = (item for item in report["items"] if item["id"] == "keys_in_code")
        keys["proofs"] = []  # the second run sees the first one's report, too
    assert over_workers == alone


def test_bare_the_terminal_tells_it(run_golive: Callable[..., pytest.RunResult]) -> None:
    result = run_golive(RATE_LIMIT, "--runway-golive")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "*go-live checklist*",
            "READY * 429 is tolerated",
            "    test_suite.py::test_a_rate_limit, request 1: POST image_to_video -> 429, *",
            "NOT EXERCISED * 503 is tolerated",
            "    next: go through a create that meets 503, then succeeds",
            "        def test_an_outage_is_waited_out(runway):",
            "2 READY, 0 NOT READY, 12 NOT EXERCISED; 1 test on the fake",
        ]
    )


def test_it_puts_every_test_on_the_fake(run_golive: Callable[..., pytest.RunResult]) -> None:
    result = run_golive("def test_it():\n    assert make_clip('a')\n", "--runway-golive")
    result.assert_outcomes(passed=1)


def test_what_fails_is_not_ready(
    run_golive: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    run_golive(
        """
        def test_three_are_too_many(runway):
            runway.on("image_to_video").reply(429, times=3)
            make_clip("a red kite")

        def test_a_teardown_that_fails(runway, request):
            runway.on("image_to_video").reply(503)
            make_clip("a red kite")
            request.addfinalizer(lambda: 1 / 0)
        """,
        "--runway-golive=golive.json",
    )
    found = statuses(told(pytester))
    assert found["rate_limit"] == found["unavailable"] == "NOT READY"


@pytest.mark.parametrize(
    "mark", ["@pytest.mark.skip", "@pytest.mark.xfail", "@pytest.mark.xfail(strict=False)"]
)
def test_what_was_skipped_or_expected_to_fail_proves_nothing(
    run_golive: Callable[..., pytest.RunResult], pytester: pytest.Pytester, mark: str
) -> None:
    failing = "    assert 0\n" if mark == "@pytest.mark.xfail" else ""
    run_golive(f"{mark}\n{RATE_LIMIT.strip()}\n{failing}", "--runway-golive=golive.json")
    assert statuses(told(pytester))["rate_limit"] == "NOT EXERCISED"


def test_an_armed_fault_that_never_struck_fails_the_test_and_proves_nothing(
    run_golive: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    run_golive(
        """
        def test_it(runway):
            runway.on("image_to_video").reply(429, times=1)
            runway.on("image_to_video", nth=9).reply(503)
            make_clip("a red kite")
        """,
        "--runway-golive=golive.json",
    )
    assert statuses(told(pytester))["rate_limit"] == "NOT READY"


def test_strict_fails_a_run_that_is_not_ready_and_only_then(
    run_golive: Callable[..., pytest.RunResult],
) -> None:
    assert run_golive(RATE_LIMIT, "--runway-golive").ret == 0
    assert run_golive(RATE_LIMIT, "--runway-golive", "--runway-golive-strict").ret == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--runway-golive=report.pdf"], "no kind of report; expected a file that ends with .md"),
        (["--runway-golive", "test_suite.py"], "For the terminal write --runway-golive last"),
        (["--runway-golive=test_suite.py/a.md"], "--runway-golive=test_suite.py/a.md: File exists"),
        (["--runway-golive", "--runway-verdict=off"], "reads the verdict, which is off"),
        (["--runway-golive=folder.md"], "--runway-golive=folder.md: Is a directory"),
        (["--runway-golive-strict"], "--runway-golive-strict says what --runway-golive fails on"),
    ],
)
def test_a_report_that_cannot_be_is_refused_before_the_tests(
    run_golive: Callable[..., pytest.RunResult],
    pytester: pytest.Pytester,
    words: list[str],
    says: str,
) -> None:
    pytester.mkdir("folder.md")
    result = run_golive(RATE_LIMIT, *words)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: *{says}*"])
    assert "collected" not in result.stdout.str()


def test_where_nothing_is_run_nothing_is_told(
    run_golive: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    result = run_golive(RATE_LIMIT, "--runway-golive=golive.json", "--collect-only")
    assert result.ret == 0
    assert not (pytester.path / "golive.json").exists()


def test_a_finding_of_the_verdict_speaks_against_its_item(
    run_golive: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    run_golive(
        """
        def test_a_lost_reply(runway):
            runway.on("image_to_video").loses_reply()
            make_clip("a red kite")
        """,
        "--runway-golive=new/folder/golive.json",
    )
    report = told(pytester, "new/folder/golive.json")
    (item,) = (each for each in report["items"] if each["id"] == "unavailable")
    assert item["status"] == "NOT READY"
    assert item["against"][0]["what"].startswith("double_charge: ")
    assert item["next_steps"][0]["snippet"] == "pytest test_suite.py::test_a_lost_reply"


def test_a_file_that_was_there_is_replaced_and_none_is_left_by_a_refusal(
    run_golive: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    (pytester.path / "golive.md").write_text("old " * 10_000)
    run_golive(RATE_LIMIT, "--runway-golive=golive.md")
    text = (pytester.path / "golive.md").read_text("utf-8")
    assert text.startswith("# Go-live checklist\n")
    assert "old old" not in text


@pytest.mark.parametrize(
    ("ends", "args", "code"),
    [
        ("raise KeyboardInterrupt", [], 2),
        ("assert 0", ["-x"], 1),
        ("pytest.exit('enough')", [], 2),
    ],
    ids=["interrupt", "exitfirst", "exit"],
)
def test_a_run_that_ends_early_tells_what_was_seen(
    run_golive: Callable[..., pytest.RunResult],
    pytester: pytest.Pytester,
    ends: str,
    args: list[str],
    code: int,
) -> None:
    suite = f"{RATE_LIMIT}\n\ndef test_b():\n    {ends}\n\n\ndef test_c():\n    pass\n"
    result = run_golive(suite, "--runway-golive=golive.json", *args)
    assert result.ret == code
    report = told(pytester)
    assert statuses(report)["rate_limit"] == "READY"
    assert report["cut_short"]


def test_keys_in_the_code_are_found(
    run_golive: Callable[..., pytest.RunResult],
    pytester: pytest.Pytester,
    git: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = a_key(1)
    monkeypatch.chdir(pytester.path)
    git("init", "--quiet")
    (pytester.path / "settings.py").write_text(f"\nKEY = '{key}'\n")
    git("add", "settings.py")
    run_golive(RATE_LIMIT, "--runway-golive=golive.json")
    (item,) = (each for each in told(pytester)["items"] if each["id"] == "keys_in_code")
    assert item["status"] == "NOT READY"
    assert item["against"][0]["what"] == f"settings.py:2: a Runway key, {key[:8]}…"


def test_a_key_that_a_test_sends_is_found(
    run_golive: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    run_golive(
        """
        import random

        def test_it(runway):
            key = "key_" + "".join(random.Random(5).choices("0123456789abcdef", k=128))
            RunwayML(api_key=key).organization.retrieve()
        """,
        "--runway-golive=golive.json",
    )
    (item,) = (each for each in told(pytester)["items"] if each["id"] == "keys_in_code")
    assert item["status"] == "NOT READY"
    assert item["against"][0]["test"] == "test_suite.py::test_it"


@pytest.mark.parametrize("name", ["golive.md", "golive.json", "golive.html", ""])
def test_no_report_has_a_key_a_medium_or_a_path_of_the_machine(
    run_golive: Callable[..., pytest.RunResult], pytester: pytest.Pytester, name: str
) -> None:
    key, uri = a_key(1), "data:image/png;base64," + "iVBORw0KGgo" * 40
    suite = f"""
        import os

        @pytest.mark.parametrize("what", [{key!r}, {uri!r}, os.getcwd(), "日本語 🎬"])
        def test_it(runway, what):
            runway.on("image_to_video").reply(429)
            make_clip("a red kite")
    """
    result = run_golive(suite, f"--runway-golive={name}" if name else "--runway-golive")
    result.assert_outcomes(passed=4)
    text = (pytester.path / name).read_text("utf-8") if name else _section(result)
    assert "429, then 200" in text
    secrets = (key[:12], key[60:80], "iVBORw0KGgoiVBORw0KGgo", str(pytester.path), "pytest-of-")
    for secret in secrets:
        assert secret not in text


def _section(result: pytest.RunResult) -> str:
    text = result.stdout.str()
    return text[text.index("go-live checklist") :].partition("- runway -")[0]


def test_a_run_without_the_option_imports_nothing_of_it(
    run_golive: Callable[..., pytest.RunResult],
) -> None:
    result = run_golive(
        """
        import sys

        def test_it():
            assert not [name for name in sys.modules if "golive." in name or "runway.keys" in name
                        or name == "pytest_runway.report.golive"]
        """,
        "--runway-fake",
    )
    result.assert_outcomes(passed=1)
