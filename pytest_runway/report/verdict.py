"""The verdict: the rules, run over what a fake has seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_runway.report.observed import Observed
from pytest_runway.report.rules import (
    asking,
    leaving,
    outputs,
    pausing,
    paying,
    polling,
    retrying,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_runway.engine.state import State
    from pytest_runway.report.finding import Finding, Level

    Find = Callable[[Observed], Iterator[Finding]]

# In the order in which findings of one level are told: what costs most comes first.
FINDERS: tuple[Find, ...] = (
    paying.double_charge,
    leaving.orphan_running,
    retrying.retried_moderation,
    retrying.retried_non_retryable,
    retrying.retry_after_ignored,
    retrying.retry_storm,
    leaving.poll_abandoned,
    polling.terminal_not_recognised,
    polling.poll_after_terminal,
    polling.unlimited_wait,
    asking.wrong_host,
    asking.missing_version_header,
    leaving.no_cancel_on_timeout,
    outputs.output_not_downloaded,
    outputs.output_expired_before_use,
    outputs.failure_text_exposed,
    polling.poll_too_fast,
    pausing.no_jitter,
    pausing.constant_interval,
    asking.deprecated_model,
    asking.data_uri_near_limit,
)

AT_THE_END = frozenset(
    {"orphan_running", "poll_abandoned", "no_cancel_on_timeout", "output_not_downloaded"}
)
"""The rules that judge what a test has not done by its end: what it may still do says nothing."""


def judge(
    state: State,
    *,
    levels: Mapping[str, Level] | None = None,
    shown: str = "",
    over: bool = True,
) -> tuple[Finding, ...]:
    """Return what the rules hold against a test, errors first.

    ``levels`` changes the level of rules by name; ``shown`` is what the test printed and logged.
    Where it is not ``over``, what it has left undone is not held against it.
    """
    if not state.journal.exchanges and not state.journal.transfers:
        return ()
    levels = levels or {}
    observed = Observed(state, shown=shown)
    found: list[Finding] = []
    for find in FINDERS:
        name = find.__name__
        level = levels.get(name)
        if level == "off" or (not over and name in AT_THE_END):
            continue
        here = find(observed)
        found += here if level is None else [replace(each, level=level) for each in here]
    found.sort(key=lambda finding: finding.level != "error")
    return tuple(found)
