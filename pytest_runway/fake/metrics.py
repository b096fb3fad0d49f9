"""What Runway's go-live checklist asks to be watched: ``runway.metrics``."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from pytest_runway.engine.moderation import is_moderation

if TYPE_CHECKING:
    from pytest_runway.engine.state import State

_HELP = {
    "requests": ("counter", "Requests that reached the API."),
    "errors": ("counter", "Requests that were answered with 400 or more, or not at all."),
    "tasks": ("counter", "Tasks that were created."),
    "throttled_tasks": ("counter", "Tasks that had to wait for the tier's concurrency."),
    "moderated_tasks": ("counter", "Tasks that failed because something was moderated."),
    "failed_tasks": ("counter", "Tasks that failed, moderated ones among them."),
    "credits_charged": ("gauge", "Credits that were taken and not given back."),
    "credits_refunded": ("counter", "Credits that were given back."),
    "error_rate": ("gauge", "Errors by requests."),
    "moderation_rate": ("gauge", "Moderated tasks by tasks."),
}


@dataclass(frozen=True, slots=True)
class Metrics:
    """What happened at Runway so far, counted. Rates are between 0 and 1."""

    requests: int
    errors: int
    tasks: int
    throttled_tasks: int
    moderated_tasks: int
    failed_tasks: int
    credits_charged: int
    credits_refunded: int

    @classmethod
    def of(cls, state: State) -> Metrics:
        """Return the metrics of what a fake has seen."""
        exchanges, tasks = state.journal.exchanges, state.tasks
        failed = [task for task in tasks if task.status == "FAILED"]
        return cls(
            requests=len(exchanges),
            errors=sum(each.status is None or each.status >= 400 for each in exchanges),
            tasks=len(tasks),
            throttled_tasks=sum(
                any(status == "THROTTLED" for _, status in task.history) for task in tasks
            ),
            moderated_tasks=sum(
                is_moderation(task.ending.code if task.ending else None) for task in failed
            ),
            failed_tasks=len(failed),
            credits_charged=state.ledger.charged,
            credits_refunded=sum(
                entry.credits for entry in state.ledger.entries if entry.kind == "refund"
            ),
        )

    @property
    def error_rate(self) -> float:
        """Errors by requests; 0 where there were none."""
        return self.errors / self.requests if self.requests else 0.0

    @property
    def moderation_rate(self) -> float:
        """Moderated tasks by tasks; 0 where there were none."""
        return self.moderated_tasks / self.tasks if self.tasks else 0.0

    def openmetrics(self) -> str:
        """Return the metrics as OpenMetrics text, as monitoring systems read it."""
        values: dict[str, float] = {
            **asdict(self),
            "error_rate": self.error_rate,
            "moderation_rate": self.moderation_rate,
        }
        lines = []
        for name, (kind, says) in _HELP.items():
            family = f"runway_{name}"
            sample = f"{family}_total" if kind == "counter" else family
            lines += [
                f"# TYPE {family} {kind}",
                f"# HELP {family} {says}",
                f"{sample} {values[name]}",
            ]
        return "\n".join([*lines, "# EOF", ""])
