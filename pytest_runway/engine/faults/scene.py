"""What a fault finds where it strikes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_runway.contract import Contract
    from pytest_runway.engine.task import Task
    from pytest_runway.wire import Reply, Request


@dataclass(frozen=True, slots=True)
class Scene:
    """A request, and what it was about to be answered.

    ``operation`` is its name, or that of a place beside the API. ``reply`` is None where the
    engine has not looked at the request yet; ``told`` is what the client was last told at the
    same address, as far as anybody kept it.
    """

    contract: Contract
    request: Request
    operation: str
    now_ms: int
    model: str | None = None
    reply: Reply | None = None
    task: Task | None = None
    told: Reply | None = None
