"""Parts of a story, told at given seconds: what a client asked, and what it was told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from tests.report.story import Story

Tell: TypeAlias = Callable[[Story], object]
UNEVEN = (6.117, 5.822, 6.371, 5.903, 6.228)


def tries(*pauses: float, status: int | None = 503, **more: Any) -> Tell:
    """A create that is refused again and again, with these pauses."""

    def tell(story: Story) -> None:
        at = [sum(pauses[:place]) for place in range(len(pauses) + 1)]
        story.refused(status, *at, **more)

    return tell


def polls(
    told: str | None, pauses: Sequence[float], *, first: str | None = "RUNNING", **more: Any
) -> Tell:
    """A poll that is told ``first`` at 6 s, then these pauses, each told the same."""

    def tell(story: Story) -> None:
        story.create()
        story.poll(first, 6, **more)
        for place in range(len(pauses)):
            story.poll(told, 6 + sum(pauses[: place + 1]), **more)

    return tell


def lost(*, again: float, flow: int = 1, first: int = 1, **more: Any) -> Tell:
    """A create in flow 1 whose answer is lost, and another in a flow, both of which go on."""

    def tell(story: Story) -> None:
        story.create(0, status=None, fault="lost", flow=first)
        story.create(again, flow=flow, **more)
        story.ask("GET", "/v1/organization", again, flow=1)
        story.ask("GET", "/v1/organization", again, flow=flow)

    return tell


def waited_for(*told: str | None, then: Tell) -> Tell:
    """A create whose task is polled every 6.1 s; then something else."""

    def tell(story: Story) -> None:
        story.create()
        for place, each in enumerate(told):
            story.poll(each, 6.1 * (place + 1))
        then(story)

    return tell


def reads(status: int, *at: float) -> Tell:
    def tell(story: Story) -> None:
        for each in at:
            story.ask("GET", "/v1/organization", each, status=status)

    return tell


def create_at(at: float, **more: Any) -> Tell:
    return lambda story: story.create(at, **more)


def delete_at(at: float) -> Tell:
    return lambda story: story.delete(at)


def both(*tells: Tell) -> Tell:
    return lambda story: [tell(story) for tell in tells]


def moderated(*, told: str | None = "FAILED", again: float, **more: Any) -> Tell:
    def tell(story: Story) -> None:
        from pytest_runway.engine.timeline import failed

        story.create()
        ending = failed(story.engine.contract, "SAFETY.INPUT.TEXT", None)
        story.engine.lifecycle.end(story.state.tasks[0], ending)
        story.poll(told, 6)
        story.create(again, **more)
        story.ask("GET", "/v1/organization", again, flow=more.get("flow", 1))

    return tell
