"""Reports of a run: options, files, annotations, JUnit; alone, over xdist, and interrupted."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from pytest_runway.report import json_report

if TYPE_CHECKING:
    from pathlib import Path

RunSuite: TypeAlias = Callable[..., pytest.RunResult]

EVERY_OUTCOME = """
@pytest.fixture
def no_setup(runway):
    RunwayML().image_to_video.create(**BODY)
    raise OSError("setup")

@pytest.fixture
def no_teardown(runway):
    yield
    raise OSError("teardown")

def test_passes(): RunwayML().image_to_video.create(**BODY)

def test_fails():
    RunwayML().image_to_video.create(**BODY)
    assert False

def test_setup(no_setup): pass

def test_teardown(no_teardown): pass

def test_skips():
    RunwayML().image_to_video.create(**BODY)
    pytest.skip("enough")

@pytest.mark.skip
def test_skipped(): pass

@pytest.mark.xfail
def test_xfails(): assert False

@pytest.mark.xfail
def test_xpasses(): pass

def test_vacuous(runway): runway.on("text_to_video").reply(503)
"""
OUTCOMES = {
    "test_suite.py::test_passes": ("passed", 1),
    "test_suite.py::test_fails": ("failed", 1),
    "test_suite.py::test_setup": ("error", 1),
    "test_suite.py::test_teardown": ("error", 0),
    "test_suite.py::test_skips": ("skipped", 1),
    "test_suite.py::test_skipped": ("skipped", 0),
    "test_suite.py::test_xfails": ("xfailed", 0),
    "test_suite.py::test_xpasses": ("xpassed", 0),
    "test_suite.py::test_vacuous": ("error", 0),
}
CREATE = "def test_create(): RunwayML().image_to_video.create(**BODY)"


def read(path: Path) -> Any:
    value = json.loads(path.read_text("utf-8"))
    Draft202012Validator(json_report.schema()).validate(value)
    return value


@pytest.mark.parametrize("workers", [[], ["-p", "xdist", "-n", "2"]], ids=["alone", "xdist"])
def test_every_test_is_recorded_whatever_becomes_of_it(
    run_suite: RunSuite, pytester: pytest.Pytester, workers: list[str]
) -> None:
    result = run_suite(EVERY_OUTCOME, *workers, "--runway-report", "out/runway.json")
    result.stdout.fnmatch_lines(["*: 4 requests*", "runway report: out/runway.json"])
    value = read(pytester.path / "out" / "runway.json")
    assert {
        test["test"]: (test["outcome"], len(test["requests"])) for test in value["tests"]
    } == OUTCOMES
    assert [test["test"] for test in value["tests"]] == sorted(OUTCOMES)
    assert value["totals"]["requests"] == 4
    assert value["complete"] is True


def test_several_reports_come_from_one_run(run_suite: RunSuite, pytester: pytest.Pytester) -> None:
    result = run_suite(CREATE, "--runway-report=a.html,b.json", "--runway-report=c.json")
    result.stdout.fnmatch_lines(
        [f"runway report: {name}" for name in ("a.html", "b.json", "c.json")]
    )
    assert (pytester.path / "a.html").read_text("utf-8").startswith("<!doctype html>")
    assert read(pytester.path / "b.json") == read(pytester.path / "c.json")


def test_the_ini_key_is_as_good_as_the_option(
    run_suite: RunSuite, pytester: pytest.Pytester
) -> None:
    run_suite(CREATE, ini="runway_report = r.json")
    assert read(pytester.path / "r.json")["totals"]["requests"] == 1


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--runway-report=r.txt", "*r.txt: expected a name that ends with .html or .json*"),
        ("--runway-report=runway", "*runway: expected a name that ends with .html or .json*"),
        ("--runway-report=folder.json", "*cannot be written: Is a directory. Give the path of*"),
        ("--runway-report=test_suite.py/r.json", "*cannot be written: *"),
        ("--runway-annotations=gitlab", "*gitlab is not known; expected 'github'*"),
    ],
)
def test_what_cannot_be_reported_is_said_before_any_test(
    run_suite: RunSuite, pytester: pytest.Pytester, option: str, message: str
) -> None:
    (pytester.path / "folder.json").mkdir()
    result = run_suite("def test_never(): pass", option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])
    result.stdout.no_fnmatch_line("*test_suite.py*")


def test_a_report_from_before_stays_where_the_run_cannot_start(
    run_suite: RunSuite, pytester: pytest.Pytester
) -> None:
    (pytester.path / "r.json").write_text("before", "utf-8")
    run_suite(CREATE, "--runway-report=r.json", "--runway-tier=9")
    assert (pytester.path / "r.json").read_text("utf-8") == "before"


def test_an_interrupted_run_reports_what_was_seen(
    run_suite: RunSuite, pytester: pytest.Pytester
) -> None:
    result = run_suite(
        """
        def test_1(): RunwayML().image_to_video.create(**BODY)

        def test_2():
            RunwayML().image_to_video.create(**BODY)
            raise KeyboardInterrupt

        def test_3(): RunwayML().image_to_video.create(**BODY)
        """,
        "--runway-report=r.json",
    )
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["runway report: r.json"])
    value = read(pytester.path / "r.json")
    assert value["complete"] is False
    assert value["cut_short"] == "the run was interrupted: tests after that are missing"
    assert [(test["outcome"], len(test["requests"])) for test in value["tests"]] == [
        ("passed", 1),
        ("interrupted", 1),
    ]


def test_a_worker_that_dies_leaves_the_name_of_its_test(
    run_suite: RunSuite, pytester: pytest.Pytester
) -> None:
    run_suite(
        """
        import os

        def test_1(): RunwayML().image_to_video.create(**BODY)

        def test_2(): os._exit(3)
        """,
        *("-p", "xdist", "-n", "1"),
        *("--runway-report=r.json,r.html", "--runway-golive=g.json"),
    )
    value = read(pytester.path / "r.json")
    died = "a worker died in test_suite.py::test_2: what was done is missing"
    assert (value["complete"], value["cut_short"]) == (False, died)
    assert [test["outcome"] for test in value["tests"]] == ["passed", "interrupted"]
    assert died[1:] in (pytester.path / "r.html").read_text("utf-8")
    assert json.loads((pytester.path / "g.json").read_text("utf-8"))["cut_short"] == died


def test_a_run_that_stops_at_the_first_failure_says_so(
    run_suite: RunSuite, pytester: pytest.Pytester
) -> None:
    run_suite("def test_1(): assert 0\ndef test_2(): pass", "-x", "--runway-report=r.json")
    value = read(pytester.path / "r.json")
    assert value["cut_short"].startswith("the run ended early, stopping after 1 failures")


def test_without_a_consumer_nothing_is_recorded(
    run_suite: RunSuite, pytester: pytest.Pytester
) -> None:
    pytester.makeconftest(
        """
        def pytest_runtest_logreport(report):
            assert not hasattr(report, "runway_record")
        """
    )
    run_suite(CREATE).assert_outcomes(passed=1)


def test_a_consumer_of_records_gets_them_with_its_evidence(
    run_suite: RunSuite, pytester: pytest.Pytester
) -> None:
    pytester.makeconftest(
        """
        from pytest_runway.plugin import recording

        def pytest_configure(config):
            recording.want(config, evidence=lambda fake: {"balance": fake.credits.balance})

        def pytest_terminal_summary(config):
            for record in recording.records(config):
                print("got", record.test, record.outcome, record.evidence)
        """
    )
    result = run_suite(CREATE, "-p", "xdist", "-n", "1", "--runway-credits=100")
    result.stdout.fnmatch_lines(["got test_suite.py::test_create passed {'balance': 75}"])


def test_junit_has_small_properties_by_name(run_suite: RunSuite, pytester: pytest.Pytester) -> None:
    run_suite(CREATE, "--junitxml=junit.xml", "-o", "junit_family=xunit1")
    found = ElementTree.parse(pytester.path / "junit.xml").iter("property")  # noqa: S314 - ours
    assert {each.get("name"): each.get("value") for each in found} == {
        "runway.requests": "1",
        "runway.tasks": "1",
        "runway.credits": "25",
        "runway.findings": "orphan_running",
    }


def test_problems_are_annotations_where_asked_for(
    run_suite: RunSuite, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(pytester.path.parent))
    vacuous = "def test_v(runway): runway.on('text_to_video').reply(503)"
    result = run_suite(vacuous, "--runway-annotations=github")
    folder = pytester.path.name
    starts = f"::error file={folder}/test_suite.py,line="
    line = next(line for line in result.outlines if line.startswith(starts))
    assert "title=pytest-runway noticed::test_suite.py::test_v: a fault was armed" in line


@pytest.mark.skipif(sys.platform == "win32", reason="paths of Unix")
def test_no_key_no_media_and_no_path_of_the_machine_is_in_any_report(
    run_suite: RunSuite, pytester: pytest.Pytester
) -> None:
    result = run_suite(
        """
        import base64, os

        KEY = "key_" + "5ec2e7" * 21 + "ab"
        URI = "data:image/png;base64," + base64.b64encode(os.urandom(30000)).decode()

        @pytest.mark.parametrize("secret", [KEY, URI[:200], __file__], ids=str)
        def test_leaks(runway, secret):
            client = RunwayML(api_key=KEY, max_retries=0)
            for body in (
                {**BODY, "prompt_image": URI, "prompt_text": KEY},
                {**BODY, "model": secret},
                {**BODY, "model": __file__, "prompt_text": __file__},
            ):
                with pytest.raises(Exception):
                    client.image_to_video.create(**body)
            with pytest.raises(Exception):
                client.get(f"/v1/tasks/{KEY}", cast_to=object)
            client.image_to_video.create(**BODY)  # an orphan, which is found and named
            runway.note_problem(f"{__file__}:12 sent {KEY} with {URI}")
            assert False
        """,
        "--runway-report=r.html,r.json",
        "--runway-annotations=github",
        "--junitxml=junit.xml",
        "--tb=no",
        "-q",
    )
    of_pytest = ("FAILED", "ERROR", "___", "- generated xml", "- Generated xml")
    timeline_and_summary = "\n".join(
        line for line in result.outlines if not line.startswith(of_pytest)
    )
    written = [(pytester.path / name).read_text("utf-8") for name in ("r.html", "r.json")]
    assert len(read(pytester.path / "r.json")["tests"]) == 3
    for text in (timeline_and_summary, *written):
        assert "5ec2e7" * 10 not in text
        assert str(pytester.path) not in text
        assert str(pytester.path.parent) not in text
        assert not re.search(r"base64,[A-Za-z0-9+/]{20}", text)
