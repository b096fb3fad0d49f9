"""Strategies for the lives of tasks, as a fake is told them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from pytest_runway.contract import load

_SPANS = ("1s", "5s", "30s", "2m", "9m")


@dataclass(frozen=True)
class Call:
    """One call of a script: a method, and what it is given."""

    name: str
    arguments: tuple[Any, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        words = [repr(value) for value in self.arguments]
        words += [f"{name}={value!r}" for name, value in self.options]
        return f"{self.name}({', '.join(words)})"


@dataclass(frozen=True, repr=False)
class Script:
    """Something to say to a fake; it prints as one would write it.

    ``start`` is a call on the fake whose result it is said to; None is ``runway.next_task``.
    """

    start: Call | None
    calls: tuple[Call, ...]

    def play(self, runway: Any) -> Any:
        """Say it to a fake, and return what the last call returns."""
        said_to = runway.next_task if self.start is None else _called(runway, self.start)
        for call in self.calls:
            said_to = _called(said_to, call)
        return said_to

    def __repr__(self) -> str:
        start = "next_task" if self.start is None else self.start
        return ".".join(["runway", *map(str, (start, *self.calls))])

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """Print the line in Hypothesis too, which takes dataclasses apart."""
        printer.text(repr(self))


def _called(target: Any, call: Call) -> Any:
    return getattr(target, call.name)(*call.arguments, **dict(call.options))


@st.composite
def timelines(draw: st.DrawFn) -> Script:
    """Lives of a task, for ``script.play(runway)``: what it waits for, and how it ends.

    Every one ends: as SUCCEEDED, as FAILED with any code or without one, or as CANCELLED.
    """
    waits = draw(
        st.sampled_from(
            ((), ("pending",), ("throttled",), ("throttled", "pending"), ("pending", "throttled"))
        )
    )
    phases = (*waits, *(("running",) if draw(st.booleans()) else ()))
    calls = [Call(phase, (draw(st.sampled_from(_SPANS)),)) for phase in phases]
    codes: tuple[str | None, ...] = (*load().document["x-runway-failures"], None)
    endings = (Call("succeeds"), *(Call("fails", (code,)) for code in codes), Call("cancelled"))
    return Script(None, (*calls, draw(st.sampled_from(endings))))
