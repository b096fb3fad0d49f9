"""One fake for one test: on before its fixtures, off after them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from pytest_runway.plugin import options, summary, verdict

if TYPE_CHECKING:
    from pytest_runway.fake import FakeRunway

_FAKE: pytest.StashKey[FakeRunway] = pytest.StashKey()
_ENDED_EARLY = pytest.StashKey[bool]()
_SHARED = pytest.StashKey[bool]()
_RUNNING: pytest.StashKey[FakeRunway] = pytest.StashKey()
_MOST_LINES = 40


def current(item: pytest.Item) -> FakeRunway | None:
    """Return the fake that a test is on, or None."""
    return item.stash.get(_FAKE, None)


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
        summary.hand_over(item, fake)
        verdict.judge(item, fake, over=not shared)


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
    """Put the requests of a failing test into its report."""
    fake = current(item)
    if fake is None:
        return
    verdict.keep_what_is_shown(item, report)
    if report.passed:
        return
    item.stash[_ENDED_EARLY] = True
    exchanges = fake.requests()
    if report.failed and exchanges:
        lines = [exchange.line() for exchange in exchanges[-_MOST_LINES:]]
        if len(exchanges) > _MOST_LINES:
            lines.insert(0, f"… {len(exchanges) - _MOST_LINES} earlier requests")
        report.sections.append(("requests to the fake Runway", "\n".join(lines)))
        verdict.describe(item, fake, report)
