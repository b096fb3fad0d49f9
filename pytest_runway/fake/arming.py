"""How faults get into a fake: one by one, or as a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.contract import load
from pytest_runway.engine.faults import FaultPlan
from pytest_runway.engine.faults.places import BESIDE_THE_API
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from pytest_runway.contract import Contract
    from pytest_runway.engine.faults import ArmedFault, Fault
    from pytest_runway.engine.state import State
    from pytest_runway.fake.settings import Settings


def plan_of(given: Any) -> FaultPlan:
    """Return a plan from what a test gives: a plan, its text, or None for no faults.

    Raises:
        UsageError: for anything else, or a text that says no plan.
    """
    if isinstance(given, FaultPlan):
        return given
    if given is None:
        return FaultPlan()
    if not isinstance(given, str):
        raise UsageError(
            f"faults={given!r} is not valid; expected a FaultPlan or its text, such as "
            "'429: 5%, 503 on create: 2'"
        )
    return FaultPlan.parse(given)


def arm_settings(state: State, settings: Settings) -> None:
    """Arm what a fake's settings ask for."""
    for text, background in ((settings.faults, False), (settings.background_faults, True)):
        if text:
            for fault in plan_of(text).faults:
                arm(load(), state, fault, background=background)


def arm(
    contract: Contract,
    state: State,
    fault: Fault,
    *,
    name: str | None = None,
    background: bool = False,
) -> ArmedFault:
    """Arm a fault now; see ``ArmedFaults.arm``."""
    journal = state.journal
    seen = journal.transfers if fault.operation in BESIDE_THE_API else journal.exchanges
    return state.faults.arm(
        contract,
        fault,
        now_ms=state.now_ms,
        after=len(seen),
        name=name,
        background=background,
    )
