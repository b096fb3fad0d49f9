"""Faults of the wire, as a test arms them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.durations import Duration, milliseconds
from pytest_runway.engine.faults import Fault
from pytest_runway.engine.faults.actions import Answer, Broken, Garbled, Loss, Lost, Untouched
from pytest_runway.engine.faults.dooms import Doomed
from pytest_runway.engine.faults.places import check_model, spots
from pytest_runway.engine.faults.plan import check_count, ppm
from pytest_runway.engine.faults.retry_after import RetryAfter, RetryAfterForm
from pytest_runway.engine.replies import check_status, planned_reply
from pytest_runway.errors import UsageError
from pytest_runway.fake.arming import arm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

    from pytest_runway.contract import Contract
    from pytest_runway.engine.faults import ArmedFault
    from pytest_runway.engine.faults.actions import Action
    from pytest_runway.engine.faults.garbling import GarbleKind
    from pytest_runway.fake.visiting import Visit
    from pytest_runway.wire import BreakKind, Reply


class On:
    """Where the next faults strike. Each call arms one more; they strike in that order.

    All take ``times`` (once, unless a chance or a window says otherwise), ``chance`` (0.05 is one
    request in twenty, by the seed), and a window of virtual time: from ``starts`` after now, and
    for as long as it ``lasts``.
    """

    def __init__(
        self,
        contract: Contract,
        visit: Visit,
        operation: str,
        *,
        method: str | None = None,
        model: str | None = None,
        nth: int = 1,
    ) -> None:
        """Choose the requests; use ``runway.on(…)`` instead."""
        spots(contract, operation, method)
        check_model(contract, model)
        check_count("nth", nth)
        self._contract = contract
        self._visit = visit
        self._where: dict[str, Any] = {
            "operation": operation,
            "method": None if method is None else method.upper(),
            "model": model,
            "nth": nth,
        }
        self.faults: list[ArmedFault] = []

    def reply(
        self,
        status: int | str,
        *,
        times: int | None = None,
        retry_after: Duration | None = None,
        retry_after_as: RetryAfterForm = "seconds",
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        after_commit: bool = False,
        chance: float | None = None,
        starts: Duration = 0,
        lasts: Duration | None = None,
    ) -> Self:
        """Answer with this status, in Runway's own body unless one is given.

        The status may be the name of one of Runway's errors, such as ``"not_enough_credits"``. A
        ``str`` or ``bytes`` body goes out as it is, anything else as JSON. ``after_commit`` lets
        the request take effect first: the task is created and billed, the answer is this.
        ``retry_after_as`` sends ``retry_after`` as ``seconds``, ``milliseconds``, ``date``, or as
        the ``text`` that it is.

        Raises:
            UsageError: for a status outside 200 to 599, an error that there is not, or a duration
                or count that is none.
        """
        wait = None if retry_after is None else RetryAfter.of(retry_after, retry_after_as)
        given = self._given(status, headers, body)
        action = Answer(status, wait, after_commit, given)
        return self._arm(f"reply({status})", action, times, chance, starts, lasts)

    def replies(self, *steps: int | str, strict: bool = False) -> Self:
        """Answer one request after the other with these.

        A step is a status or anything else that a fault plan says, such as ``"break reset"``;
        200 lets the request through. With ``strict`` there must be exactly as many requests: one
        more, or one less, fails the test.

        Raises:
            UsageError: for a step that is none, or where no step does anything.
        """
        fault = Fault(steps=tuple(map(_step, steps)), exactly=strict, **self._where)
        said = ", ".join(map(repr, steps))
        return self._add(fault, f"replies({said}{', strict=True' if strict else ''})")

    def loses_reply(
        self,
        *,
        times: int | None = None,
        by: Loss | int = "timeout",
        chance: float | None = None,
        starts: Duration = 0,
        lasts: Duration | None = None,
    ) -> Self:
        """Let the request take effect and be billed; its answer never arrives.

        ``by`` says how: the client's read timeout, a reset, or a gateway's 502 or 504. A request
        that is refused has no effect and is not struck.
        """
        way: Any = str(by) if isinstance(by, int) else by
        return self._arm(f"loses_reply({way})", Lost(way), times, chance, starts, lasts)

    def breaks(
        self,
        kind: BreakKind,
        *,
        times: int | None = None,
        after_commit: bool | None = None,
        chance: float | None = None,
        starts: Duration = 0,
        lasts: Duration | None = None,
    ) -> Self:
        """Break the connection: ``refuse``, ``hang``, ``reset``, ``cut`` or ``drip``.

        A cut and a drip have an answer to send, so the request takes effect first; the others
        strike before that, unless ``after_commit`` says otherwise.
        """
        action = Broken(kind, bool(after_commit))
        if action.has_answer and after_commit is False:
            raise UsageError(f"a {kind} breaks an answer, so the request has taken effect by then")
        return self._arm(f"breaks({kind!r})", action, times, chance, starts, lasts)

    def garbles(
        self,
        kind: GarbleKind,
        *,
        times: int | None = None,
        chance: float | None = None,
        starts: Duration = 0,
        lasts: Duration | None = None,
    ) -> Self:
        """Answer 200 with something that is wrong; the request takes effect.

        ``html``, ``empty``, ``truncated``, ``missing_field``; and of polls ``unknown_status``,
        ``backwards``, ``stale``, ``percent`` and ``no_output``. One that has nothing to garble
        waits for the next request.

        Raises:
            UsageError: for a kind that there is not; the message names the nearest.
        """
        return self._arm(f"garbles({kind!r})", Garbled(kind), times, chance, starts, lasts)

    def dooms(
        self,
        life: str,
        *,
        times: int | None = None,
        chance: float | None = None,
        starts: Duration = 0,
        lasts: Duration | None = None,
    ) -> Self:
        """Let the tasks that are made here go wrong, unless the test has scripted them.

        ``life`` is what a fault plan says: ``"fails ASSET.INVALID"``, ``"cancelled"``,
        ``"sticks RUNNING"``, ``"throttled 10m"`` or ``"output expired"``.

        Raises:
            UsageError: for a life that there is not, or a place where no tasks are made.
        """
        action = _step(life)
        if not isinstance(action, Doomed):
            raise UsageError(f"{life!r} is nothing that a task goes through; use reply() and so on")
        return self._arm(f"dooms({life!r})", action, times, chance, starts, lasts)

    @property
    def fired(self) -> int:
        """How often the faults armed here have struck."""
        return sum(fault.fired for fault in self.faults)

    def _given(
        self, status: int | str, headers: Mapping[str, str] | None, body: Any
    ) -> Reply | None:
        if isinstance(status, str):
            if status.isdecimal():
                check_status(status)
            self._contract.check_error(status)
            if headers is None and body is None:
                return None
            raise UsageError("one of Runway's errors has its own body; give headers with a status")
        if headers is None and body is None and status != 200:
            return None
        return planned_reply(
            self._contract,
            status,
            operation=self._where["operation"],
            headers=headers,
            body=body,
        )

    def _arm(
        self,
        name: str,
        action: Action,
        times: int | None,
        chance: float | None,
        starts: Duration,
        lasts: Duration | None,
    ) -> Self:
        is_open = chance is not None or lasts is not None
        fault = Fault(
            steps=(action,),
            times=1 if times is None and not is_open else times,
            chance_ppm=None if chance is None else ppm(chance),
            starts_ms=milliseconds(starts),
            lasts_ms=None if lasts is None else milliseconds(lasts),
            **self._where,
        )
        return self._add(fault, name)

    def _add(self, fault: Fault, name: str) -> Self:
        with self._visit() as engine:
            self.faults.append(arm(self._contract, engine.state, fault, name=name))
        return self


def _step(said: int | str) -> Action:
    if said == 200:
        return Untouched()
    if isinstance(said, int):
        return Answer(said)
    from pytest_runway.engine.faults.grammar import parse_step

    return parse_step(said)
