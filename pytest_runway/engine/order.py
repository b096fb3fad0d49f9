"""What a request asks for, once it was found good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fractions import Fraction

    from pytest_runway.contract import Output, Variant
    from pytest_runway.engine.resources.workflows import Workflow


@dataclass(frozen=True, slots=True)
class Order:
    """A generation that was asked for.

    ``model`` is None for a workflow, which is ``workflow``. ``shown_body`` is the body as it is
    kept. ``estimate`` is reserved; ``cost`` is what it will have cost when it succeeds, at most
    the estimate. ``key`` names the API key. ``late_failure`` is the code of what was found to be
    wrong too late to refuse it.
    """

    operation: str
    model: str | None
    tier_group: str | None
    body: Any
    shown_body: Any
    estimate: Fraction
    cost: Fraction
    output: Output
    variant: Variant | None = None
    key: str | None = None
    workflow: Workflow | None = None
    late_failure: str | None = None
