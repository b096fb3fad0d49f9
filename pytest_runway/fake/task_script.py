"""The life of the next task, as a test writes it down."""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pytest_runway.durations import Duration, milliseconds
from pytest_runway.engine.timeline import (
    BY_HAND,
    DEFAULT_PHASES,
    DEFAULT_TIMELINE,
    LIVE_STATUSES,
    OUTPUT_FAULTS,
    SUCCESS,
    Ending,
    LiveStatus,
    OutputFault,
    Phase,
    Timeline,
    failed,
)
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

    from pytest_runway.contract import Contract

_Say = TypeVar("_Say", bound="Callable[..., TaskScript]")


def _step(say: _Say) -> _Say:
    """Withdraw a script of which a step is refused: no task is to live by half of one."""

    @wraps(say)
    def said(self: TaskScript, *args: Any, **kwargs: Any) -> TaskScript:
        try:
            return say(self, *args, **kwargs)
        except UsageError:
            self.withdraw(self)
            raise

    return cast("_Say", said)


class TaskScript:
    """What the next task that is created will go through.

    Phases come in the order THROTTLED and PENDING (either may return to the other), then RUNNING;
    each lasts for a duration of virtual time or for a number of polls. Then comes one ending.
    Without phases it has the default ones, without an ending it succeeds.
    """

    def __init__(
        self, contract: Contract, withdraw: Callable[[TaskScript], None] = lambda _: None
    ) -> None:
        """Start with nothing said; ``withdraw`` takes the script back from whoever waits for it."""
        self._contract = contract
        self.withdraw = withdraw
        self._phases: list[Phase] = []
        self._ended: Timeline | None = None

    @_step
    def throttled(self, duration: Duration | None = None, *, polls: int | None = None) -> Self:
        """Be THROTTLED for so long, or for so many polls."""
        return self._phase("THROTTLED", duration, polls)

    @_step
    def pending(self, duration: Duration | None = None, *, polls: int | None = None) -> Self:
        """Be PENDING for so long, or for so many polls."""
        return self._phase("PENDING", duration, polls)

    @_step
    def running(self, duration: Duration | None = None, *, polls: int | None = None) -> Self:
        """Be RUNNING, with growing progress, for so long or for so many polls."""
        return self._phase("RUNNING", duration, polls)

    @_step
    def succeeds(self, *, output: OutputFault | None = None) -> Self:
        """End as SUCCEEDED, with files to download; ``output`` says what is wrong with them.

        ``expired``: the first links are old, those of the next GET are good. ``forbidden``: 403.
        ``truncated``: half a file. ``cut``: the connection is gone in the middle. ``empty``: no
        bytes. ``html``: a web page, with status 200. ``wrong_type``: the file, as
        ``application/octet-stream``. ``slow``: a little every second.

        Raises:
            UsageError: for a fault of outputs that there is not; the message lists them.
        """
        if output is None:
            return self._end(SUCCESS)
        if output not in OUTPUT_FAULTS:
            known = ", ".join(OUTPUT_FAULTS)
            raise UsageError(f"output={output!r} is not valid; expected one of {known}")
        return self._end(Ending("SUCCEEDED", output=output))

    @_step
    def fails(
        self,
        code: str | None = "INTERNAL",
        *,
        failure: str | None = None,
        null_code: bool = False,
    ) -> Self:
        """End as FAILED with a failure code, and its text unless another is given.

        ``None`` leaves ``failureCode`` out, and with ``null_code`` it is there as null: Runway has
        been seen to do both.

        Raises:
            UsageError: for a code that the contract does not know; the message lists them.
        """
        if null_code and code not in ("INTERNAL", None):
            raise UsageError(f"null_code=True is for a failure without a code, got {code!r}")
        ending = failed(self._contract, None if null_code else code, failure)
        return self._end(replace(ending, shows_null=null_code))

    @_step
    def cancelled(self) -> Self:
        """End as CANCELLED, as when somebody cancels it elsewhere; it stays so."""
        return self._end(Ending("CANCELLED"))

    @_step
    def sticks(self, status: LiveStatus) -> Self:
        """Reach a live status and never leave it."""
        if status not in LIVE_STATUSES:
            valid = ", ".join(LIVE_STATUSES)
            raise UsageError(f"a task cannot stick in {status!r}; expected one of {valid}")
        phases = self._phases
        if not phases:
            phases = [p for p in DEFAULT_PHASES if p.status != status and status == "RUNNING"]
        return self._close(Timeline((*phases, Phase(status)), None))

    @_step
    def by_hand(self) -> Self:
        """Stay PENDING until the test moves it: ``runway.tasks[0].run()``, ``.succeed()``, …"""
        if self._phases:
            raise UsageError("by_hand() takes no phases: the test moves the task itself")
        return self._close(BY_HAND)

    @property
    def timeline(self) -> Timeline:
        """The script as the engine reads it."""
        if self._ended is not None:
            return self._ended
        return Timeline(tuple(self._phases), SUCCESS) if self._phases else DEFAULT_TIMELINE

    def __repr__(self) -> str:
        words = [f".{phase.status.lower()}({_extent(phase)})" for phase in self.timeline.phases]
        ending = self.timeline.ending
        words.append(f" -> {ending.status} {ending.code or ''}".rstrip() if ending else " -> …")
        return "next_task" + "".join(words)

    def _phase(self, status: LiveStatus, duration: Duration | None, polls: int | None) -> Self:
        self._refuse_more(f"{status.lower()}()")
        if (duration is None) == (polls is None):
            raise UsageError(
                f"{status.lower()}() takes either a duration or polls=…; "
                f'for example {status.lower()}("30s") or {status.lower()}(polls=3)'
            )
        if status != "RUNNING" and any(phase.status == "RUNNING" for phase in self._phases):
            raise UsageError(f"a task that was RUNNING is never {status} again; reorder the phases")
        if polls is not None and (isinstance(polls, bool) or polls < 1):
            raise UsageError(f"polls={polls!r} is not valid; expected a whole number of at least 1")
        ms = None if duration is None else milliseconds(duration)
        self._phases.append(Phase(status, ms=ms, polls=polls))
        return self

    def _end(self, ending: Ending) -> Self:
        self._refuse_more(f"an ending ({ending.status})")
        return self._close(Timeline(tuple(self._phases) or DEFAULT_PHASES, ending))

    def _close(self, timeline: Timeline) -> Self:
        self._refuse_more("another ending")
        self._ended = timeline
        return self

    def _refuse_more(self, what: str) -> None:
        if self._ended is not None:
            raise UsageError(
                f"this task's script has ended already, {what} cannot follow; "
                "each use of runway.next_task scripts one more task"
            )


def _extent(phase: Phase) -> str:
    if phase.polls is not None:
        return f"polls={phase.polls}"
    return "" if phase.ms is None else f"{phase.ms / 1000:g}s"
