"""The lines at the end of a run: what it did at Runway."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from pytest_runway.counting import counted
from pytest_runway.plugin.recording import cleaner_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_runway.fake import FakeRunway
    from pytest_runway.report.finding import Finding

# Reports carry it: under xdist that is how it travels from the workers.
ATTRIBUTE = "runway_numbers"
_NUMBERS = pytest.StashKey[dict[str, float]]()
_MOST_FINDINGS = 20


def hand_over(item: pytest.Item, fake: FakeRunway, findings: Sequence[Finding]) -> None:
    """Keep a test's numbers for its report, and name them for JUnit; nothing where all is zero."""
    numbers = fake.numbers()
    if not numbers["requests"] and not numbers["faults armed"]:
        return
    item.stash[_NUMBERS] = numbers
    item.user_properties += [
        *((f"runway.{name}", numbers[name]) for name in ("requests", "tasks", "credits")),
        ("runway.findings", ", ".join(sorted({finding.rule for finding in findings})) or "none"),
    ]


def attach(item: pytest.Item, report: pytest.TestReport) -> None:
    """Put a test's numbers on its last report."""
    numbers = item.stash.get(_NUMBERS, None)
    if numbers is not None:
        del item.stash[_NUMBERS]
        setattr(report, ATTRIBUTE, numbers)


class Summary:
    """Adds up the tests' numbers and prints them."""

    def __init__(self, config: pytest.Config) -> None:
        """Start at zero."""
        self._config = config
        self._totals: Counter[str] = Counter()
        self._found: dict[str, list[dict[str, Any]]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add the numbers that a report carries, and keep what was found."""
        numbers = getattr(report, ATTRIBUTE, None)
        if numbers is not None:
            self._add(numbers)
        found = getattr(report, "runway_findings", None)
        if found:
            self._found[report.nodeid] = found

    def _add(self, numbers: dict[str, Any]) -> None:
        self._totals["tests"] += 1
        self._totals.update(numbers)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the totals, where anything was asked of the fake."""
        totals = self._totals
        if not totals["tests"]:
            return
        terminalreporter.section("runway", sep="-")
        words = [_count(totals, name) for name in ("requests", "tasks", "credits")]
        words.append(f"{totals['faults fired']} of {totals['faults armed']} faults fired")
        minutes = totals["virtual seconds"] / 60
        words.append(f"{minutes:,.1f} virtual minutes")
        terminalreporter.line(f"{_count(totals, 'tests')}: {', '.join(words)}")
        watched = _watched(totals)
        if watched:
            terminalreporter.line(f"to watch: {', '.join(watched)}")
        if self._found:
            self._print_findings(terminalreporter)

    def _print_findings(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print a line for each finding under its test, as far as there is room for them."""
        counts = Counter(each["level"] for found in self._found.values() for each in found)
        tests = f"{len(self._found):,} test{'s' * (len(self._found) != 1)}"
        terminalreporter.line(f"found: {_levels(counts)} in {tests}")
        # Within a test errors come first; tests with errors come before those without.
        ordered = sorted(self._found.items(), key=lambda pair: pair[1][0]["level"] != "error")
        room = _MOST_FINDINGS
        clean = cleaner_of(self._config).clean
        for test, found in ordered:
            if not room:
                break
            terminalreporter.line(clean(test))
            for each in found[:room]:
                is_error = each["level"] == "error"
                text = f"  {each['level']} {each['rule']}: {each['message']}"
                terminalreporter.line(clean(text), red=is_error, yellow=not is_error)
                counts[each["level"]] -= 1
            room -= len(found[:room])
        if +counts:
            terminalreporter.line(f"… and {_levels(counts)} more")


def _watched(totals: Counter[str]) -> list[str]:
    """Return what the go-live checklist asks to be watched, as far as there was any."""
    names = [name for name in ("errors", "throttled tasks", "moderated tasks") if totals[name]]
    found = [_count(totals, name) for name in names]
    if totals["errors"]:
        found[0] += f" ({totals['errors'] / totals['requests']:.1%} of requests)"
    return found


def _levels(counts: Counter[str]) -> str:
    plural = Counter({f"{level}s": number for level, number in counts.items()})
    return ", ".join(_count(plural, name) for name in ("errors", "warnings") if plural[name])


def _count(totals: Counter[str], name: str) -> str:
    return counted(totals[name], name.removesuffix("s"))
