"""A whole run as reports see it: its records, what they add up to, and the rules they speak of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_runway.report.record import TestRecord


class Explained(Protocol):
    """A rule as reports show it; ``documented`` is what Runway says, and ``source`` where."""

    @property
    def meaning(self) -> str:
        """What the rule holds against a test."""

    @property
    def why(self) -> str:
        """Why that matters."""

    @property
    def documented(self) -> str:
        """What Runway's documentation says, or that it says nothing."""

    @property
    def source(self) -> str:
        """Where it says so, an address."""

    @property
    def advice(self) -> str:
        """What to do."""


@dataclass(frozen=True, slots=True)
class Run:
    """The tests of a run that were on a fake.

    ``rules`` explains findings by the rule's name; a rule that is not there is shown without.
    ``cut_short`` says why the run ended before its last test, where it did.
    """

    tests: Sequence[TestRecord]
    rules: Mapping[str, Explained] = field(default_factory=dict)
    cut_short: str | None = None

    def totals(self) -> dict[str, float]:
        """Return what the tests' numbers add up to, ``error rate`` (0 to 1) among them."""
        added: Counter[str] = Counter()
        for test in self.tests:
            added.update(test.numbers)
        requests = added["requests"]
        return {
            "tests": len(self.tests),
            "requests": requests,
            "tasks": added["tasks"],
            "credits": added["credits"],
            "errors": added["errors"],
            "error rate": round(added["errors"] / requests, 6) if requests else 0.0,
            "throttled tasks": added["throttled tasks"],
            "moderated tasks": added["moderated tasks"],
            "faults armed": added["faults armed"],
            "faults fired": added["faults fired"],
            "virtual seconds": round(added["virtual seconds"], 3),
        }

    def findings_by_rule(self) -> dict[str, int]:
        """Return how many findings each rule has: errors first, then by number, then by name."""
        found: Counter[tuple[str, str]] = Counter()
        for test in self.tests:
            found.update((finding.level, finding.rule) for finding in test.findings)
        errors = {rule for level, rule in found if level == "error"}
        by_rule: Counter[str] = Counter()
        for (_, rule), number in found.items():
            by_rule[rule] += number
        ordered = sorted(by_rule, key=lambda rule: (rule not in errors, -by_rule[rule], rule))
        return {rule: by_rule[rule] for rule in ordered}
