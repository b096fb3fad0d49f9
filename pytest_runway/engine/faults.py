"""Faults of the wire: planned, placed, counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from pytest_runway.contract import Operation
    from pytest_runway.wire import Break, Reply

Place = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class PlannedReply:
    """Answer with this instead."""

    reply: Reply

    def __str__(self) -> str:
        return f"reply {self.reply.status}"


@dataclass(frozen=True, slots=True)
class PlannedBreak:
    """Break the connection like this instead of answering."""

    kind: Break

    def __str__(self) -> str:
        return f"break {self.kind.kind}"


Action: TypeAlias = "PlannedReply | PlannedBreak"


@dataclass(slots=True)
class Fault:
    """One planned fault: where it strikes, how often, and how often it has.

    ``operation`` is a name or ``"*"``. It strikes from the ``nth`` matching request on, ``times``
    times; ``place`` says whether before the engine looks at the request, or after it has
    committed what the request asked for.
    """

    action: Action
    operation: str
    method: str | None = None
    model: str | None = None
    nth: int = 1
    times: int = 1
    place: Place = "before"
    name: str = ""
    matched: int = 0
    fired: int = 0

    def matches(self, operation: Operation, method: str, model: str | None) -> bool:
        """Whether a request is of the kind that this fault waits for."""
        return (
            self.operation in ("*", operation.name)
            and (self.method is None or self.method == method)
            and (self.model is None or self.model == model)
        )

    def __str__(self) -> str:
        where = f"on({self.operation!r}"
        where += f", method={self.method!r}" if self.method else ""
        where += f", model={self.model!r}" if self.model else ""
        where += f", nth={self.nth}" if self.nth != 1 else ""
        return f"{where}) {self.name or self.action}"


@dataclass(slots=True)
class FaultPlan:
    """All faults of one fake, in the order in which they were armed."""

    faults: list[Fault] = field(default_factory=list)

    def strike(self, operation: Operation, method: str, model: str | None) -> Fault | None:
        """Return the fault that strikes this request, counted, or None.

        One request is struck by one fault at most: the first armed that is not used up. Every
        fault that waits for its nth request counts the request.
        """
        struck: Fault | None = None
        for fault in self.faults:
            if fault.fired >= fault.times or not fault.matches(operation, method, model):
                continue
            fault.matched += 1
            if struck is None and fault.matched >= fault.nth:
                fault.fired += 1
                struck = fault
        return struck

    @property
    def never_fired(self) -> tuple[Fault, ...]:
        """The faults that were armed and never struck."""
        return tuple(fault for fault in self.faults if not fault.fired)
