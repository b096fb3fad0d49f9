"""What the clock's tests share: a clock that is on, and a service that keeps time by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_runway.clock import VirtualClock, virtual_time
from tests.clock.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def clock() -> Iterator[VirtualClock]:
    with virtual_time() as clock:
        yield clock


@pytest.fixture
def service(clock: VirtualClock) -> Service:
    return Service(clock)
