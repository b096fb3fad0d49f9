"""Scripts are ones that the fake understands, and they print as one would write them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from hypothesis import find, given, settings
from hypothesis.vendor.pretty import pretty

from pytest_runway import FakeRunway, FaultPlan
from pytest_runway.strategies import Script, fault_plans, timelines

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def unchecked() -> Iterator[FakeRunway]:
    """A fake that does not mind what was armed and never struck."""
    runway = FakeRunway().start()
    try:
        yield runway
    finally:
        runway.stop()


@given(script=timelines())
@settings(max_examples=60, deadline=None)
def test_a_timeline_is_one_that_ends(script: Script) -> None:
    with unchecked() as runway:
        told = script.play(runway)
    assert told.timeline.ending is not None


@given(plan=fault_plans("image_to_video"))
@settings(max_examples=60, deadline=None)
def test_a_fault_plan_is_armed_and_need_not_strike(plan: FaultPlan) -> None:
    with FakeRunway(background_faults=plan) as runway:
        armed = [each.fault for each in runway.engine.state.faults.faults]
    assert tuple(armed) == plan.faults
    assert {fault.operation for fault in armed} == {"image_to_video"}


@given(script=timelines())
@settings(max_examples=60, deadline=None)
def test_a_script_prints_as_the_line_that_says_it(script: Script) -> None:
    assert pretty(script) == repr(script)
    with unchecked() as runway:
        told = eval(repr(script), {"runway": runway})  # noqa: S307 - that is the point
        again = script.play(runway)
    assert told.timeline == again.timeline


def test_the_simplest_scripts_are_the_usual_ones() -> None:
    quiet = settings(database=None)
    running = find(timelines(), lambda script: "running" in repr(script), settings=quiet)
    assert repr(running) == "runway.next_task.running('1s').succeeds()"
    assert str(find(fault_plans(), lambda _: True, settings=quiet)) == "429"


@given(plan=fault_plans("image_to_video"))
@settings(max_examples=40, deadline=None)
def test_a_plan_prints_as_the_line_that_makes_it(plan: FaultPlan) -> None:
    assert eval(pretty(plan), {"FaultPlan": FaultPlan}) == plan  # noqa: S307
