"""The reports that a run writes: HTML and JSON files, and annotations."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_runway.plugin import recording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_runway.report.run import Run

_SUFFIXES = (".html", ".json")
_REPORT = (
    "write a report of what the tests did at Runway, .html for people or .json for programs; "
    "may be given more than once, or several with commas"
)
_ANNOTATIONS = "print findings as annotations for this service: github"


def add(parser: pytest.Parser) -> None:
    """Add the options and their ini keys to a parser."""
    group = parser.getgroup("runway")
    group.addoption("--runway-report", metavar="PATH", action="append", default=None, help=_REPORT)
    group.addoption("--runway-annotations", metavar="github", default=None, help=_ANNOTATIONS)
    parser.addini("runway_report", _REPORT, type="string", default="")
    parser.addini("runway_annotations", _ANNOTATIONS, type="string", default="")


def begin(config: pytest.Config) -> None:
    """Get ready to report, where that is asked for.

    Raises:
        pytest.UsageError: for a path that cannot be written, and for what is not known; now,
            before the first test, for a run may take an hour.
    """
    paths = _paths(config)
    annotations = config.getoption("runway_annotations") or config.getini("runway_annotations")
    if annotations not in ("", "github"):
        raise pytest.UsageError(
            f"--runway-annotations={annotations} is not known; expected 'github'"
        )
    if not paths and not annotations:
        return
    recording.want(config)
    if not hasattr(config, "workerinput"):
        for path in paths:
            _check(path)
        reports = Reports(config, paths, annotate=bool(annotations))
        config.pluginmanager.register(reports, "runway-reports")


class Reports:
    """Writes the reports at the end of a run, and says where they are."""

    def __init__(self, config: pytest.Config, paths: Sequence[Path], *, annotate: bool) -> None:
        """Remember what to write."""
        self._config = config
        self._paths = paths
        self._annotate = annotate
        self._said: list[str] = []

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the files, also of a run that was interrupted; the run fails where it cannot."""
        if self._config.option.collectonly:
            return
        run = run_of(self._config)
        for path in self._paths:
            shown = _relative(path, self._config.invocation_params.dir)
            try:
                path.write_bytes(_render(path, run))
            except OSError as error:
                self._said.append(f"report could not be written: {shown}: {error.strerror}")
                session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
            else:
                self._said.append(f"report: {shown}")

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say where the reports are, and print annotations."""
        for line in self._said:
            terminalreporter.write_line(f"runway {line}")
        if self._annotate:
            self._print_annotations(terminalreporter)

    def _print_annotations(self, terminalreporter: pytest.TerminalReporter) -> None:
        from pytest_runway.report.annotations import github

        prefix = _below_the_workspace(self._config.rootpath)
        lines = github(
            (f"{prefix}{place.path}", place.line, record)
            for place, record in recording.located(self._config)
        )
        for line in lines:
            terminalreporter.write_line(line)


def run_of(config: pytest.Config) -> Run:
    """Return the run as reports see it."""
    from pytest_runway.report.catalogue import RULES
    from pytest_runway.report.run import Run

    return Run(recording.records(config), rules=RULES, cut_short=recording.cut_short(config))


def _render(path: Path, run: Run) -> bytes:
    if path.suffix == ".json":
        from pytest_runway.report import json_report

        return json_report.render(run)
    from pytest_runway.report import html

    return html.render(run)


def _paths(config: pytest.Config) -> list[Path]:
    given = config.getoption("runway_report") or [config.getini("runway_report")]
    folder = config.invocation_params.dir
    names = [name.strip() for names in given for name in names.split(",")]
    return list(dict.fromkeys(folder / Path(name).expanduser() for name in names if name))


def _check(path: Path) -> None:
    """Raise ``pytest.UsageError`` where a report cannot be written."""
    if path.suffix not in _SUFFIXES:
        raise pytest.UsageError(
            f"--runway-report={path.name}: expected a name that ends with .html or .json"
        )
    was_there = path.exists()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Opened to append, so that an older report stays until there is a newer one.
        with path.open("ab"):
            pass
        if not was_there:
            path.unlink()
    except OSError as error:
        raise pytest.UsageError(
            f"--runway-report={path}: cannot be written: {error.strerror}. Give the path of a "
            "file in a folder that you may write to"
        ) from error


def _relative(path: Path, folder: Path) -> str:
    """Return a path as seen from a folder; only its name where that leads nowhere."""
    try:
        return os.path.relpath(path, folder)
    except ValueError:  # another drive
        return path.name


def _below_the_workspace(root: Path) -> str:
    """Return what leads from the checkout to the root of the run: GitHub counts from there."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    if not workspace or not root.is_relative_to(workspace) or root == Path(workspace):
        return ""
    return f"{root.relative_to(workspace).as_posix()}/"
