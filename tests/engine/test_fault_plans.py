"""Fault plans: what a text says, what it prints, and what is wrong with one that says nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_runway import FaultPlan
from pytest_runway.contract import load
from pytest_runway.engine.faults import Fault
from pytest_runway.engine.faults.actions import Answer, Broken, Garbled, Lost, Untouched
from pytest_runway.engine.faults.places import BESIDE_THE_API, GROUPS
from pytest_runway.engine.faults.retry_after import RetryAfter
from pytest_runway.errors import UsageError

SECOND, MINUTE = 1_000, 60_000


def fault(*steps: Any, **more: Any) -> Fault:
    return Fault(steps=steps, **more)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("429", fault(Answer(429))),
        ("429: 3", fault(Answer(429), times=3)),
        ("429: always", fault(Answer(429), times=None)),
        ("429: 5%", fault(Answer(429), chance_ppm=50_000, times=None)),
        ("429: 0.25% up to 2", fault(Answer(429), chance_ppm=2_500, times=2)),
        ("429 retry-after 3s", fault(Answer(429, RetryAfter("seconds", 3 * SECOND)))),
        ("429 retry-after-ms 1500ms", fault(Answer(429, RetryAfter("milliseconds", 1_500)))),
        ("503 retry-after date 2m", fault(Answer(503, RetryAfter("date", 2 * MINUTE)))),
        ('429 retry-after "-1"', fault(Answer(429, RetryAfter("text", text="-1")))),
        (
            '429 retry-after "a, b: \\"c\\""',
            fault(Answer(429, RetryAfter("text", text='a, b: "c"'))),
        ),
        ("500 after commit", fault(Answer(500, after_commit=True))),
        ("not_enough_credits on create", fault(Answer("not_enough_credits"), operation="create")),
        ("break reset on tasks", fault(Broken("reset"), operation="tasks")),
        ("break hang after commit", fault(Broken("hang", after_commit=True))),
        ("break cut on poll: 2", fault(Broken("cut"), operation="poll", times=2)),
        ("lost reply", fault(Lost())),
        ("lost reply by 502 on create", fault(Lost("502"), operation="create")),
        ("html on organization", fault(Garbled("html"), operation="organization")),
        (
            "503 on GET tasks of gen4.5#2",
            fault(Answer(503), operation="tasks", method="GET", model="gen4.5", nth=2),
        ),
        ("503 on *#3", fault(Answer(503), nth=3)),
        ("503 for 2m", fault(Answer(503), lasts_ms=2 * MINUTE, times=None)),
        (
            "503 from 10m for 90s: 4",
            fault(Answer(503), starts_ms=10 * MINUTE, lasts_ms=90 * SECOND, times=4),
        ),
        (
            "429 then break reset then 200 on create exactly",
            fault(Answer(429), Broken("reset"), Untouched(), operation="create", exactly=True),
        ),
        ("503 on downloads", fault(Answer(503), operation="downloads")),
    ],
)
def test_a_text_says_one_fault_and_the_fault_prints_it(text: str, meant: Fault) -> None:
    assert FaultPlan.parse(text).faults == (meant,)
    assert str(FaultPlan((meant,))) == text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("", ""),
        (" ,; \n", ""),
        ("429:5%,503 on create:2", "429: 5%, 503 on create: 2"),
        ("429\n503\r\n504", "429, 503, 504"),
        ("429; 503,", "429, 503"),
        ("break reset on tasks: 1", "break reset on tasks"),
        ("lost reply on image_to_video#1", "lost reply on image_to_video"),
        ("lost reply by timeout", "lost reply"),
        ("503 for 120s from 60000ms", "503 from 1m for 2m"),
        ("503 on get tasks # 2", "503 on GET tasks#2"),
        ("break drip after commit", "break drip"),
        ("503 from 0s on *", "503"),
        ("0429 then 0200", "429 then 200"),
    ],
)
def test_what_can_be_said_in_two_ways_prints_in_one(text: str, printed: str) -> None:
    assert str(FaultPlan.parse(text)) == printed


@pytest.mark.parametrize(
    ("text", "at", "why"),
    [
        ("429: 5%, 503 on craete: 2", 17, "no operation 'craete'; did you mean 'create'?"),
        ("503 on POST tasks", 13, "'tasks' has no method 'POST'; expected one of DELETE, GET"),
        ("503 on tasks of gen5", 17, "no model 'gen5'; did you mean 'gen4.5'"),
        ("503 on", 7, "expected an operation, got the end"),
        ("503 on tasks on poll", 14, "expected each clause once, got another 'on'"),
        ("503 on tasks#0", 14, "expected a whole number of at least 1, got '0'"),
        ("503: x", 6, "expected a count, a chance such as 5%, or always, got 'x'"),
        ("503: 0", 6, "expected a count"),
        ("503: 0%", 6, "expected a chance above 0% and up to 100%, got '0'"),
        ("503: 101%", 6, "expected a chance above 0% and up to 100%, got '101'"),
        ("503: nan%", 6, "expected a chance"),
        ("503: 5% up 2", 12, "expected 'to', got '2'"),
        ("503: 2 3", 8, "expected 'on', 'from', 'for', 'exactly', 'then', ':', ',', got '3'"),
        ("503, 99", 6, "expected a status of 200 to 599, got '99'"),
        ("reset", 1, "got 'reset'; did you mean 'break reset'?"),
        ("htlm on tasks", 1, "got 'htlm'; did you mean 'html'?"),
        ("not_enough_credit", 1, "did you mean 'not_enough_credits'?"),
        ("break rest", 7, "expected a break, got 'rest'; did you mean 'reset'"),
        ("break refuse after commit", 7, "a refused connection carries no request"),
        ("lost replies", 6, "expected 'reply', got 'replies'"),
        ("lost reply by 503", 15, "expected a way, got '503'; did you mean '504'"),
        ("500 after", 10, "expected 'commit', got the end"),
        ("503 retry-after soon", 17, "expected a duration such as 500ms, 30s, 2m or 24h, got"),
        ('503 retry-after "a', 17, "Unterminated string"),
        ('503 retry-after "\\n"', 17, "cannot stand in a header"),
        ("503 for 0s", 1, "a fault that lasts no time never strikes"),
        ("200 then 200", 1, "a script of nothing but 200 strikes nothing"),
        ("503 exactly: 5%", 1, "exactly so many needs a count"),
        ("503 exactly: always", 1, "exactly so many needs a count"),
        ("503 for 2m exactly", 1, "exactly so many needs a count"),
        ("503 then", 9, "expected an action such as 429, break reset, lost reply or html, got the"),
        (": 5", 1, "expected an action"),
    ],
)
def test_what_says_no_plan_is_refused_with_the_place_and_what_was_expected(
    text: str, at: int, why: str
) -> None:
    with pytest.raises(UsageError) as raised:
        FaultPlan.parse(text)
    said = str(raised.value)
    assert said.startswith(f"the fault plan {text!r} is wrong at character {at}: ")
    assert why in said


@pytest.mark.parametrize("text", [None, 429, b"429", ["429"]])
def test_what_is_no_text_is_no_plan(text: Any) -> None:
    with pytest.raises(UsageError, match="not a fault plan"):
        FaultPlan.parse(text)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"chance_ppm": 0}, "a chance of 0% is not valid"),
        ({"chance_ppm": 1_000_001}, "a chance of 100.0001% is not valid"),
        ({"nth": 0}, "nth=0 is not valid"),
        ({"times": True}, "times=True is not valid"),
        ({"steps": ()}, "nothing but 200"),
    ],
)
def test_a_fault_that_could_never_strike_is_no_value(said: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        Fault(**{"steps": (Answer(429),), **said})


# Every fault that there is, drawn here and not by the strategies that we give away.

CONTRACT = load()
WAITS = st.one_of(
    st.none(),
    st.builds(
        RetryAfter,
        st.sampled_from(["seconds", "milliseconds", "date"]),
        st.integers(0, 10**13),
    ),
    st.from_regex(r"\A[!-~]([ -~]{0,8}[!-~])?\Z").map(lambda text: RetryAfter("text", text=text)),
)
ACTIONS: st.SearchStrategy[Any] = st.one_of(
    st.builds(
        Answer,
        st.one_of(
            st.integers(201, 599), st.sampled_from(sorted(CONTRACT.document["x-runway-errors"]))
        ),
        WAITS,
        st.booleans(),
    ),
    st.builds(Broken, st.sampled_from(["refuse", "hang", "reset", "cut", "drip"])),
    st.builds(Broken, st.sampled_from(["hang", "reset"]), st.just(True)),
    st.builds(Lost, st.sampled_from(["timeout", "reset", "502", "504"])),
    st.builds(Garbled, st.sampled_from(["html", "empty", "stale", "percent", "no_output"])),
)


@st.composite
def faults(draw: st.DrawFn) -> Fault:
    steps = draw(st.lists(ACTIONS | st.just(Untouched()), max_size=2))
    place = draw(st.sampled_from(("*", *GROUPS, *BESIDE_THE_API, *CONTRACT.names)))
    chance = draw(st.none() | st.integers(1, 1_000_000))
    times = draw(st.none() | st.integers(1, 10**6))
    return Fault(
        steps=(draw(ACTIONS), *steps),
        operation=place,
        method=draw(st.sampled_from((None, "GET"))) if place in ("*", "tasks", "voices") else None,
        model=draw(st.sampled_from((None, *CONTRACT.document["x-runway-models"]))),
        nth=draw(st.integers(1, 1000)),
        times=times,
        chance_ppm=chance,
        starts_ms=draw(st.integers(0, 10**12)),
        lasts_ms=draw(st.none() | st.integers(1, 10**12)),
        exactly=chance is None and times is not None and draw(st.booleans()),
    )


@given(st.lists(faults(), max_size=4))
def test_a_plan_that_is_printed_and_parsed_is_the_same_plan(drawn: list[Fault]) -> None:
    plan = FaultPlan(tuple(drawn))
    again = FaultPlan.parse(str(plan))
    assert again == plan
    assert hash(again) == hash(plan)
    assert str(again) == str(plan)


@given(st.text() | st.text(alphabet='429503: %,;#\n"onfrtasklybe*'))
def test_any_text_is_a_plan_or_a_usage_error(text: str) -> None:
    try:
        plan = FaultPlan.parse(text)
    except UsageError as error:
        assert json.dumps(text)[1:-1] in json.dumps(str(error)) or repr(text) in str(error)  # noqa: PT017
    else:
        assert FaultPlan.parse(str(plan)) == plan
