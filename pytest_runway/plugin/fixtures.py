"""The fixture, which can also be imported where the plugin is not loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_runway.plugin import per_test

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.fake import FakeRunway
    from pytest_runway.served import RunwayServer


@pytest.fixture
def runway(request: pytest.FixtureRequest) -> Iterator[FakeRunway]:
    """The fake that this test is on: strict, stateful, in virtual time."""
    item = request.node
    running = per_test.current(item)
    if running is not None:
        yield running
        return
    # Asked for while the test runs, or without the plugin: then the fixture does the hooks' work.
    fake = per_test.start(item)
    try:
        yield fake
    finally:
        per_test.stop(item)
    per_test.check(item)


@pytest.fixture
def runway_server(request: pytest.FixtureRequest) -> Iterator[RunwayServer]:
    """The fake that this test is on, with an address: ``runway_server.url``."""
    from pytest_runway.served import RunwayServer

    item = request.node
    running = per_test.current(item)
    if running is not None:
        if not isinstance(running, RunwayServer):
            pytest.fail(
                "runway_server was asked for while the test was on a fake without an address; "
                "name it among the test's arguments, not in getfixturevalue()",
                pytrace=False,
            )
        yield running
        return
    per_test.start(item, served=True)
    fake = per_test.current(item)
    assert isinstance(fake, RunwayServer)  # noqa: S101 - for the type checker
    try:
        yield fake
    finally:
        per_test.stop(item)
    per_test.check(item)
