"""The verdict as a test sees it: ``runway.verdict()``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from pytest_runway.report.catalogue import check_levels
from pytest_runway.report.telling import full_text, one_line

if TYPE_CHECKING:
    from pytest_runway.report.finding import Finding


class Verdict(Sequence["Finding"]):
    """What the rules hold against what happened so far, errors first.

    Each ``assert_no_…`` is about one rule, whatever its level, and raises ``AssertionError`` with
    all that is to be said of what was found. A rule that is off finds nothing.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        """Hold these findings."""
        self.findings = tuple(findings)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that are errors."""
        return tuple(finding for finding in self.findings if finding.level == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that are warnings."""
        return tuple(finding for finding in self.findings if finding.level == "warning")

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
        """Return one finding, or several."""
        return self.findings[index]

    def __len__(self) -> int:
        """Return how many findings there are."""
        return len(self.findings)

    def __repr__(self) -> str:
        if not self.findings:
            return "<Verdict: nothing found>"
        lines = "".join(f"\n  {one_line(finding)}" for finding in self.findings)
        return f"<Verdict: {len(self)} found>{lines}"

    def assert_no_errors(self) -> None:
        """Fail where a rule found an error."""
        _fail_for(self.errors)

    def assert_none(self, *rules: str) -> None:
        """Fail where one of these rules found something; without any, where any rule did.

        Raises:
            UsageError: for a rule that there is not.
        """
        check_levels(dict.fromkeys(rules, "error"))
        _fail_for([each for each in self.findings if not rules or each.rule in rules])

    def assert_no_double_charge(self) -> None:
        """Fail where a second task was created for an intent that had one."""
        self.assert_none("double_charge")

    def assert_no_retried_non_retryable(self) -> None:
        """Fail where a request that was refused for good was sent again as it was."""
        self.assert_none("retried_non_retryable")

    def assert_no_retried_moderation(self) -> None:
        """Fail where an input that was moderated was sent again."""
        self.assert_none("retried_moderation")

    def assert_no_retry_after_ignored(self) -> None:
        """Fail where a request was sent again before the time that the answer asked for."""
        self.assert_none("retry_after_ignored")

    def assert_no_retry_storm(self) -> None:
        """Fail where a request that failed was sent again and again, with hardly a pause."""
        self.assert_none("retry_storm")

    def assert_no_poll_after_terminal(self) -> None:
        """Fail where a task was polled on after the client had seen it end."""
        self.assert_none("poll_after_terminal")

    def assert_no_terminal_not_recognised(self) -> None:
        """Fail where a client waited on for a task whose terminal status it had been told."""
        self.assert_none("terminal_not_recognised")

    def assert_no_poll_abandoned(self) -> None:
        """Fail where a passing error ended the wait for a task that ran on."""
        self.assert_none("poll_abandoned")

    def assert_no_orphan_running(self) -> None:
        """Fail where the test ended while a task that the client knows of was still going."""
        self.assert_none("orphan_running")

    def assert_no_wrong_host(self) -> None:
        """Fail where a request went to a host that is not the API's."""
        self.assert_none("wrong_host")

    def assert_no_missing_version_header(self) -> None:
        """Fail where a request had no X-Runway-Version header."""
        self.assert_none("missing_version_header")

    def assert_no_unlimited_wait(self) -> None:
        """Fail where a task was waited for without any limit."""
        self.assert_none("unlimited_wait")

    def assert_no_no_jitter(self) -> None:
        """Fail where pauses were exactly regular."""
        self.assert_none("no_jitter")

    def assert_no_poll_too_fast(self) -> None:
        """Fail where a task was polled more often than every 5 seconds."""
        self.assert_none("poll_too_fast")

    def assert_no_constant_interval(self) -> None:
        """Fail where the pauses between failures did not grow."""
        self.assert_none("constant_interval")

    def assert_no_no_cancel_on_timeout(self) -> None:
        """Fail where a wait was given up and the task was not cancelled."""
        self.assert_none("no_cancel_on_timeout")

    def assert_no_output_not_downloaded(self) -> None:
        """Fail where a task succeeded and nobody fetched its output."""
        self.assert_none("output_not_downloaded")

    def assert_no_output_expired_before_use(self) -> None:
        """Fail where an output was asked for when its link had expired, and never fetched."""
        self.assert_none("output_expired_before_use")

    def assert_no_failure_text_exposed(self) -> None:
        """Fail where the failure text of a task came out in what the test printed or logged."""
        self.assert_none("failure_text_exposed")

    def assert_no_deprecated_model(self) -> None:
        """Fail where a model was asked for that is retired."""
        self.assert_none("deprecated_model")

    def assert_no_data_uri_near_limit(self) -> None:
        """Fail where a data URI was close to the largest that is accepted."""
        self.assert_none("data_uri_near_limit")


def _fail_for(findings: Sequence[Finding]) -> None:
    if findings:
        raise AssertionError("\n".join(full_text(finding) for finding in findings))
