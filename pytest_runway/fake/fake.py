"""FakeRunway: one account at Runway, faked."""

from __future__ import annotations

import os
import threading
import time as wall
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pytest_runway.clock import RealClock, virtual_clock
from pytest_runway.contract import load
from pytest_runway.engine.engine import Engine
from pytest_runway.engine.state import new_state
from pytest_runway.errors import HarnessProblem, UsageError
from pytest_runway.fake.arming import arm, arm_settings, plan_of
from pytest_runway.fake.explaining import explain_limit, problems_at_the_end
from pytest_runway.fake.faces import Faces
from pytest_runway.fake.faulting import On
from pytest_runway.fake.metrics import Metrics
from pytest_runway.fake.settings import KeyPolicy, Settings, TimeMode
from pytest_runway.fake.task_script import TaskScript
from pytest_runway.fake.views import CreditsView, TasksView
from pytest_runway.transports import inprocess

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from typing_extensions import Self

    from pytest_runway.clock import InnerClock, VirtualClock
    from pytest_runway.engine.faults import FaultPlan
    from pytest_runway.engine.journal import Exchange
    from pytest_runway.engine.web import AssetRule
    from pytest_runway.report.finding import Level
    from pytest_runway.wire import Break, Reply, Request

_NOT_STARTED = "this FakeRunway has not started; use it as `with FakeRunway() as runway:`"
_STEP_MS = 10_000
ENVIRONMENT = ("RUNWAYML_API_SECRET", "RUNWAYML_BASE_URL")


