"""Findings in words: one line, or all that there is to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.report.catalogue import RULES

if TYPE_CHECKING:
    from pytest_runway.report.finding import Finding


def one_line(finding: Finding) -> str:
    """Return a finding as one line: level, rule, and what happened."""
    return f"{finding.level} {finding.rule}: {finding.message}"


def full_text(finding: Finding) -> str:
    """Return a finding as lines: what happened, why it matters, what to do, where to read."""
    rule = RULES[finding.rule]
    return (
        f"{one_line(finding)}\n"
        f"  why: {rule.why}\n"
        f"  do: {rule.advice}\n"
        f"  documented: {rule.documented} [{rule.mark}]\n"
        f"  read: {rule.source}"
    )
