"""Faults of the wire, as a test arms them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from pytest_runway.durations import Duration, milliseconds
from pytest_runway.engine.faults import Fault, Place, PlannedBreak, PlannedReply
from pytest_runway.engine.replies import planned_reply
from pytest_runway.errors import UsageError
from pytest_runway.wire import BREAK_KINDS, Break, BreakKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

    from pytest_runway.contract import Contract
    from pytest_runway.engine.faults import Action, FaultPlan

Loss = Literal["timeout", "reset", "502", "504"]
LOSSES: tuple[Loss, ...] = get_args(Loss)


class On:
    """Where the next faults strike. Each call arms one more; they strike in that order."""

    def __init__(
        self,
        contract: Contract,
        plan: FaultPlan,
        operation: str,
        *,
        method: str | None = None,
        model: str | None = None,
        nth: int = 1,
    ) -> None:
        """Choose the requests; use ``runway.on(…)`` instead."""
        self._contract = contract
        self._plan = plan
        self._operation = operation
        self._method = _known_method(contract, operation, method)
        self._model = model
        self._nth = _at_least_one("nth", nth)
        self.faults: list[Fault] = []

    def reply(
        self,
        status: int,
        *,
        times: int = 1,
        retry_after: Duration | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        after_commit: bool = False,
    ) -> Self:
        """Answer with this status, in Runway's own body unless one is given.

        A ``str`` or ``bytes`` body goes out as it is, anything else as JSON. ``after_commit``
        lets the request take effect first: the task is created and billed, the answer is this.

        Raises:
            UsageError: for a status outside 200 to 599, or a duration or count that is none.
        """
        wait_ms = None if retry_after is None else milliseconds(retry_after)
        reply = planned_reply(
            self._contract,
            status,
            operation=self._operation,
            retry_after_ms=wait_ms,
            headers=headers,
            body=body,
        )
        place: Place = "after" if after_commit else "before"
        return self._arm(PlannedReply(reply), times, place, f"reply({status})")

    def loses_reply(self, *, times: int = 1, by: Loss = "timeout") -> Self:
        """Let the request take effect and be billed; its answer never arrives.

        ``by`` says how: the client's read timeout, a reset, or a gateway's 502 or 504.
        """
        if by not in LOSSES:
            raise UsageError(f"by={by!r} is not valid; expected one of {', '.join(LOSSES)}")
        action: Action
        if by == "timeout":
            action = PlannedBreak(Break("hang"))
        elif by == "reset":
            action = PlannedBreak(Break("reset"))
        else:
            action = PlannedReply(planned_reply(self._contract, int(by)))
        return self._arm(action, times, "after", f"loses_reply({by})")

    def breaks(self, kind: BreakKind, *, times: int = 1, after_commit: bool | None = None) -> Self:
        """Break the connection: ``refuse``, ``hang``, ``reset``, ``cut`` or ``drip``.

        A cut and a drip have an answer to send, so the request takes effect first; the others
        strike before that, unless ``after_commit`` says otherwise.
        """
        if kind not in BREAK_KINDS:
            raise UsageError(f"no such break: {kind!r}; expected one of {', '.join(BREAK_KINDS)}")
        has_answer = kind in ("cut", "drip")
        if after_commit is None:
            after_commit = has_answer
        if after_commit and kind == "refuse":
            raise UsageError("a refused connection carries no request, so nothing is committed")
        if has_answer and not after_commit:
            raise UsageError(f"a {kind} breaks an answer, so the request has taken effect by then")
        place: Place = "after" if after_commit else "before"
        return self._arm(PlannedBreak(Break(kind)), times, place, f"breaks({kind!r})")

    @property
    def fired(self) -> int:
        """How often the faults armed here have struck."""
        return sum(fault.fired for fault in self.faults)

    def _arm(self, action: Action, times: int, place: Place, name: str) -> Self:
        fault = Fault(
            action,
            operation=self._operation,
            method=self._method,
            model=self._model,
            nth=self._nth,
            times=_at_least_one("times", times),
            place=place,
            name=name,
        )
        self._plan.faults.append(fault)
        self.faults.append(fault)
        return self


def _known_method(contract: Contract, operation: str, method: str | None) -> str | None:
    if operation == "*":
        return None if method is None else method.upper()
    valid = [found.method for found in contract.operation(operation)]
    if method is not None and method.upper() not in valid:
        known = ", ".join(sorted(set(valid)))
        raise UsageError(f"{operation!r} has no method {method!r}; expected one of {known}")
    return None if method is None else method.upper()


def _at_least_one(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise UsageError(f"{name}={value!r} is not valid; expected a whole number of at least 1")
    return value
