"""The fixture, which can also be imported where the plugin is not loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_runway.plugin import per_test

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.fake import FakeRunway


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
