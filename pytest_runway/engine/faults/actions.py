"""What a fault does to the request that it strikes: values that print as one says them.

Each has a ``place``: it strikes before the request takes effect, or after; ``needs`` says what has
to be there for it to strike, ``remembers`` whether it has to know what was told before.
``strike`` returns what comes instead of the answer, None where nothing can.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias, get_args

from pytest_runway.engine.faults.garbling import GARBLE_KINDS, GARBLINGS, REMEMBERING, GarbleKind
from pytest_runway.engine.faults.places import BESIDE_THE_API
from pytest_runway.engine.replies import check_status, named_reply, phrase, planned_reply
from pytest_runway.engine.s3 import xml_error
from pytest_runway.errors import UsageError
from pytest_runway.suggesting import nearest
from pytest_runway.wire import BREAK_KINDS, Break, BreakKind, Reply

if TYPE_CHECKING:
    from pytest_runway.engine.faults.dooms import Doomed
    from pytest_runway.engine.faults.retry_after import RetryAfter
    from pytest_runway.engine.faults.scene import Scene

Place = Literal["before", "after"]
Loss = Literal["timeout", "reset", "502", "504"]
LOSSES: tuple[Loss, ...] = get_args(Loss)

_COMMITTED = "an answer that says yes, so that something was committed"


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer with a status, or with one of Runway's errors by its name in the contract.

    ``given`` is an answer of the test's own, with headers or a body that no text says.
    ``after_commit`` lets the request take effect first: what it asked for is done and billed.
    """

    remembers: ClassVar[bool] = False

    status: int | str
    retry_after: RetryAfter | None = None
    after_commit: bool = False
    given: Reply | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.status, str):
            check_status(self.status)

    @property
    def place(self) -> Place:
        """Whether it strikes before or after the request takes effect."""
        return "after" if self.after_commit else "before"

    @property
    def needs(self) -> str:
        """What has to be there for it to strike."""
        return _COMMITTED if self.after_commit else "any request"

    def strike(self, scene: Scene) -> Reply | None:
        """Return the answer; None where nothing was committed that it could hide."""
        if self.after_commit and not _has_committed(scene):
            return None
        reply = self.given or _runways_own(self.status, scene)
        if self.retry_after is None:
            return reply
        name, value = self.retry_after.header(scene.now_ms)
        kept = tuple(pair for pair in reply.headers if pair[0] != name)
        return Reply(reply.status, (*kept, (name, value)), reply.body)

    def __str__(self) -> str:
        words = [str(self.status)]
        words += ["after commit"] if self.after_commit else []
        words += [str(self.retry_after)] if self.retry_after is not None else []
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class Broken:
    """Break the connection: ``refuse``, ``hang``, ``reset``, ``cut`` or ``drip``.

    Raises:
        UsageError: for a kind that there is not, or a place where it cannot be.
    """

    remembers: ClassVar[bool] = False

    kind: BreakKind
    after_commit: bool = False

    def __post_init__(self) -> None:
        if self.kind not in BREAK_KINDS:
            raise UsageError(
                f"no such break: {self.kind!r}; expected one of {', '.join(BREAK_KINDS)}"
            )
        if self.after_commit and self.kind == "refuse":
            raise UsageError("a refused connection carries no request, so nothing is committed")
        if self.has_answer and not self.after_commit:
            # It has an answer to break: said or not, the request has taken effect by then.
            object.__setattr__(self, "after_commit", True)

    @property
    def has_answer(self) -> bool:
        """Whether it breaks an answer, and not the wait for one."""
        return self.kind in ("cut", "drip")

    @property
    def place(self) -> Place:
        """Whether it strikes before or after the request takes effect."""
        return "after" if self.after_commit else "before"

    @property
    def needs(self) -> str:
        """What has to be there for it to strike."""
        return _COMMITTED if self.after_commit and not self.has_answer else "any request"

    def strike(self, scene: Scene) -> Break | None:
        """Return the break; None where nothing was committed that it could hide."""
        if self.after_commit and not self.has_answer and not _has_committed(scene):
            return None
        return Break(self.kind, scene.reply)

    def __str__(self) -> str:
        hides = self.after_commit and not self.has_answer
        return f"break {self.kind}{' after commit' if hides else ''}"


@dataclass(frozen=True, slots=True)
class Lost:
    """Let the request take effect and be billed; its answer never arrives.

    ``by`` says how: the client's read timeout, a reset, or a gateway's 502 or 504.

    Raises:
        UsageError: for a way that there is not.
    """

    place: ClassVar[Place] = "after"
    needs: ClassVar[str] = _COMMITTED
    remembers: ClassVar[bool] = False

    by: Loss = "timeout"

    def __post_init__(self) -> None:
        if self.by not in LOSSES:
            raise UsageError(f"by={self.by!r} is not valid; expected one of {', '.join(LOSSES)}")

    def strike(self, scene: Scene) -> Reply | Break | None:
        """Return what comes instead; None where nothing was committed."""
        if not _has_committed(scene):
            return None
        if self.by == "timeout":
            return Break("hang", scene.reply)
        if self.by == "reset":
            return Break("reset", scene.reply)
        return _runways_own(int(self.by), scene)

    def __str__(self) -> str:
        return "lost reply" if self.by == "timeout" else f"lost reply by {self.by}"


@dataclass(frozen=True, slots=True)
class Garbled:
    """Answer 200 with something that is wrong; see ``GARBLINGS`` for the kinds.

    Raises:
        UsageError: for a kind that there is not.
    """

    place: ClassVar[Place] = "after"

    kind: GarbleKind

    def __post_init__(self) -> None:
        if self.kind not in GARBLINGS:
            raise UsageError(
                f"no such garbling: {self.kind!r}; {nearest(str(self.kind), GARBLE_KINDS)}"
            )

    @property
    def needs(self) -> str:
        """What has to be there for it to strike."""
        return GARBLINGS[self.kind].needs

    @property
    def remembers(self) -> bool:
        """Whether it has to know what was told before."""
        return self.kind in REMEMBERING

    def strike(self, scene: Scene) -> Reply | None:
        """Return the wrong answer; None where this one cannot go wrong in this way."""
        return GARBLINGS[self.kind].garble(scene)

    def __str__(self) -> str:
        return self.kind


@dataclass(frozen=True, slots=True)
class Untouched:
    """Let the request through: a step of a script, in which it is written as ``200``."""

    place: ClassVar[Place] = "before"
    needs: ClassVar[str] = "any request"
    remembers: ClassVar[bool] = False

    def strike(self, _: Scene) -> None:
        """Do nothing."""

    def __str__(self) -> str:
        return "200"


Action: TypeAlias = "Answer | Broken | Lost | Garbled | Doomed | Untouched"


def _has_committed(scene: Scene) -> bool:
    return scene.reply is not None and scene.reply.status < 300


def _runways_own(status: int | str, scene: Scene) -> Reply:
    if isinstance(status, str):
        return named_reply(scene.contract, status, scene.request, scene.model)
    if scene.operation in BESIDE_THE_API:
        return xml_error(status, phrase(status).replace(" ", ""), phrase(status))
    return planned_reply(scene.contract, status, operation=scene.operation)
