"""What a fake looks like from outside: JSON for the control interface, the page and the table."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_runway.served.server import RunwayServer

_MOST = 1_000


def faults(fake: RunwayServer) -> list[dict[str, Any]]:
    """Return every fault that was armed, and how often it has struck."""
    return [
        {
            "fault": str(armed),
            "operation": armed.fault.operation,
            "method": armed.fault.method,
            "model": armed.fault.model,
            "nth": armed.fault.nth,
            "times": armed.fault.times,
            "fired": armed.fired,
        }
        for armed in fake.engine.state.faults.faults
    ]


def tasks(fake: RunwayServer) -> list[dict[str, Any]]:
    """Return every task, in order of creation."""
    return [
        {
            "number": number,
            "id": task.id,
            "operation": task.operation,
            "model": task.model,
            "status": task.status,
            "failure_code": task.failure_code,
            "charged": task.charged,
            "deleted": task.deleted,
            "history": task.history,
        }
        for number, task in enumerate(fake.tasks, start=1)
    ]


def clock(fake: RunwayServer) -> dict[str, Any]:
    """Return the time."""
    return {"now": fake.clock.now, "elapsed": fake.clock.elapsed}


def account(fake: RunwayServer) -> dict[str, Any]:
    """Return the account and what it has left."""
    state = fake.engine.state
    return {
        "api_key": fake.api_key,
        "tier": state.account.tier,
        "credits": {
            "balance": fake.credits.balance,
            "charged": fake.credits.charged,
            "refunded": fake.credits.refunded,
        },
        "suspended": state.account.suspended,
        "keys": [{"name": key.name, "disabled": key.disabled} for key in state.account.keys.keys],
        "withheld_models": sorted(state.account.withheld_models),
    }


def journal(fake: RunwayServer, since: int) -> dict[str, Any]:
    """Return the requests after number ``since`` and the latest events, at most 1,000 of each."""
    state = fake.engine.state.journal
    exchanges = state.answered(since)[:_MOST]
    return {
        "requests": [asdict(exchange) for exchange in exchanges],
        "events": [asdict(event) for event in state.events[-_MOST:]],
    }


def report(fake: RunwayServer) -> dict[str, Any]:
    """Return the account's numbers, and what the harness would say if it ended now."""
    return {
        "numbers": fake.numbers(),
        "problems": [*fake.earlier_problems, *fake.problems_so_far()],
    }
