"""The pytest plugin: options, marker, fixture and hooks, each thin.

Imported in every run of an environment that has it installed, so nothing is imported here that
such a run would not have anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_runway.plugin import golive, options, per_test, reports, summary, verdict
from pytest_runway.plugin.fixtures import runway, runway_server

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["runway", "runway_server"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and their ini keys."""
    options.add(parser)
    verdict.add(parser)
    reports.add(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Begin before conftests are imported: they may read the environment, or bind a clock."""
    options.begin(early_config)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker; begin here where the plugin was loaded late."""
    options.register_marker(config)
    verdict.check(config)
    options.begin(config)
    config.add_cleanup(per_test.forget)
    config.pluginmanager.register(summary.Summary(config), "runway-summary")
    reports.begin(config)
    golive.configure(config)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say in the header that the fake is on."""
    return options.header(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a marker with wrong arguments before any test runs."""
    for item in items:
        options.settings_of(item)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Put the test on a fake of its own before its fixtures are set up."""
    if options.is_on(item.config) or per_test.is_asked_for(item):
        per_test.start(item)
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Take the fake away after the test's fixtures are torn down, and say what it noticed."""
    try:
        yield
    finally:
        per_test.stop(item)
    per_test.check(item)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Notice tasks that a fixture makes for more than one test."""
    before = per_test.tasks_so_far(request.config)
    try:
        return (yield)
    finally:
        if fixturedef.scope != "function" and per_test.tasks_so_far(request.config) > before:
            per_test.share(request.config)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put what happened at Runway under a failing test, and what was found on its last report."""
    report = yield
    per_test.describe(item, report)
    verdict.attach(item, report)
    return report
