"""Records of the run: made where a test ran, collected where the run is reported.

Nothing is recorded until somebody calls ``want``; under xdist the records ride on the reports of
the tests, from the workers to the controller.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pytest_runway.plugin import verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_runway.fake import FakeRunway
    from pytest_runway.report.cleaning import Cleaner
    from pytest_runway.report.finding import Finding
    from pytest_runway.report.record import TestRecord

    Evidence = Callable[[FakeRunway], Mapping[str, Any]]

ATTRIBUTE = "runway_record"
_PHASES = ("setup", "call", "teardown")


def want(config: pytest.Config, *, evidence: Evidence | None = None) -> None:
    """Ask for records of all tests; call it while the run is configured.

    ``evidence`` is asked, where the test ran and after its fake has stopped, for what goes into
    the record's ``evidence``: values that JSON can hold.
    """
    if _COLLECTOR not in config.stash:
        config.stash[_COLLECTOR] = collector = Collector(config)
        config.pluginmanager.register(collector, "runway-records")
    if evidence is not None:
        config.stash[_COLLECTOR].evidence.append(evidence)


def records(config: pytest.Config) -> list[TestRecord]:
    """Return the records so far, sorted by test: complete once the session has finished."""
    return [record for _, record in located(config)]


def located(config: pytest.Config) -> list[tuple[Location, TestRecord]]:
    """Return the records so far, each with the place of its test, sorted by test."""
    collector = config.stash.get(_COLLECTOR, None)
    return [] if collector is None else collector.all()


def cut_short(config: pytest.Config) -> str | None:
    """Return why the run ended before its last test, or None."""
    collector = config.stash.get(_COLLECTOR, None)
    return None if collector is None else collector.cut_short


def note(item: pytest.Item, report: pytest.TestReport) -> None:
    """Remember how one phase of a test went."""
    if _COLLECTOR in item.config.stash:
        item.stash[_OUTCOME] = _outcome(item.stash.get(_OUTCOME, "passed"), report)


def attach(item: pytest.Item, fake: FakeRunway, report: pytest.TestReport) -> None:
    """Put the record of a test on its last report, where records are wanted."""
    collector = item.config.stash.get(_COLLECTOR, None)
    if collector is not None:
        setattr(report, ATTRIBUTE, collector.record(item, fake).to_json())


def cleaner_of(config: pytest.Config) -> Cleaner:
    """Return what takes the machine's folders out of text: the run's own become relative."""
    found = config.stash.get(_CLEANER, None)
    if found is None:
        found = config.stash[_CLEANER] = _new_cleaner(config)
    return found


@dataclass(frozen=True, slots=True)
class Location:
    """Where a test stands: ``path``, relative to the root of the run, and ``line``, from 1."""

    path: str
    line: int

    @classmethod
    def of(cls, place: tuple[str, int | None, str]) -> Location:
        """Return what pytest calls a location."""
        path, line, _ = place
        return cls(path.replace("\\", "/"), (line or 0) + 1)


class Collector:
    """Makes the records of the tests that run here, and collects all that are reported here."""

    def __init__(self, config: pytest.Config) -> None:
        """Start with none."""
        self.evidence: list[Evidence] = []
        self.cut_short: str | None = None
        self._config = config
        self._is_worker = hasattr(config, "workerinput")
        self._found: dict[str, tuple[Location, TestRecord]] = {}
        self._running: pytest.Item | None = None
        self._died: list[str] = []

    def all(self) -> list[tuple[Location, TestRecord]]:
        """Return what was collected, sorted by test, whatever the order in which they ran."""
        return [self._found[test] for test in sorted(self._found)]

    def record(self, item: pytest.Item, fake: FakeRunway) -> TestRecord:
        """Return the record of a test whose fake has stopped."""
        outcome = item.stash.get(_OUTCOME, "passed")
        if _OUTCOME in item.stash:
            del item.stash[_OUTCOME]  # the test may run again
        return record_now(
            item,
            fake,
            outcome=outcome,
            findings=verdict.findings(item),
            evidence={name: value for ask in self.evidence for name, value in ask(fake).items()},
        )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect the record that a report carries."""
        found = getattr(report, ATTRIBUTE, None)
        if self._is_worker or (found is None and report.when in _PHASES):
            return
        from pytest_runway.report.record import TestRecord

        if found is None:  # xdist says so of a worker that died, and took the record with it
            found = _nothing_left(cleaner_of(self._config).clean(report.nodeid))
            self._died.append(found["test"])
        self._found[report.nodeid] = (Location.of(report.location), TestRecord.of_json(found))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        """Know which test is running, for the case that it never ends."""
        self._running = item
        result = yield
        self._running = None
        return result

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(
        self, session: pytest.Session, exitstatus: int | pytest.ExitCode
    ) -> None:
        """Say why the run ended early, and keep what was seen of the test that was cut off."""
        why = session.shouldfail or session.shouldstop
        if exitstatus == pytest.ExitCode.INTERRUPTED or self._running is not None:
            self.cut_short = "the run was interrupted: tests after that are missing"
        elif exitstatus == pytest.ExitCode.INTERNAL_ERROR:
            self.cut_short = "the run ended with an internal error: tests after that are missing"
        elif why:
            reason = why if isinstance(why, str) else "as it was told to"
            self.cut_short = f"the run ended early, {reason}: tests after that are missing"
        elif self._died:
            self.cut_short = f"a worker died in {', '.join(self._died)}: what was done is missing"
        self._keep_the_cut_off()

    def _keep_the_cut_off(self) -> None:
        item = self._running
        if item is None or self._is_worker:
            return
        from pytest_runway.plugin import per_test

        fake = per_test.of(item)
        if fake is None:
            return
        fake.stop()
        item.stash[_OUTCOME] = "interrupted"
        self._found[item.nodeid] = (Location.of(item.location), self.record(item, fake))


