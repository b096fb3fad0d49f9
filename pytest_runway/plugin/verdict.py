"""The verdict on a test: computed when its fake has stopped, shown, and failed for where asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_runway.fake import FakeRunway
    from pytest_runway.report.finding import Finding

MODES = ("show", "fail", "off")
SECTION = "what the fake Runway noticed"
_FINDINGS = pytest.StashKey[tuple["Finding", ...]]()
_SHOWN = pytest.StashKey[str]()
_HINT = (
    "To accept it here: @pytest.mark.runway(rules={{{name!r}: 'warning'}}), or 'off'; "
    "for all tests the ini key runway_rules."
)


def add(parser: pytest.Parser) -> None:
    """Add the option and the ini keys."""
    group = parser.getgroup("runway")
    says = "show what the rules find, fail tests for errors, or look for nothing (default: show)"
    group.addoption("--runway-verdict", metavar="show|fail|off", default=None, help=says)
    parser.addini("runway_verdict", says, default=None)
    parser.addini("runway_rules", "levels of rules, such as no_jitter = off", type="linelist")


def check(config: pytest.Config) -> None:
    """Refuse a mode, a rule or a level that there is not.

    Raises:
        pytest.UsageError: naming the valid ones.
    """
    mode(config)
    levels(config)


def mode(config: pytest.Config) -> str:
    """Return what becomes of findings: one of ``MODES``.

    Raises:
        pytest.UsageError: for another word.
    """
    said = getattr(config.option, "runway_verdict", None) or _ini(config, "runway_verdict")
    if not said:
        return MODES[0]
    if said not in MODES:
        valid = ", ".join(MODES)
        raise pytest.UsageError(f"--runway-verdict={said} is not valid; expected one of {valid}")
    return str(said)


def levels(config: pytest.Config) -> dict[str, str]:
    """Return the levels that the ini key ``runway_rules`` sets.

    Raises:
        pytest.UsageError: for a line that sets none, a rule or a level that there is not.
    """
    lines = _ini(config, "runway_rules")
    if not lines:
        return {}
    from pytest_runway.errors import UsageError
    from pytest_runway.report.catalogue import check_levels

    found = dict(map(_level, lines))
    try:
        check_levels(found)
    except UsageError as error:
        raise pytest.UsageError(f"runway_rules: {error}") from error
    return found


def merged(given: Sequence[Mapping[str, Any]]) -> Any:
    """Return the ``rules`` of several settings in one, those of the last on top.

    What is no mapping is returned as it is: whoever checks settings says so.
    """
    rules = [each["rules"] for each in given if each.get("rules") is not None]
    strange = [each for each in rules if not isinstance(each, Mapping)]
    return strange[0] if strange else {name: each[name] for each in rules for name in each}


def keep_what_is_shown(item: pytest.Item, report: pytest.TestReport) -> None:
    """Remember what a test printed and logged."""
    if report.when == "call" and report.sections and mode(item.config) != "off":
        item.stash[_SHOWN] = _shown(report)


def judge(item: pytest.Item, fake: FakeRunway, *, over: bool) -> None:
    """Judge a test by its fake, which has stopped. See ``findings``."""
    if mode(item.config) != "off":
        shown = item.stash.get(_SHOWN, "")
        item.stash[_FINDINGS] = fake.verdict(shown=shown, over=over).findings


def findings(item: pytest.Item) -> tuple[Finding, ...]:
    """Return what was found in a test, errors first; complete once its fake has stopped."""
    return item.stash.get(_FINDINGS, ())


def failures(item: pytest.Item) -> list[str]:
    """Return the text of each finding that fails a test, none unless that was asked for."""
    errors = [each for each in findings(item) if each.level == "error"]
    if not errors or mode(item.config) != "fail":
        return []
    from pytest_runway.report.telling import full_text

    texts = [f"{full_text(each)}\n  {_HINT.format(name=each.rule)}" for each in errors]
    return [text.replace("\n", "\n  ") for text in texts]


def describe(item: pytest.Item, fake: FakeRunway, report: pytest.TestReport) -> None:
    """Put what was found so far into the report of a failing test."""
    if mode(item.config) == "off":
        return
    found = fake.verdict(shown=_shown(report), over=False)
    if found:
        from pytest_runway.report.telling import full_text

        report.sections.append((SECTION, "\n".join(full_text(each) for each in found)))


def attach(item: pytest.Item, report: pytest.TestReport) -> None:
    """Let the findings travel with the last report of a test, from an xdist worker too."""
    if report.when == "teardown":
        found = findings(item)
        if found:
            # What stands in here is what xdist sends along.
            report.__dict__["runway_findings"] = [asdict(each) for each in found]


def _level(line: str) -> tuple[str, str]:
    name, _, level = map(str.strip, line.partition("="))
    if not (name and level):
        raise pytest.UsageError(
            f"runway_rules: {line!r} sets no level; write for example 'no_jitter = off'"
        )
    return name, level


def _shown(report: pytest.TestReport) -> str:
    return f"{report.capstdout}\n{report.capstderr}\n{report.caplog}"


def _ini(config: pytest.Config, name: str) -> Any:
    try:
        return config.getini(name)
    except (KeyError, ValueError):  # the fixture was imported, the plugin is not loaded
        return None
