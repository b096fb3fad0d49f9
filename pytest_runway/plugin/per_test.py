"""One fake for one test: on before its fixtures, off after them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from pytest_runway.plugin import options, recording, summary, verdict

if TYPE_CHECKING:
    from pytest_runway.fake import FakeRunway

_FAKE: pytest.StashKey[FakeRunway] = pytest.StashKey()
_STOPPED: pytest.StashKey[FakeRunway] = pytest.StashKey()
_ENDED_EARLY = pytest.StashKey[bool]()
_SHARED = pytest.StashKey[bool]()
_RUNNING: pytest.StashKey[FakeRunway] = pytest.StashKey()
_MADE_UP_KEY = (
    "Runway's keys are key_ and 128 hexadecimal digits. If the suite made this one up, let it in",
    "by --runway-keys=any, or runway_keys=any in the ini file, or read the fake's own.",
)


def current(item: pytest.Item) -> FakeRunway | None:
    """Return the fake that a test is on, or None."""
    return item.stash.get(_FAKE, None)


def of(item: pytest.Item) -> FakeRunway | None:
    """Return the fake that a test is or was on, until its last report is made; or None."""
    return current(item) or item.stash.get(_STOPPED, None)


def is_asked_for(item: pytest.Item) -> bool:
    """Whether a test names one of the fixtures."""
    names = getattr(item, "fixturenames", ())
    return "runway" in names or "runway_server" in names


def start(item: pytest.Item, *, served: bool = False) -> FakeRunway:
    """Put a test on a fresh fake, with the settings of its run and its markers."""
    settings = options.test_settings(item)
    if served or "runway_server" in getattr(item, "fixturenames", ()):
        from pytest_runway.served import RunwayServer as Kind
    else:
        from pytest_runway.fake import FakeRunway as Kind  # type: ignore[assignment]
    fake = Kind.of(settings)
    item.stash[_FAKE] = fake.start()
    item.stash[_ENDED_EARLY] = False
    item.config.stash[_RUNNING] = fake
    return fake


def stop(item: pytest.Item) -> None:
    """Switch a test's fake off and hand its numbers to the summary."""
    fake = current(item)
    if fake is not None:
        shared = item.config.stash.get(_SHARED, False)
        fake.stop(linger=shared)
        item.config.stash[_SHARED] = False
        item.stash[_STOPPED] = fake
        verdict.judge(item, fake, over=not shared)
        summary.hand_over(item, fake, verdict.findings(item))


def tasks_so_far(config: pytest.Config) -> int:
    """Return how many tasks the running test has created."""
    fake = config.stash.get(_RUNNING, None)
    return 0 if fake is None else len(fake.tasks)


def share(config: pytest.Config) -> None:
    """Keep the running test's tasks for the tests after it: a wider fixture has made some."""
    config.stash[_SHARED] = True


def forget() -> None:
    """Let go of shared tasks at the end of the run."""
    transport = sys.modules.get("pytest_runway.transports.inprocess")
    if transport is not None:
        transport.forget()


def check(item: pytest.Item) -> None:
    """Fail a test for what its fake noticed, unless it has failed or was skipped anyway."""
    fake = current(item)
    if fake is None:
        return
    del item.stash[_FAKE], item.config.stash[_RUNNING]
    noticed = [*fake.problems, *verdict.failures(item)]
    if noticed and not item.stash.get(_ENDED_EARLY, False):
        lines = "".join(f"\n  - {problem}" for problem in noticed)
        pytest.fail(f"pytest-runway noticed, in a test that passed:{lines}", pytrace=False)


def describe(item: pytest.Item, report: pytest.TestReport) -> None:
    """Put what happened at Runway under a failing test, and what it came to on its last report."""
    fake = of(item)
    if fake is None:
        return
    recording.note(item, report)
    verdict.keep_what_is_shown(item, report)
    if not report.passed:
        if report.failed and not item.stash.get(_ENDED_EARLY, False):
            _show(item, fake, report)
        item.stash[_ENDED_EARLY] = True
    if report.when == "teardown":
        recording.attach(item, fake, report)
        summary.attach(item, report)
        if _STOPPED in item.stash:
            del item.stash[_STOPPED]


def _show(item: pytest.Item, fake: FakeRunway, report: pytest.TestReport) -> None:
    from pytest_runway.report import timeline

    record = recording.record_now(item, fake, outcome=report.outcome)
    lines = timeline.lines(record)
    if any(request.error == "malformed_key" for request in record.requests):
        lines += _MADE_UP_KEY
    if lines:
        report.sections.append(("timeline at the fake Runway", "\n".join(lines)))
        if current(item) is not None:  # else it failed for what was found
            verdict.describe(item, fake, report)
