"""Fault plans: values that print, parse, compare and hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_runway.durations import as_text
from pytest_runway.engine.faults.actions import Untouched
from pytest_runway.engine.faults.places import EVERYWHERE
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from pytest_runway.engine.faults.actions import Action

MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What strikes, where, when and how often.

    It strikes requests to ``operation`` (a name of the API's, of ``GROUPS``, or ``"*"``), from the
    ``nth`` of them on, ``times`` times (None: without end), each with a probability of
    ``chance_ppm`` parts in a million, from ``starts_ms`` after it was armed and for ``lasts_ms``
    of virtual time. Several ``steps`` strike in turn. ``exactly`` makes one request more than
    there are strikes a problem, and one less.

    Raises:
        UsageError: where it could never strike.
    """

    steps: tuple[Action, ...]
    operation: str = EVERYWHERE
    method: str | None = None
    model: str | None = None
    nth: int = 1
    times: int | None = 1
    chance_ppm: int | None = None
    starts_ms: int = 0
    lasts_ms: int | None = None
    exactly: bool = False

    def __post_init__(self) -> None:
        if all(isinstance(step, Untouched) for step in self.steps):
            raise UsageError("a script of nothing but 200 strikes nothing; give it a fault")
        check_count("nth", self.nth)
        if self.times is not None:
            check_count("times", self.times)
        if self.chance_ppm is not None and not 0 < self.chance_ppm <= MILLION:
            raise UsageError(
                f"a chance of {_percent(self.chance_ppm)} is not valid; "
                "expected more than 0% and at most 100%"
            )
        if self.lasts_ms == 0:
            raise UsageError("a fault that lasts no time never strikes; give it a duration")
        if self.exactly and (self.times is None or self.chance_ppm is not None):
            raise UsageError("exactly so many needs a count, and leaves nothing to chance")

    @property
    def is_open(self) -> bool:
        """Whether it strikes without end unless a count says otherwise."""
        return self.chance_ppm is not None or self.lasts_ms is not None

    @property
    def most(self) -> int | None:
        """How often it strikes at most, every step counted; None for without end."""
        return None if self.times is None else self.times * len(self.steps)

    @property
    def where(self) -> str:
        """The requests that it waits for, as the grammar says it; empty for all of them."""
        words = [self.method] if self.method else []
        words += [self.operation]
        words += [f"of {self.model}"] if self.model else []
        said = " ".join(words) + (f"#{self.nth}" if self.nth != 1 else "")
        return "" if said == EVERYWHERE else said

    def __str__(self) -> str:
        words = [" then ".join(map(str, self.steps))]
        words += [f"on {self.where}"] if self.where else []
        words += [f"from {as_text(self.starts_ms)}"] if self.starts_ms else []
        words += [f"for {as_text(self.lasts_ms)}"] if self.lasts_ms is not None else []
        words += ["exactly"] if self.exactly else []
        return " ".join(words) + self._how_often()

    def _how_often(self) -> str:
        if self.chance_ppm is not None:
            up_to = "" if self.times is None else f" up to {self.times}"
            return f": {_percent(self.chance_ppm)}{up_to}"
        if self.times is None:
            return "" if self.is_open else ": always"
        return "" if self.times == 1 and not self.is_open else f": {self.times}"


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """Faults in the order in which they strike: ``FaultPlan.parse("429: 5%, 503 on create: 2")``.

    ``str`` returns what ``parse`` reads back as an equal plan.
    """

    faults: tuple[Fault, ...] = ()

    @classmethod
    def parse(cls, text: str) -> FaultPlan:
        """Return the plan that a text says; docs/faults.md has the grammar.

        Raises:
            UsageError: which names the place in the text, what was expected and what was found.
        """
        from pytest_runway.engine.faults.grammar import parse

        if not isinstance(text, str):
            raise UsageError(f"not a fault plan: {text!r}; expected a text such as '429: 5%'")
        return cls(parse(text))

    def __str__(self) -> str:
        return ", ".join(map(str, self.faults))

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """Print as the line that makes it: what hypothesis shows of a failing example."""
        printer.text(f"FaultPlan.parse({str(self)!r})")


def ppm(chance: float) -> int:
    """Return a probability as parts in a million.

    Raises:
        UsageError: for what is no probability above 0.
    """
    is_number = isinstance(chance, (int, float)) and not isinstance(chance, bool)
    if not is_number or not 0 < chance <= 1 or round(chance * MILLION) < 1:
        raise UsageError(
            f"chance={chance!r} is not valid; expected a probability above 0 and up to 1, "
            "such as 0.05 for one in twenty"
        )
    return round(chance * MILLION)


def _percent(parts: int) -> str:
    return f"{parts / 10_000:.4f}".rstrip("0").rstrip(".") + "%"


def check_count(name: str, value: object) -> None:
    """Refuse what is no count of at least 1, with a ``UsageError``."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise UsageError(f"{name}={value!r} is not valid; expected a whole number of at least 1")
