"""``--runway-golive``: the checklist at the end of a run, on the terminal or in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_runway.errors import UsageError
from pytest_runway.plugin import recording, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_runway.fake import FakeRunway
    from pytest_runway.report.golive import Checklist, KeyScan

_TERMINAL = "-"
_SUFFIXES = (".md", ".json", ".html")
_SAY = (
    "go through Runway's go-live checklist and tell, with the tests that prove it, what is ready; "
    "on the terminal, or in a file that ends with .md, .json or .html. Puts every test on the fake"
)
_SAY_STRICT = "fail the run unless every item of the checklist is ready"


def add(group: pytest.OptionGroup) -> None:
    """Add the options."""
    group.addoption(
        "--runway-golive", metavar="FILE", nargs="?", const=_TERMINAL, default=None, help=_SAY
    )
    group.addoption("--runway-golive-strict", action="store_true", default=False, help=_SAY_STRICT)


def configure(config: pytest.Config) -> None:
    """Begin to keep records, where the checklist is asked for.

    Raises:
        pytest.UsageError: for a file that cannot be written, or of a kind that there is not.
    """
    asked: str | None = config.option.runway_golive
    if asked is None:
        if config.option.runway_golive_strict:
            raise pytest.UsageError("--runway-golive-strict says what --runway-golive fails on")
        return
    if verdict.mode(config) == "off":
        raise pytest.UsageError(
            "--runway-golive reads the verdict, which is off: nothing would speak against an item"
        )
    recording.want(config, evidence=_evidence)
    if not hasattr(config, "workerinput"):
        file = None if asked == _TERMINAL else _writable(config, asked)
        config.pluginmanager.register(GoLive(config, file), "runway-golive")


class GoLive:
    """Tells the checklist when the run has ended."""

    def __init__(self, config: pytest.Config, file: Path | None) -> None:
        """Tell it in ``file``, or on the terminal."""
        self._config = config
        self._file = file
        self._checklist: Checklist | None = None
        self._failure = ""

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Make the checklist of what was seen, and write its file."""
        if self._config.option.collectonly:
            return
        self._checklist = made = self._made()
        if self._file is not None:
            try:
                self._file.write_text(_written(made, self._file.suffix), "utf-8", newline="\n")
            except OSError as error:
                self._failure = f"{self._file.name} could not be written: {error.strerror}"
                session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
        strict = self._config.option.runway_golive_strict
        if strict and not made.ready and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell the checklist, or where it is and how it came out."""
        if self._checklist is None:
            return
        from pytest_runway.report.golive.telling import lines

        terminalreporter.section("go-live checklist", sep="-")
        if self._file is None:
            for line in lines(self._checklist):
                terminalreporter.line(line)
            return
        terminalreporter.line(self._failure or f"{self._checklist.summary()}: {self._file.name}")

    def _made(self) -> Checklist:
        from pytest_runway.report.golive import checklist

        return checklist(
            recording.records(self._config),
            keys=_look_for_keys(self._config.rootpath),
            cut_short=recording.cut_short(self._config) or "",
        )


def _evidence(fake: FakeRunway) -> Mapping[str, Any]:
    from pytest_runway.report.golive import evidence_of

    return evidence_of(fake.engine.state)


def _look_for_keys(root: Path) -> KeyScan:
    from pytest_runway.keys.scanning import scan
    from pytest_runway.report.golive import KeyScan

    try:
        found = scan([root])
    except UsageError as error:
        return KeyScan(why_not=str(error))
    leaks = tuple(map(str, found.leaks))
    return KeyScan(found.files, leaks, len(found.skipped), tuple(found.notes))


def _written(checklist: Checklist, suffix: str) -> str:
    from pytest_runway.report.golive import page, telling

    kinds: dict[str, Callable[[Checklist], str]] = {
        ".md": telling.markdown,
        ".json": telling.json_text,
        ".html": page.html,
    }
    return kinds[suffix](checklist)


def _writable(config: pytest.Config, asked: str) -> Path:
    file = config.invocation_params.dir / Path(asked).expanduser()
    if file.suffix not in _SUFFIXES:
        raise pytest.UsageError(
            f"--runway-golive={asked}: no kind of report; expected a file that ends with "
            f"{', '.join(_SUFFIXES)}. For the terminal write --runway-golive last, or before "
            "another option"
        )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        is_new = not file.exists()
        with file.open("a"):
            pass
        if is_new:
            file.unlink()
    except OSError as error:
        said = error.strerror or "it cannot be written"
        raise pytest.UsageError(f"--runway-golive={asked}: {said}") from error
    return file
