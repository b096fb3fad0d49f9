"""Findings as annotations of GitHub Actions: they stand beside the test in the changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_runway.report.record import TestRecord


def github(tests: Iterable[tuple[str, int, TestRecord]]) -> list[str]:
    """Return the workflow commands for tests, each with its file (relative) and line.

    Errors come first, for GitHub shows ten of a kind and drops the rest.
    """
    errors: list[str] = []
    warnings: list[str] = []
    for path, line, record in tests:
        for finding in record.findings:
            message = f"{record.test}: {finding.message}"
            said = _command(finding.level, path, line, finding.rule, message)
            (errors if finding.level == "error" else warnings).append(said)
        for problem in record.problems:
            message = f"{record.test}: {problem}"
            errors.append(_command("error", path, line, "pytest-runway noticed", message))
    return errors + warnings


def _command(level: str, path: str, line: int, title: str, message: str) -> str:
    said = {"file": path, "line": str(line), "title": title}
    properties = ",".join(f"{name}={_property(value)}" for name, value in said.items())
    return f"::{level} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