class FakeRunway(Faces):
    """A strict, stateful fake of Runway, for a ``with`` block.

    Inside the block every httpx client that calls Runway, the official SDK's among them, is
    answered by this account; ``RUNWAYML_API_SECRET`` and ``RUNWAYML_BASE_URL`` point at it, and
    waiting costs virtual time. Leaving the block raises ``HarnessProblem`` where the harness
    noticed misuse, such as a fault that was armed and never struck.
    """

    def __init__(
        self,
        *,
        tier: int | None = None,
        credits: int | None = None,  # noqa: A002 - the API's own word
        seed: int | str = 0,
        time: TimeMode = "virtual",
        closed: bool = False,
        keys: KeyPolicy = "shape",
        budget: int | None = None,
        conformance: bool = False,
        assets: AssetRule = "lenient",
        faults: FaultPlan | str | None = None,
        background_faults: FaultPlan | str | None = None,
        rules: Mapping[str, Level] | None = None,
    ) -> None:
        """Describe the account; see ``Settings`` for what the arguments may be."""
        self.settings = Settings(
            tier=tier,
            credits=credits,
            seed=seed,
            time=time,
            closed=closed,
            keys=keys,
            budget=budget,
            conformance=conformance,
            assets=assets,
            faults=faults,
            background_faults=background_faults,
            rules={} if rules is None else rules,
        )
        self._clock: VirtualClock | InnerClock | RealClock | None = None
        self._lock = threading.RLock()
        self._scripts: list[TaskScript] = []
        self._environment: dict[str, str | None] = {}
        self._running = False
        self._engine: Engine | None = None
        self._ended_with: list[str] = []

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return a fake with these settings."""
        return cls(**asdict(settings))

    def start(self) -> Self:
        """Begin to answer. ``with`` does this; use it alone only where there is no block."""
        if self._engine is not None:
            raise UsageError("this FakeRunway was used before; make a new one for a new account")
        self._clock = self._new_clock()
        self.clock.start()
        try:
            self._engine = self._new_engine()
            inprocess.attach(self)
        except BaseException:
            self.clock.stop()
            raise
        self._running = True
        self._set_environment()
        return self

    def stop(self, *, linger: bool = False) -> None:
        """Stop answering and put everything back as it was. Harmless when done twice.

        With ``linger`` it goes on answering for the tasks that it has created, for a task that
        several tests share.
        """
        if not self._running:
            return
        self._sync()
        self._running = False
        self._restore_environment()
        if linger:
            inprocess.linger(self)
        inprocess.detach(self)
        asleep = self.clock.stop() or ()
        budget = self.settings.budget
        self._ended_with = [
            *problems_at_the_end(self.engine.state, self._scripts, budget),
            *(f"somebody outlived the fake: {line}" for line in asleep),
        ]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
        if kind is None:
            self.check()

    def check(self) -> None:
        """Raise what the harness noticed.

        Raises:
            HarnessProblem: with one line for each problem; see ``problems``.
        """
        if self.problems:
            lines = "".join(f"\n  - {problem}" for problem in self.problems)
            raise HarnessProblem(f"pytest-runway noticed:{lines}")

    def on(
        self, operation: str, *, method: str | None = None, model: str | None = None, nth: int = 1
    ) -> On:
        """Choose the requests that the next faults strike.

        ``operation`` is the path after ``/v1/``, such as ``"image_to_video"``, ``"tasks"`` or
        ``"recipes/product_ad"``, or ``"*"`` for all of them. ``method`` and ``model`` narrow;
        ``nth`` starts at the nth request that matches.

        Raises:
            UsageError: for an operation or a method that the contract does not know.
        """
        return On(
            self.engine.contract,
            self._visit,
            operation,
            method=method,
            model=model,
            nth=nth,
        )

    def arm(self, plan: FaultPlan | str, *, must_strike: bool = True) -> None:
        """Arm all faults of a plan, such as ``"503 on create: 2, lost reply on image_to_video"``.

        Those that must strike come before those that may.

        Raises:
            UsageError: for a text that says no plan; the message names the place.
        """
        with self._visit() as engine:
            for fault in plan_of(plan).faults:
                arm(engine.contract, engine.state, fault, background=not must_strike)

    @property
    def next_task(self) -> TaskScript:
        """A script for one more task: each use scripts the next one that is created."""
        script = TaskScript(self.engine.contract, self._withdraw)
        self._scripts.append(script)
        self.engine.state.scripts.append(script)
        return script

    def _withdraw(self, script: TaskScript) -> None:
        if script in self.engine.state.scripts:
            self.engine.state.scripts.remove(script)
            self._scripts.remove(script)

    @property
    def engine(self) -> Engine:
        """The engine behind this fake. Raises ``UsageError`` before it has started."""
        if self._engine is None:
            raise UsageError(_NOT_STARTED)
        return self._engine

    @property
    def clock(self) -> VirtualClock | InnerClock | RealClock:
        """The clock of fake and test: ``elapsed``, ``now``, ``advance(…)``."""
        if self._clock is None:
            raise UsageError(_NOT_STARTED)
        return self._clock

    @property
    def base_url(self) -> str:
        """Where the fake answers."""
        return str(load().document["servers"][0]["url"])

    @property
    def api_key(self) -> str:
        """A key that opens the account: valid in shape, and no real one."""
        return self.engine.state.account.keys.keys[0].secret

    @property
    def tasks(self) -> TasksView:
        """All tasks of the account, in order of creation."""
        return TasksView(self.engine, self._sync)

    @property
    def credits(self) -> CreditsView:
        """The account's credits."""
        return CreditsView(self.engine, self._sync)

    def requests(self, operation: str | None = None) -> list[Exchange]:
        """Return what was asked, in order: all of it, or one operation's.

        Raises:
            UsageError: for an operation that the contract does not know.
        """
        exchanges = self.engine.state.journal.exchanges
        if operation is None or operation == "*":
            return list(exchanges)
        self.engine.contract.operation(operation)
        return [exchange for exchange in exchanges if exchange.operation == operation]

    def numbers(self) -> dict[str, float]:
        """Return what happened, counted: requests, tasks, credits, faults, virtual seconds."""
        state = self.engine.state
        metrics, faults = Metrics.of(state), state.faults.faults
        return {
            "requests": len(state.journal.exchanges),
            "tasks": len(state.tasks),
            "credits": state.ledger.charged,
            "faults armed": sum(1 for fault in faults if fault.must_strike or fault.has_struck),
            "faults fired": sum(1 for fault in faults if fault.has_struck),
            "errors": metrics.errors,
            "throttled tasks": metrics.throttled_tasks,
            "moderated tasks": metrics.moderated_tasks,
            "virtual seconds": self.clock.elapsed if self.settings.time == "virtual" else 0,
        }

    @property
    def problems(self) -> list[str]:
        """What the harness noticed, one sentence each; complete once the fake has stopped."""
        noticed = [] if self._engine is None else self._engine.state.problems
        return [*noticed, *self._ended_with]

    def handle(self, request: Request) -> Reply | Break:
        """Answer one request. Called by transports, from any thread."""
        with self._lock:
            return self.engine.handle(request, self._now_ms())

    def keep_pace(self) -> None:
        """Let happen what is due by real time, for a client that lives in it.

        Time moves to what happens and in steps of ten seconds, not with every look, so that the
        same program sees the same times in every run.
        """
        with self._lock:
            began_ms, reached_ms = self.clock.pace_ms()
            stepped_ms = reached_ms - (reached_ms - began_ms) % _STEP_MS
            while (due_ms := self.engine.next_due_ms) is not None and due_ms <= reached_ms:
                if not self.clock.pass_time(due_ms):
                    return
                self.engine.advance(due_ms)
            self.clock.pass_time(stepped_ms)

    def note_problem(self, problem: str) -> None:
        """Record misuse that the client must not hear of."""
        self.engine.state.problems.append(problem)

    def knows(self, request: Request) -> bool:
        """Whether the request is about a task that this account created, or one of its files."""
        return not self.engine.state.by_id.keys().isdisjoint(request.path.split("/"))

    def _new_clock(self) -> VirtualClock | InnerClock | RealClock:
        return virtual_clock() if self.settings.time == "virtual" else RealClock()

    def _new_engine(self) -> Engine:
        settings = self.settings
        state = new_state(
            now_ms=self._now_ms(),
            seed=settings.seed,
            tier=settings.tier,
            credits_=settings.credits,
            any_key=settings.keys == "any" or settings.conformance,
            known_keys_only=settings.keys == "known",
            assets=settings.assets,
        )
        if not isinstance(self.clock, RealClock):
            self.clock.on_limit = lambda: explain_limit(state)
        arm_settings(state, settings)
        return Engine(load(), state, closed=settings.closed, conformance=settings.conformance)

    def _now_ms(self) -> int:
        # Once it has stopped, it lives on in the time of whoever calls.
        if self._engine is None or self._running:
            return self.clock.now_ms
        return wall.time_ns() // 1_000_000

    @contextmanager
    def _visit(self) -> Iterator[Engine]:
        with self._lock:
            self._sync()
            yield self.engine

    def _sync(self) -> None:
        if self._running:
            with self._lock:
                self.engine.advance(self._now_ms())

    def _set_environment(self) -> None:
        values: dict[str, Any] = dict(zip(ENVIRONMENT, (self.api_key, self.base_url), strict=True))
        for name, value in values.items():
            self._environment[name] = os.environ.get(name)
            os.environ[name] = value

    def _restore_environment(self) -> None:
        for name, value in self._environment.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
