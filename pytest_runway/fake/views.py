"""What a test reads of the fake: tasks and credits as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, overload

from pytest_runway.engine.timeline import SUCCESS, Ending, failed
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

    from pytest_runway.engine.engine import Engine
    from pytest_runway.engine.ledger import LedgerEntry
    from pytest_runway.engine.task import Task
    from pytest_runway.engine.timeline import LiveStatus, Status


class TaskView:
    """One task, as of the virtual time at which it is looked at."""

    def __init__(self, engine: Engine, sync: Callable[[], None], task: Task) -> None:
        """Look at ``task``; ``sync`` lets the engine catch up with the clock first."""
        self._engine = engine
        self._sync = sync
        self._task = task

    @property
    def id(self) -> str:
        """The task's id, a UUID."""
        return self._task.id

    @property
    def status(self) -> Status:
        """The status now; a task cancelled by DELETE is CANCELLED here, and 404 to the client."""
        self._sync()
        return self._task.status

    @property
    def model(self) -> str | None:
        """The model that was asked for."""
        return self._task.model

    @property
    def operation(self) -> str:
        """The operation that created it, such as ``"image_to_video"``."""
        return self._task.operation

    @property
    def request_body(self) -> Any:
        """The body that created it, as JSON, with long strings cut."""
        return self._task.request_body

    @property
    def failure_code(self) -> str | None:
        """The code of a task that FAILED."""
        self._sync()
        return self._task.ending.code if self._task.ending else None

    @property
    def charged(self) -> int:
        """The credits it has taken from the balance so far, net of refunds."""
        self._sync()
        return self._task.charged

    @property
    def deleted(self) -> bool:
        """Whether a DELETE took it away."""
        return self._task.deleted

    @property
    def history(self) -> list[tuple[float, Status]]:
        """The statuses it has had, each with the virtual seconds at which it came."""
        self._sync()
        started = self._engine.state.started_ms
        return [((at - started) / 1000, status) for at, status in self._task.history]

    def throttle(self) -> None:
        """Make it THROTTLED now, and leave it to the test from here on."""
        self._move("THROTTLED")

    def pend(self) -> None:
        """Make it PENDING now, and leave it to the test from here on."""
        self._move("PENDING")

    def run(self, *, progress: float = 0.5) -> None:
        """Make it RUNNING now at this progress (0 to 1), and leave it to the test."""
        if not 0 <= progress <= 1:
            raise UsageError(f"progress={progress!r} is not valid; expected a number from 0 to 1")
        self._move("RUNNING", progress=progress)

    def succeed(self) -> None:
        """End it now as SUCCEEDED."""
        self._end(SUCCESS)

    def fail(self, code: str | None = "INTERNAL", *, failure: str | None = None) -> None:
        """End it now as FAILED with this code."""
        self._end(failed(self._engine.contract, code, failure))

    def cancel(self) -> None:
        """End it now as CANCELLED, as when somebody cancels it elsewhere."""
        self._end(Ending("CANCELLED"))

    def _move(self, status: LiveStatus, *, progress: float | None = None) -> None:
        self._check_live(status)
        self._engine.lifecycle.move(self._task, status, progress=progress)

    def _end(self, ending: Ending) -> None:
        self._check_live(ending.status)
        self._engine.lifecycle.end(self._task, ending)

    def _check_live(self, status: Status) -> None:
        self._sync()
        if self._task.is_final:
            raise UsageError(
                f"task {self._task.number} is {self._task.status} and cannot become {status}: "
                "a terminal status never changes"
            )

    def __eq__(self, other: object) -> bool:
        """Whether both look at the same task, whenever they were asked for."""
        return isinstance(other, TaskView) and self._task is other._task

    def __hash__(self) -> int:
        """Hash as the task does that is looked at."""
        return hash(self._task.id)

    def __repr__(self) -> str:
        task = self._task
        return f"<Task {task.number} {task.status} {task.operation} {task.model}>"


class Count(int):
    """How many tasks there are; called with a task, how often it is one of them."""

    _tasks: Sequence[TaskView]

    def __new__(cls, tasks: Sequence[TaskView]) -> Self:
        """Count them all."""
        self = super().__new__(cls, len(tasks))
        self._tasks = tasks
        return self

    def __call__(self, value: object) -> int:
        """Return how often it is one of them, as ``count`` of any sequence does."""
        return sum(1 for task in self._tasks if task == value)


class TasksView(Sequence["TaskView"]):
    """All tasks of the account, in order of creation."""

    def __init__(self, engine: Engine, sync: Callable[[], None]) -> None:
        """Look at an engine's tasks."""
        self._engine = engine
        self._sync = sync

    @overload
    def __getitem__(self, index: int) -> TaskView: ...
    @overload
    def __getitem__(self, index: slice) -> list[TaskView]: ...
    def __getitem__(self, index: int | slice) -> TaskView | list[TaskView]:
        """Return one task, or a list of them."""
        found = self._engine.state.tasks[index]
        if isinstance(found, list):
            return [self._view(task) for task in found]
        return self._view(found)

    def __len__(self) -> int:
        """Return how many tasks were ever created."""
        return len(self._engine.state.tasks)

    @property
    def count(self) -> Count:
        """How many tasks were ever created, as ``len()`` says."""
        return Count(self)

    def __repr__(self) -> str:
        self._sync()
        return repr(list(self))

    def _view(self, task: Task) -> TaskView:
        return TaskView(self._engine, self._sync, task)


class CreditsView:
    """The account's credits now."""

    def __init__(self, engine: Engine, sync: Callable[[], None]) -> None:
        """Look at an engine's ledger."""
        self._engine = engine
        self._sync = sync

    @property
    def charged(self) -> int:
        """What left the balance and did not come back: reserved or spent, less refunds."""
        self._sync()
        return self._engine.state.ledger.charged

    @property
    def balance(self) -> int:
        """What is left."""
        self._sync()
        return self._engine.state.ledger.balance

    @property
    def refunded(self) -> int:
        """All that was given back."""
        return sum(entry.credits for entry in self.entries if entry.kind == "refund")

    @property
    def entries(self) -> list[LedgerEntry]:
        """Every reservation and refund, in order."""
        self._sync()
        return list(self._engine.state.ledger.entries)

    def __repr__(self) -> str:
        return f"<Credits charged={self.charged} balance={self.balance}>"
