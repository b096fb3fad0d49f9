"""How a task's life goes: phases by time or by polls, then an ending."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, get_args

if TYPE_CHECKING:
    from pytest_runway.contract import Contract

LiveStatus = Literal["THROTTLED", "PENDING", "RUNNING"]
FinalStatus = Literal["SUCCEEDED", "FAILED", "CANCELLED"]
Status = Literal["THROTTLED", "PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"]

OutputFault = Literal[
    "expired", "forbidden", "truncated", "empty", "html", "wrong_type", "slow", "cut"
]
OUTPUT_FAULTS: tuple[OutputFault, ...] = get_args(OutputFault)

LIVE_STATUSES: tuple[LiveStatus, ...] = get_args(LiveStatus)


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a task's life in one live status.

    It ends after ``ms`` of virtual time, or once ``polls`` GETs have seen it; where both are
    None it does not end by itself.
    """

    status: LiveStatus
    ms: int | None = None
    polls: int | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a task ends. ``code`` and ``failure`` belong to FAILED; None leaves the key out.

    ``shows_null`` sends ``failureCode`` as null where there is none (seen, facts §4.6).

    ``output`` belongs to SUCCEEDED: what is wrong with the files, None where nothing is.
    """

    status: FinalStatus
    code: str | None = None
    failure: str = ""
    output: OutputFault | None = None
    shows_null: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """Phases in order, then the ending; without an ending the last phase stays."""

    phases: tuple[Phase, ...]
    ending: Ending | None


class Scripted(Protocol):
    """Somebody who says, once a task is created, how its life will go."""

    @property
    def timeline(self) -> Timeline:
        """The timeline, complete."""


SUCCESS = Ending("SUCCEEDED")


def failed(contract: Contract, code: str | None, failure: str | None) -> Ending:
    """Return a FAILED ending with the contract's text for its code, unless another is given.

    Raises:
        UsageError: for a code that the contract does not know; the message lists them.
    """
    known = contract.failure("INTERNAL" if code is None else code)
    return Ending("FAILED", code, known.failure if failure is None else failure)


# Short on purpose: each poll costs the SDK's floor in real time, so long lives are asked for.
DEFAULT_PHASES = (Phase("PENDING", ms=5_000), Phase("RUNNING", ms=10_000))
DEFAULT_TIMELINE = Timeline(DEFAULT_PHASES, SUCCESS)
BY_HAND = Timeline((Phase("PENDING"),), None)
