"""``runway.verdict()``: what it holds, what it asserts, how it is set."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_runway import FakeRunway
from pytest_runway.errors import UsageError
from pytest_runway.report.catalogue import RULES
from pytest_runway.report.verdict import AT_THE_END, FINDERS
from tests.report.clients import client, create, created, poll, verdict_on, wait

if TYPE_CHECKING:
    from pytest_runway.fake.verdict import Verdict

PAGE = Path(__file__).parents[2] / "docs" / "verdict.md"
ERRORS = {
    "double_charge",
    "retried_non_retryable",
    "retried_moderation",
    "retry_after_ignored",
    "retry_storm",
    "poll_after_terminal",
    "terminal_not_recognised",
    "poll_abandoned",
    "orphan_running",
    "wrong_host",
    "missing_version_header",
    "unlimited_wait",
}
WARNINGS = {
    "no_jitter",
    "poll_too_fast",
    "constant_interval",
    "no_cancel_on_timeout",
    "output_not_downloaded",
    "output_expired_before_use",
    "failure_text_exposed",
    "deprecated_model",
    "data_uri_near_limit",
}


def left_and_not_downloaded(**settings: object) -> Verdict:
    def play(runway: FakeRunway) -> None:
        http = client(runway)
        wait(http, created(http))
        created(http, promptText="another")

    return verdict_on(play, **settings)


def test_the_rules_and_their_levels() -> None:
    assert {name for name, rule in RULES.items() if rule.level == "error"} == ERRORS
    assert {name for name, rule in RULES.items() if rule.level == "warning"} == WARNINGS


def test_every_rule_has_one_who_looks_for_it_and_an_assertion() -> None:
    from pytest_runway.fake.verdict import Verdict

    assert sorted(find.__name__ for find in FINDERS) == sorted(RULES)
    assert all(hasattr(Verdict, f"assert_no_{name}") for name in RULES)
    assert RULES.keys() >= AT_THE_END


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_every_rule_says_why_what_to_do_and_where_to_read(rule: object) -> None:
    texts = {name: getattr(rule, name) for name in ("why", "documented", "advice", "meaning")}
    assert all(texts.values()), texts
    assert getattr(rule, "source").startswith("https://")  # noqa: B009 - any rule
    assert getattr(rule, "mark") in ("D", "W", "I")  # noqa: B009 - any rule


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_is_on_the_page(name: str) -> None:
    assert f"| `{name}` |" in PAGE.read_text("utf-8")


def test_errors_come_first() -> None:
    verdict = left_and_not_downloaded()
    assert [each.level for each in verdict] == ["error", "warning"]
    assert [each.rule for each in verdict.errors] == ["orphan_running"]
    assert [each.rule for each in verdict.warnings] == ["output_not_downloaded"]
    assert verdict.findings == (verdict[0], verdict[1]) == verdict[:]
    assert "orphan_running" in repr(verdict)


def test_levels_are_set_by_rule() -> None:
    rules = {"orphan_running": "off", "output_not_downloaded": "error"}
    (finding,) = left_and_not_downloaded(rules=rules)
    assert (finding.rule, finding.level) == ("output_not_downloaded", "error")


def test_a_warning_that_is_made_an_error_comes_first() -> None:
    rules = {"orphan_running": "warning", "output_not_downloaded": "error"}
    verdict = left_and_not_downloaded(rules=rules)
    assert [each.rule for each in verdict] == ["output_not_downloaded", "orphan_running"]


def test_an_assertion_says_all_that_there_is_to_say() -> None:
    verdict = left_and_not_downloaded()
    with pytest.raises(AssertionError) as caught:
        verdict.assert_no_orphan_running()
    said = str(caught.value)
    assert said.startswith("error orphan_running: the test ended at ")
    for line in ("\n  why: ", "\n  do: ", "\n  documented: ", "\n  read: https://docs.dev."):
        assert line in said
    assert "output_not_downloaded" not in said


def test_an_assertion_about_something_else_passes() -> None:
    verdict = left_and_not_downloaded()
    verdict.assert_no_double_charge()
    verdict.assert_none("double_charge", "retry_storm")


def test_assertions_about_several() -> None:
    verdict = left_and_not_downloaded()
    with pytest.raises(AssertionError, match="orphan_running"):
        verdict.assert_no_errors()
    with pytest.raises(AssertionError, match=r"(?s)orphan_running.*output_not_downloaded"):
        verdict.assert_none()
    with pytest.raises(AssertionError, match="output_not_downloaded"):
        verdict.assert_none("double_charge", "output_not_downloaded")


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_assertion_is_about_its_own_rule(name: str) -> None:
    from pytest_runway.fake.verdict import Verdict
    from pytest_runway.report.finding import Finding

    verdict = Verdict([Finding(name, RULES[name].level, "it happened")])
    for other in RULES:
        check = getattr(verdict, f"assert_no_{other}")
        if other != name:
            check()
            continue
        with pytest.raises(AssertionError, match=f"{name}: it happened"):
            check()


def test_a_rule_that_there_is_not_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"no rule 'dubble_charge'; did you mean 'double_charge'"):
        left_and_not_downloaded().assert_none("dubble_charge")
    with pytest.raises(UsageError, match=r"no_jitter: no level 'silent'; expected one of error, "):
        FakeRunway(rules={"no_jitter": "silent"})  # type: ignore[dict-item]
    with pytest.raises(UsageError, match=r"rules=\['no_jitter'\] is not valid; expected a mapping"):
        FakeRunway(rules=["no_jitter"])  # type: ignore[arg-type]


def test_nothing_asked_nothing_found() -> None:
    assert not verdict_on(lambda _: None)


def test_inside_the_test_it_judges_what_happened_so_far() -> None:
    with FakeRunway() as runway:
        http = client(runway)
        id_ = created(http)
        assert [finding.rule for finding in runway.verdict()] == ["orphan_running"]
        assert not runway.verdict(over=False)
        wait(http, id_)
        assert [finding.rule for finding in runway.verdict()] == ["output_not_downloaded"]


def test_the_account_of_a_test_is_its_own() -> None:
    with FakeRunway() as outer:
        created(client(outer))
        with FakeRunway() as inner:
            create(client(inner), duration=5)
        inner.verdict().assert_no_double_charge()
    outer.verdict().assert_no_double_charge()


def test_a_wait_is_judged_by_the_flow_that_waits() -> None:
    """A test may look at a task as often as it likes while time stands still."""

    def play(runway: FakeRunway) -> None:
        http = client(runway)
        id_ = created(http)
        task = wait(http, id_)
        for _ in range(10):
            assert poll(http, id_) == task
        time.sleep(5.7)
        poll(http, id_)

    verdict = verdict_on(play)
    assert not verdict.errors
    assert [finding.rule for finding in verdict.warnings] == ["output_not_downloaded"]
