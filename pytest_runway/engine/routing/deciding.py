"""Filters, one after the other, then a ranking: how a router comes to its model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_runway.engine.routing.translating import draft, operation_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from fractions import Fraction

    from pytest_runway.contract import Contract, Variant
    from pytest_runway.engine.resources.routers import Router
    from pytest_runway.engine.routing.translating import Draft

FILTERS = ("capability", "prompt_length", "input_support", "allow_deny", "price")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model, the body it would get, and what that costs."""

    variant: Variant
    draft: Draft
    issues: tuple[Any, ...]

    @property
    def model(self) -> str:
        """The model's name."""
        return self.variant.name

    @property
    def price(self) -> Fraction:
        """The credits of one output."""
        return self.estimate / max(1, self.variant.outputs(self.draft.body).count)

    @property
    def estimate(self) -> Fraction:
        """The credits of the whole request."""
        return self.variant.estimate(self.draft.body)


@dataclass(slots=True)
class Decision:
    """What a router decided, and how it came to it."""

    pool: list[Candidate]
    pipeline: list[dict[str, Any]] = field(default_factory=list)
    emptied_by: list[str] = field(default_factory=list)
    reason: str | None = None
    skipped: list[str] = field(default_factory=list)
    all_exhausted: bool = False

    @property
    def chosen(self) -> Candidate | None:
        """The model that won, None where none is eligible."""
        return self.pool[0] if self.pool else None


def decide(
    contract: Contract,
    router: Router,
    modality: str,
    asked: dict[str, Any],
    *,
    ranking: Sequence[str] = (),
    is_free: Callable[[Variant], bool] = lambda _: True,
) -> Decision:
    """Return the model that a router picks for an input, or what left none.

    ``ranking`` is the order that the test gives for latency and quality; ``is_free`` tells whether
    a model would start at once.
    """
    (operation,) = contract.operation(operation_for(modality, asked))
    decision = Decision([_candidate(modality, variant, asked) for variant in operation.variants])
    keeps: dict[str, Callable[[Candidate], bool]] = {
        "capability": _fits,
        "prompt_length": lambda each: not _about_prompt(each),
        "input_support": lambda each: not each.issues and not each.draft.missing,
        "allow_deny": lambda each: router.allows(each.model),
        "price": lambda each: _within(each, router.ceiling(modality)),
    }
    for name in FILTERS:
        decision.pool = [each for each in decision.pool if keeps[name](each)]
        models = [each.model for each in decision.pool]
        decision.pipeline.append({"type": "filter", "filter": name, "models": models})
        if not decision.pool:
            decision.emptied_by.append(name)
            return decision
    _rank(decision, router, ranking)
    if router.settings.get("fallback", {}).get("onCapacity"):
        _mind_capacity(decision, is_free)
    return decision


def _candidate(modality: str, variant: Variant, asked: dict[str, Any]) -> Candidate:
    made = draft(modality, variant, asked)
    return Candidate(variant, made, tuple(variant.check(made.body)))


def _fits(candidate: Candidate) -> bool:
    """Whether the model makes this kind of thing from these kinds of inputs."""
    kinds = ("referenceImages", "referenceVideos", "referenceAudio", "referenceAudios", "keyframes")
    return not any(each in kinds for each in candidate.draft.missing)


def _about_prompt(candidate: Candidate) -> bool:
    return any(issue["path"][:1] == ["promptText"] for issue in candidate.issues)


def _within(candidate: Candidate, ceiling: int | None) -> bool:
    return ceiling is None or candidate.price <= ceiling


def _rank(decision: Decision, router: Router, ranking: Sequence[str]) -> None:
    """Put the best first. Nothing is known of latency or quality: then the order stands, which
    is what the API says it does where ranking is unavailable."""
    goal = router.optimize_for
    if len(decision.pool) == 1:
        outcome, decision.reason = "single_candidate", "only_eligible_model"
    elif goal == "cost":
        decision.pool.sort(key=lambda each: each.estimate)
        outcome, decision.reason = "cost", "lowest_cost"
    elif any(each.model in ranking for each in decision.pool):
        places = {model: place for place, model in enumerate(ranking)}
        decision.pool.sort(key=lambda each: places.get(each.model, len(places)))
        outcome, decision.reason = "selected", f"best_{goal}"
    else:
        outcome, decision.reason = "fallback", "filter_order_fallback"
    decision.pipeline.append({"type": "rank", "outcome": outcome})


def _mind_capacity(decision: Decision, is_free: Callable[[Variant], bool]) -> None:
    """Pass over the models that are at their limit, unless all are (facts: SDK types)."""
    at_once = [each for each in decision.pool if is_free(each.variant)]
    if len(at_once) == len(decision.pool):
        return
    if at_once:
        first = decision.pool.index(at_once[0])
        decision.skipped = [each.model for each in decision.pool[:first]]
        if not decision.skipped:
            return
        decision.pool = at_once
    else:
        decision.all_exhausted = True
    step = {
        "type": "capacity",
        "skipped": decision.skipped,
        "allExhausted": decision.all_exhausted,
    }
    decision.pipeline.insert(-1, step)
