"""The page as text: what it holds, and what it may not hold."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_runway.report.finding import Finding
from pytest_runway.report.html import render
from tests.report.big import REQUESTS, TESTS, big_run
from tests.report.records import lost_reply, named, polled, quiet, run

HOSTILE = [
    "t.py::test_it[</script><script>alert(1)</script>]",
    "t.py::test_it[<!--<script>]",
    't.py::test_it["\' onclick=alert(1) x="]',
    "t.py::test_it[&lt;b&gt;]",
    "t.py::test_it[{{ 7 * 7 }}{% for %}]",
    "t.py::test_it[✓ ナイト \U0001f3ac e\u0301 \u0627\u0644]",
    "t.py::test_it[\u2028\u2029\\]",
]


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def page(*tests: object, cut_short: str | None = None) -> str:
    return render(run(*tests, cut_short=cut_short)).decode()  # type: ignore[arg-type]


ORDINARY = [tag for tag, _ in Tags(page(named(lost_reply(), "t.py::test_it[x]"))).tags]


def test_the_same_records_give_the_same_bytes() -> None:
    tests = (lost_reply(), polled(30), quiet())
    assert render(run(*tests)) == render(run(*tests))


def test_findings_stand_in_the_page_with_why_and_what_to_do() -> None:
    text = " ".join(Tags(page(lost_reply())).text.split())
    assert "a second task was created for an intent that had one" in text
    assert "Whoever asks again without knowing" in text
    assert "Nothing tells Runway that a second create" in text
    assert "Make the client for creates with max_retries=0." in text
    assert "tests/test_clips.py::test_a_lost_answer, at 0 s to 0.5 s, 25 credits" in text
    assert "0.000 s #1 POST /v1/image_to_video -> 504" in text
    assert "0.500 s #2 POST /v1/image_to_video -> 200 (task 2, gen4_turbo, retry of #1)" in text


def test_a_rule_that_nobody_explains_is_shown_without() -> None:
    finding = Finding("new_rule", "error", "something is wrong")
    text = Tags(page(replace(quiet(), findings=(finding,)))).text
    assert "new_rule" in text
    assert "something is wrong" in text


def test_the_totals_stand_at_the_top() -> None:
    text = " ".join(Tags(page(lost_reply(), polled(5))).text.split())
    assert "tests2 requests12 tasks3 credits90 of requests failed25.0%" in text
    assert "virtual time1 m 12 s findings2" in text


def test_a_run_that_was_cut_short_says_so() -> None:
    assert "The run was interrupted" in page(quiet(), cut_short="the run was interrupted")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text(name: str) -> None:
    hostile = page(named(lost_reply(), name))
    tags = Tags(hostile)
    assert [tag for tag, _ in tags.tags] == ORDINARY
    assert name.partition("::")[2] in tags.text
    assert not any(key.startswith("on") for _, attributes in tags.tags for key in attributes)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_name_stays_text(name: str) -> None:
    tags = Tags(page(named(lost_reply(), f"t.py::{name}")))
    assert [tag for tag, _ in tags.tags] == ORDINARY
    assert "\n".join(name.splitlines()) in "\n".join(tags.text.splitlines())


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--<script>"])
def test_a_hostile_message_stays_text(text: str) -> None:
    record = lost_reply()
    hostile = replace(
        record,
        problems=(text,),
        findings=(replace(record.findings[0], message=text),),
        requests=(replace(record.requests[0], path=text, error=text),),
    )
    harmless = replace(hostile, problems=("x",), findings=(record.findings[0],))
    tags = [tag for tag, _ in Tags(page(hostile)).tags]
    assert tags == [tag for tag, _ in Tags(page(harmless)).tags]


def test_the_page_loads_nothing_and_runs_nothing_but_its_own() -> None:
    tags = Tags(page(lost_reply())).tags
    policy = next(
        str(attributes["content"])
        for tag, attributes in tags
        if tag == "meta" and "content-security-policy" in str(attributes.get("http-equiv")).lower()
    )
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]{44}'; script-src 'sha256-[\w+/=]{44}'; "
        r"base-uri 'none'; form-action 'none'",
        policy,
    )
    assert not [tag for tag, _ in tags if tag in ("link", "img", "iframe", "object", "base")]
    for tag, attributes in tags:
        assert "src" not in attributes, tag
        assert "style" not in attributes, tag
        if tag != "a":
            assert "href" not in attributes, tag


def test_the_keyboard_reaches_everything_in_the_order_of_the_page() -> None:
    tags = Tags(page(lost_reply())).tags
    assert tags[[tag for tag, _ in tags].index("body") + 1] == (
        "a",
        {"class": "skip", "href": "#tests"},
    )
    order = [str(attributes.get("tabindex", "0")) for _, attributes in tags]
    assert set(order) <= {"0", "-1"}
    labels = [tag for tag, _ in tags if tag == "label"]
    fields = [tag for tag, _ in tags if tag in ("input", "select")]
    assert len(labels) == len(fields) == 4


def test_a_finding_of_a_hundred_requests_shows_some_and_counts_the_rest() -> None:
    text = Tags(page(polled(100))).text
    assert "… and 94 more" in text


def test_of_many_findings_some_are_shown_and_the_rest_is_counted() -> None:
    tests = [polled(1, f"t.py::test_{n:03}") for n in range(250)]
    assert "… and 50 more, each in its test below." in Tags(page(*tests)).text


def test_the_page_of_a_big_run_is_small() -> None:
    run_ = big_run()
    assert sum(len(test.requests) for test in run_.tests) == TESTS * REQUESTS == 100_000
    assert len(render(run_)) < 5_000_000
