from __future__ import annotations

import gc

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester"]

# A busy machine is slow, not wrong.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest.fixture
def no_old_pools() -> None:
    """Collect the process pools of earlier tests, which are cycles.

    CPython 3.12 and 3.13 warn where their semaphores go just while a new one is made (gh-131788).
    """
    gc.collect()
