"""What a task's links lead to."""

from __future__ import annotations

from typing import Any

import httpx

from pytest_runway.media import Facts, read
from pytest_runway.media.sources import Whole


def facts_of(task: Any) -> Facts:
    """What is read of the first file of a task that succeeded."""
    reply = httpx.get(task.output[0])
    assert reply.status_code == 200
    facts = read(Whole(reply.content))
    assert facts is not None
    return facts
