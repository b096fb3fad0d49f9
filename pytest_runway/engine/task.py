"""A task: what Runway makes of an accepted generation, and what GET says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_runway.engine.encoding import credits_on_the_wire, iso_timestamp

if TYPE_CHECKING:
    from fractions import Fraction

    from pytest_runway.contract import Output
    from pytest_runway.engine.resources.workflows import Workflow
    from pytest_runway.engine.timeline import Ending, Phase, Status, Timeline

# Facts §4.3: seen on the wire are 0.02, 0.45, 0.9; 1 would be a finished task.
_LEAST_PROGRESS, _MOST_PROGRESS = 0.02, 0.98


@dataclass(slots=True, eq=False)
class Task:
    """One task. Times are Unix milliseconds; ``number`` counts from 1 in order of creation.

    With a ``workflow`` it is a run of that, and has no model.
    """

    id: str
    number: int
    operation: str
    model: str | None
    request_body: Any
    created_ms: int
    timeline: Timeline
    estimate: Fraction
    cost: Fraction
    output: Output
    tier_group: str | None = None
    key: str | None = None
    workflow: Workflow | None = None
    status: Status = "PENDING"
    history: list[tuple[int, Status]] = field(default_factory=list)
    ending: Ending | None = None
    charged: int = 0
    deleted: bool = False
    scripted: bool = False
    holds_slot: bool = False
    phase_index: int = -1
    phase_since_ms: int = 0
    polls_in_phase: int = 0
    polls_since_end: int = 0
    output_fault_met: bool = False
    progress_by_hand: float | None = None
    # Raised whenever the task leaves its plan, so that what was scheduled before is void.
    epoch: int = 0

    @property
    def is_final(self) -> bool:
        """Whether the status never changes again."""
        return self.status in ("SUCCEEDED", "FAILED", "CANCELLED")

    @property
    def phase(self) -> Phase | None:
        """The phase the task is in, or None before the first and after the last."""
        phases = self.timeline.phases
        return phases[self.phase_index] if 0 <= self.phase_index < len(phases) else None

    def progress(self, now_ms: int) -> float:
        """Return how far a RUNNING task says it is: between 0.02 and 0.98, two decimals."""
        if self.progress_by_hand is not None:
            return self.progress_by_hand
        phase = self.phase
        done = 0.5
        if phase is not None and phase.ms:
            done = (now_ms - self.phase_since_ms) / phase.ms
        elif phase is not None and phase.polls:
            done = self.polls_in_phase / (phase.polls + 1)
        return round(min(max(done, _LEAST_PROGRESS), _MOST_PROGRESS), 2)

    def body(self, now_ms: int, outputs: list[str]) -> dict[str, Any]:
        """Return GET's answer, key for key and in the order seen on the wire (facts §4.1)."""
        body: dict[str, Any] = {
            "id": self.id,
            "createdAt": iso_timestamp(self.created_ms),
            "status": self.status,
        }
        if not self.is_final:
            if self.status == "RUNNING":
                body["progress"] = self.progress(now_ms)
            body["estimatedCost"] = {"credits": credits_on_the_wire(self.estimate)}
            return body
        if self.status == "SUCCEEDED":
            body["output"] = outputs
        elif self.status == "FAILED" and self.ending is not None:
            body["failure"] = self.ending.failure
            if self.ending.code is not None or self.ending.shows_null:
                body["failureCode"] = self.ending.code
        body["cost"] = {"credits": self.charged}
        return body
