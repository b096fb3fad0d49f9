"""Records for the checklist: made where a test ran, collected where the run is reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_runway.plugin import per_test

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_runway.fake import FakeRunway
    from pytest_runway.report.record import TestRecord

    Evidence = Callable[[FakeRunway], Mapping[str, Any]]

_ATTRIBUTE = "runway_evidence"


def want(config: pytest.Config, *, evidence: Evidence) -> None:
    """Ask for records of all tests, each with the evidence that its fake has."""
    config.stash[_COLLECTOR] = collector = Collector(config, evidence)
    config.pluginmanager.register(collector, "runway-golive-records")


def records(config: pytest.Config) -> list[TestRecord]:
    """Return the records so far."""
    return config.stash[_COLLECTOR].records()


def cut_short(config: pytest.Config) -> str | None:
    """Return why the run ended before its last test, or None."""
    return config.stash[_COLLECTOR].cut_short


class Collector:
    """Makes a record of each test, and puts together what the workers send."""

    def __init__(self, config: pytest.Config, evidence: Evidence) -> None:
        """Start with none."""
        self.cut_short: str | None = None
        self._config = config
        self._evidence = evidence
        self._found: dict[str, dict[str, Any]] = {}
        self._outcomes: dict[str, str] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Any:
        """Hold on to the fake, which is gone when the report is made."""
        fake = per_test.current(item)
        if fake is not None:
            item.stash[_FAKE] = fake
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Any:
        """Put the record on the test's last report, which travels to the controller."""
        report = yield
        if report.when == "teardown" and _FAKE in item.stash:
            fake = item.stash[_FAKE]
            del item.stash[_FAKE]
            setattr(report, _ATTRIBUTE, _record(item, fake, self._evidence(fake)).to_json())
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect what a report carries."""
        before = self._outcomes.get(report.nodeid, "passed")
        if report.when == "setup":
            before = "passed"  # the first, or the first again where a test is run again
        self._outcomes[report.nodeid] = report.outcome if before == "passed" else before
        if hasattr(report, "wasxfail"):
            self._outcomes[report.nodeid] = "xfailed"
        found = getattr(report, _ATTRIBUTE, None)
        if found is not None:
            self._found[report.nodeid] = found

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Note why the run ended early."""
        if exitstatus == pytest.ExitCode.INTERRUPTED:
            self.cut_short = "The run was interrupted: this is what was seen until then."
        elif session.shouldfail or session.shouldstop:
            self.cut_short = "The run ended early: this is what was seen until then."

    def records(self) -> list[TestRecord]:
        """Return all that was collected."""
        from pytest_runway.report.record import TestRecord

        return [
            TestRecord.of_json({**found, "outcome": self._outcomes[test]})
            for test, found in sorted(self._found.items())
        ]


_COLLECTOR = pytest.StashKey[Collector]()
_FAKE: pytest.StashKey[FakeRunway] = pytest.StashKey()


def _record(item: pytest.Item, fake: FakeRunway, evidence: Mapping[str, Any]) -> TestRecord:
    from pytest_runway.report.record import RequestRecord, TaskRecord, TestRecord

    state = fake.engine.state
    names = ("number", "at", "method", "path", "operation", "model", "status")
    more = ("task", "fault", "error")
    return TestRecord(
        item.nodeid,
        "passed",
        0.0,
        requests=tuple(
            RequestRecord(*(getattr(each, name) for name in (*names, *more)))
            for each in state.journal.exchanges
        ),
        tasks=tuple(
            TaskRecord(
                task.number,
                task.id,
                task.operation,
                task.model,
                tuple(((at - state.started_ms) / 1000, status) for at, status in task.history),
                task.ending.code if task.ending else None,
                task.charged,
                task.deleted,
            )
            for task in state.tasks
        ),
        problems=tuple(fake.problems),
        evidence=evidence,
    )
