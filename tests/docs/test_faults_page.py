"""The page on faults names every kind that there is, as the code has it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from pytest_runway import FakeRunway, FaultPlan
from pytest_runway.engine.faults import grammar
from pytest_runway.engine.faults.actions import LOSSES
from pytest_runway.engine.faults.garbling import GARBLE_KINDS
from pytest_runway.engine.faults.places import BESIDE_THE_API, GROUPS
from pytest_runway.wire import BREAK_KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "faults.md").read_text("utf-8")
KINDS = PAGE.partition("## Retry-After")[0]
ROWS = re.findall(r"^\| `(\.\w+\(.*\))` \| `([^`]+)` \|", KINDS, re.MULTILINE)


@pytest.mark.parametrize(("call", "text"), ROWS)
def test_a_call_and_the_line_of_a_plan_beside_it_are_the_same_fault(call: str, text: str) -> None:
    runway = FakeRunway().start()
    try:
        said: Any = eval(f"runway.on('*'){call}", {"runway": runway})  # noqa: S307 - our own page
        (armed,) = said.faults
    finally:
        runway.stop()
    assert FaultPlan((armed.fault,)) == FaultPlan.parse(text)


def test_every_kind_has_a_row() -> None:
    texts = {text for _, text in ROWS}
    assert {*GARBLE_KINDS, *(f"break {kind}" for kind in BREAK_KINDS)} <= texts
    assert all(f"`{way}`" in PAGE or f"by {way}" in PAGE for way in LOSSES if way != "timeout")
    assert all(f'`"{place}"`' in PAGE for place in (*GROUPS, *BESIDE_THE_API))


def test_the_grammar_is_the_one_of_the_code() -> None:
    stated = re.search(r"```text\n(plan    = .*?)```", PAGE, re.DOTALL)
    assert stated is not None
    assert grammar.__doc__ is not None
    of_the_code = [line.strip() for line in grammar.__doc__.splitlines()[2:] if line.strip()]
    assert [line.strip() for line in stated[1].splitlines()] == of_the_code
