"""Faults that are armed: what each waits for, and how often it has struck."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_runway.engine.faults.actions import Untouched
from pytest_runway.engine.faults.dooms import Doomed
from pytest_runway.engine.faults.places import check_model, spots
from pytest_runway.engine.faults.plan import MILLION
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_runway.contract import Contract
    from pytest_runway.engine.faults.actions import Action
    from pytest_runway.engine.faults.places import Spots
    from pytest_runway.engine.faults.plan import Fault
    from pytest_runway.engine.faults.scene import Scene
    from pytest_runway.wire import Break, Reply


def spots_of(contract: Contract, fault: Fault) -> Spots:
    """Return where a fault strikes; one that dooms tasks strikes where they are made.

    Raises:
        UsageError: for a place that there is not, or one where it could never strike.
    """
    found = spots(contract, fault.operation, fault.method)
    if not any(isinstance(step, Doomed) for step in fault.steps):
        return found
    making = found & spots(contract, "create", None)
    if not making:
        raise UsageError(
            f"{fault.where!r} makes no task that could go wrong; expected 'create', or an "
            "operation such as 'image_to_video'"
        )
    return making


@dataclass(slots=True, eq=False)
class ArmedFault:
    """A fault at work. ``name`` is how the test said it.

    ``armed_ms`` is when it was armed, ``after`` how many requests there were by then. ``matched``
    counts the requests that it waited for, ``fired`` the strikes, ``unfit`` those that it had to
    let go because they were not as it ``needs`` them, ``beyond`` what came after the last strike.
    ``must_strike`` fails the test where it never did.
    """

    fault: Fault
    spots: Spots
    armed_ms: int
    after: int
    must_strike: bool
    name: str | None = None
    salt: str = ""
    matched: int = 0
    fired: int = 0
    unfit: int = 0
    beyond: list[int] = field(default_factory=list)

    def is_about(self, operation: str, method: str, model: str | None) -> bool:
        """Whether a request is of the kind that this fault waits for, whenever it comes."""
        fault = self.fault
        return (operation, method) in self.spots and (fault.model is None or fault.model == model)

    def is_on(self, now_ms: int) -> bool:
        """Whether it is time for it."""
        since = now_ms - self.armed_ms - self.fault.starts_ms
        return since >= 0 and (self.fault.lasts_ms is None or since < self.fault.lasts_ms)

    @property
    def is_used_up(self) -> bool:
        """Whether it has struck as often as it may."""
        return self.fault.most is not None and self.fired >= self.fault.most

    @property
    def has_struck(self) -> bool:
        """Whether any request was struck; to let one through is no strike."""
        done = self.fault.steps[: self.fired]
        return any(not isinstance(step, Untouched) for step in done)

    @property
    def next_step(self) -> Action:
        """What it does to the request that it strikes next."""
        return self.fault.steps[self.fired % len(self.fault.steps)]

    def rolls(self, request: str) -> bool:
        """Whether chance lets it strike: decided by the seed, the fault and the request alone.

        So neither another fault nor the order in which threads come changes what is struck.
        """
        chance = self.fault.chance_ppm
        if chance is None:
            return True
        said = f"{self.salt}\n{request}".encode()
        return int.from_bytes(hashlib.sha256(said).digest()[:8], "big") % MILLION < chance

    def told(self, step: Action) -> str:
        """Return what it did to a request, as the journal says it."""
        return self.name if self.name and len(self.fault.steps) == 1 else str(step)

    def __str__(self) -> str:
        """Return the fault as it was armed: as a call on the fake, or as a plan says it."""
        if self.name is None:
            return repr(str(self.fault))
        fault = self.fault
        words = [repr(fault.operation)]
        words += [f"method={fault.method!r}"] if fault.method else []
        words += [f"model={fault.model!r}"] if fault.model else []
        words += [f"nth={fault.nth}"] if fault.nth != 1 else []
        return f"on({', '.join(words)}) {self.name}"


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault that strikes a request, and what it does."""

    armed: ArmedFault
    step: Action

    def carry_out(self, scene: Scene) -> Reply | Break | None:
        """Return what comes instead of the answer.

        None where the request is not as the fault needs it: then it goes on waiting.
        """
        given = self.step.strike(scene)
        if given is None:
            self.let_go()
        return given

    def let_go(self) -> None:
        """Take it back: the request was not as the fault needs it."""
        self.armed.fired -= 1
        self.armed.unfit += 1

    def __str__(self) -> str:
        return self.armed.told(self.step)


@dataclass(slots=True)
class ArmedFaults:
    """All faults of one fake, in the order in which they strike; ``told`` is what they remember.

    Those that a test armed come before those of the whole run, which may strike or not.
    """

    seed: str = ""
    faults: list[ArmedFault] = field(default_factory=list)
    told: dict[str, Reply] = field(default_factory=dict)
    remembers: bool = False
    _own: int = 0
    _seen: dict[str, int] = field(default_factory=dict)

    def arm(
        self,
        contract: Contract,
        fault: Fault,
        *,
        now_ms: int,
        after: int,
        name: str | None = None,
        background: bool = False,
    ) -> ArmedFault:
        """Arm a fault; in the ``background`` it may strike or not, otherwise it must.

        One that depends on chance need not strike either.

        Raises:
            UsageError: for a place or a model that there is not.
        """
        check_model(contract, fault.model)
        twins = sum(1 for each in self.faults if each.fault == fault)
        armed = ArmedFault(
            fault,
            spots_of(contract, fault),
            armed_ms=now_ms,
            after=after,
            must_strike=not background and fault.chance_ppm is None,
            name=name,
            salt=f"{self.seed}\n{fault}\n{twins}",
        )
        self.faults.insert(len(self.faults) if background else self._own, armed)
        self._own += not background
        self.remembers |= any(step.remembers for step in fault.steps)
        return armed

    def clear(self) -> None:
        """Disarm all of them."""
        self.faults.clear()
        self.told.clear()
        self._own = 0
        self.remembers = False

    def choose(
        self, operation: str, method: str, path: str, model: str | None, *, now_ms: int, number: int
    ) -> Strike | None:
        """Return what strikes this request, counted, or None.

        One request is struck by one fault at most: the first that is not used up. Every fault
        that waits for its nth request counts the request.
        """
        chosen: ArmedFault | None = None
        request = self._counted(f"{method} {path}")
        for armed in self.faults:
            if not armed.is_about(operation, method, model) or not armed.is_on(now_ms):
                continue
            if armed.is_used_up:
                if armed.fault.exactly:
                    armed.beyond.append(number)
                continue
            armed.matched += 1
            if chosen is None and armed.matched >= armed.fault.nth and armed.rolls(request):
                chosen = armed
        if chosen is None:
            return None
        step = chosen.next_step
        chosen.fired += 1
        return None if isinstance(step, Untouched) else Strike(chosen, step)

    def _counted(self, request: str) -> str:
        self._seen[request] = self._seen.get(request, 0) + 1
        return f"{request}#{self._seen[request]}"

    def idle(self) -> Iterable[ArmedFault]:
        """Yield the faults that had to strike and never did."""
        return (armed for armed in self.faults if armed.must_strike and not armed.has_struck)