def record_now(
    item: pytest.Item,
    fake: FakeRunway,
    *,
    outcome: str,
    findings: tuple[Finding, ...] = (),
    evidence: Mapping[str, Any] | None = None,
) -> TestRecord:
    """Return the record of what a test's fake has seen until now."""
    from pytest_runway.report.recording import record_of

    return record_of(
        fake.engine.state,
        test=item.nodeid,
        outcome=outcome,
        # The engine's time is rounded to milliseconds, and may be a half ahead.
        seconds=max(round(fake.clock.elapsed, 3), fake.engine.state.elapsed),
        findings=findings,
        problems=fake.problems,
        numbers=fake.numbers(),
        evidence=evidence,
        cleaner=cleaner_of(item.config),
    )


_COLLECTOR = pytest.StashKey[Collector]()
_CLEANER: pytest.StashKey[Cleaner] = pytest.StashKey()
_OUTCOME = pytest.StashKey[str]()


def _nothing_left(test: str) -> dict[str, Any]:
    """Return the record of a test of which nothing is known but that it never ended."""
    nothing: tuple[str, ...] = ("requests", "tasks", "events", "findings", "problems", "faults")
    return {
        "test": test,
        "outcome": "interrupted",
        "seconds": 0.0,
        **dict.fromkeys(nothing, ()),
        "numbers": {},
        "evidence": {},
    }


def _outcome(before: str, report: pytest.TestReport) -> str:
    """Return pytest's word for a test, after one more of its phases."""
    if report.failed:
        is_call = report.when == "call"
        return "failed" if is_call or before == "failed" else "error"
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    if report.skipped:
        return "skipped"
    return before


def _new_cleaner(config: pytest.Config) -> Cleaner:
    import sys
    import tempfile
    from pathlib import Path

    from pytest_runway.report.cleaning import Cleaner

    places = {
        sys.base_prefix: "<python>",
        sys.prefix: "<python>",
        tempfile.gettempdir(): "<tmp>",
        str(Path("~").expanduser()): "~",
        str(config.invocation_params.dir): "",
        str(config.rootpath): "",
    }
    return Cleaner(places)
