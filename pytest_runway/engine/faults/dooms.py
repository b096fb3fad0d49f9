"""What becomes of the task that a request makes: the one kind of fault that the answer hides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from pytest_runway.contract import load
from pytest_runway.durations import as_text, milliseconds
from pytest_runway.engine.timeline import (
    DEFAULT_PHASES,
    LIVE_STATUSES,
    OUTPUT_FAULTS,
    SUCCESS,
    Ending,
    Phase,
    Timeline,
    failed,
)
from pytest_runway.errors import UsageError
from pytest_runway.suggesting import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_runway.engine.faults.scene import Scene
    from pytest_runway.wire import Reply

Doom = Literal["fails", "cancelled", "sticks", "throttled", "output"]
DOOMS: tuple[Doom, ...] = get_args(Doom)


@dataclass(frozen=True, slots=True)
class Doomed:
    """Answer as Runway does, and let the task that the request made go wrong.

    ``detail`` is the code of a failure (``null`` and ``codeless`` are none, the first said as
    such), the status in which it sticks, how long it is throttled, or what is wrong with its
    files.

    Raises:
        UsageError: for a code, a status, a duration or a wrong output that there is not.
    """

    place: ClassVar[Literal["after"]] = "after"
    needs: ClassVar[str] = "a request that makes a task which no script of the test has"
    remembers: ClassVar[bool] = False

    doom: Doom
    detail: str = ""

    def __post_init__(self) -> None:
        if self.doom not in DOOMS:
            raise UsageError(f"no such end of a task: {self.doom!r}; {nearest(self.doom, DOOMS)}")
        if self.doom == "fails" and not self.detail:
            object.__setattr__(self, "detail", "INTERNAL")
        if self.doom == "throttled":
            object.__setattr__(self, "detail", as_text(milliseconds(self.detail)))
        _ = self.timeline  # which refuses what there is not

    @property
    def timeline(self) -> Timeline:
        """How the task's life goes."""
        return _LIVES[self.doom](self.detail)

    def strike(self, scene: Scene) -> Reply | None:
        """Return the honest answer: it is the task that was struck, when it was made."""
        return scene.reply

    def __str__(self) -> str:
        return f"{self.doom} {self.detail}".rstrip()


def _fails(detail: str) -> Timeline:
    code = None if detail in ("null", "codeless") else detail
    ending = failed(load(), code, None)
    return Timeline(DEFAULT_PHASES, replace(ending, shows_null=detail == "null"))


def _cancelled(detail: str) -> Timeline:
    if detail:
        raise UsageError(f"a task is cancelled, and nothing more: {detail!r}")
    return Timeline(DEFAULT_PHASES, Ending("CANCELLED"))


def _sticks(detail: str) -> Timeline:
    status = _one_of("a live status", detail, LIVE_STATUSES)
    before = DEFAULT_PHASES[:1] if status == "RUNNING" else ()
    return Timeline((*before, Phase(status)), None)


def _throttled(detail: str) -> Timeline:
    phase = Phase("THROTTLED", ms=milliseconds(detail))
    return Timeline((phase, *DEFAULT_PHASES), SUCCESS)


def _output(detail: str) -> Timeline:
    wrong = _one_of("what is wrong with an output", detail, OUTPUT_FAULTS)
    return Timeline(DEFAULT_PHASES, Ending("SUCCEEDED", output=wrong))


def _one_of(what: str, detail: str, known: tuple[str, ...]) -> Any:
    if detail not in known:
        raise UsageError(f"expected {what}, got {detail!r}; {nearest(detail, known)}")
    return detail


_LIVES: Mapping[Doom, Callable[[str], Timeline]] = {
    "fails": _fails,
    "cancelled": _cancelled,
    "sticks": _sticks,
    "throttled": _throttled,
    "output": _output,
}
