"""Where faults strike: operations by name, and a few names for many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pytest_runway.errors import UsageError
from pytest_runway.suggesting import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_runway.contract import Contract, Operation

EVERYWHERE = "*"
# What a request of each place asks; hosts beside the API have no operations.
BESIDE_THE_API: Mapping[str, str] = {
    "downloads": "a file of an output",
    "storage": "an upload's bytes, sent to the storage",
}
_METHODS: Mapping[str, tuple[str, ...]] = {
    "downloads": ("GET", "HEAD"),
    "storage": ("POST",),
}
GROUPS: Mapping[str, str] = {
    "create": "any request that makes a task, which is what costs",
    "poll": "a GET of a task, or of a workflow's run",
}
_MAKE_TASKS = frozenset(("generate", "route", "run_workflow"))

Spots: TypeAlias = "frozenset[tuple[str, str]]"
"""Names and methods of operations."""


def spots(contract: Contract, place: str, method: str | None) -> Spots:
    """Return where a fault strikes.

    Raises:
        UsageError: for a place that there is not, or a method that nothing there takes; the
            message names the nearest.
    """
    method = None if method is None else method.upper()
    if place == EVERYWHERE:
        found = contract.operations
    elif place in BESIDE_THE_API:
        return _narrowed(place, [(place, each) for each in _METHODS[place]], method)
    elif place == "create":
        found = tuple(each for each in contract.operations if each.behaviour in _MAKE_TASKS)
    elif place == "poll":
        found = tuple(each for each in contract.operations if _is_poll(each))
    elif place in contract.names:
        found = contract.operation(place)
    else:
        known = (*GROUPS, *BESIDE_THE_API, *contract.names)
        raise UsageError(f"no operation {place!r}; {nearest(place, known)}")
    return _narrowed(place, [(each.name, each.method) for each in found], method)


def check_model(contract: Contract, model: str | None) -> None:
    """Refuse a model that there is not.

    Raises:
        UsageError: which names the nearest.
    """
    known = tuple(contract.document["x-runway-models"])
    if model is not None and model not in known:
        raise UsageError(f"no model {model!r}; {nearest(str(model), known)}")


def _is_poll(operation: Operation) -> bool:
    is_task = operation.behaviour == "get_task"
    return is_task or (operation.behaviour, operation.resource) == ("get", "workflow_invocations")


def _narrowed(place: str, found: Sequence[tuple[str, str]], method: str | None) -> Spots:
    kept = frozenset(spot for spot in found if method in (None, spot[1]))
    if not kept:
        valid = ", ".join(sorted({each for _, each in found}))
        raise UsageError(f"{place!r} has no method {method!r}; expected one of {valid}")
    return kept
