"""Flaws by name: each makes media that are wrong in exactly one way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pytest_runway.errors import UsageError
from pytest_runway.media.forge.valid import call_of
from pytest_runway.media.limits import NO_LIMITS
from pytest_runway.media.rules import TRANSPORTS
from pytest_runway.media.values import FlawedMedia

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_runway.media.facts import Kind
    from pytest_runway.media.limits import Limits
    from pytest_runway.media.rules import Transport
    from pytest_runway.media.verdicts import Late, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What a maker of flaws returns: the bytes, their declared type, and what is said of them."""

    data: bytes
    content_type: str
    expected: Refusal | Late
    text: str | None = None


class Maker(Protocol):
    """Makes media for one field and one way to send them; the rest of the arguments are knobs."""

    def __call__(self, limits: Limits, transport: Transport, /, **knobs: Any) -> Broken: ...


@dataclass(frozen=True, slots=True)
class Flaw:
    """One way to be wrong. ``knobs`` are what may vary, the simplest value first."""

    name: str
    kind: Kind
    says: str
    make: Maker
    knobs: Mapping[str, tuple[Any, ...]]
    transports: frozenset[Transport]
    breaks: Callable[[Limits], object]

    def possible(self, limits: Limits, transport: Transport) -> bool:
        """Return whether a field has the limit that this flaw breaks, and takes it this way."""
        return transport in self.transports and bool(self.breaks(limits))


FLAWS: dict[str, Flaw] = {}
"""Every flaw by its name, the simplest of each kind first."""


def flaw(
    name: str,
    says: str,
    *,
    transports: tuple[Transport, ...] = TRANSPORTS,
    breaks: Callable[[Limits], object] = lambda _: True,
    **knobs: tuple[Any, ...],
) -> Callable[[Maker], Maker]:
    """Register a maker; the name starts with its kind, ``"image.…"``."""
    kind: Any = name.partition(".")[0]

    def register(make: Maker) -> Maker:
        FLAWS[name] = Flaw(name, kind, says, make, knobs, frozenset(transports), breaks)
        return make

    return register


def flawed(
    name: str, *, limits: Limits = NO_LIMITS, transport: Transport = "url", **knobs: Any
) -> FlawedMedia:
    """Return media with this flaw and no other, for a field with these limits.

    Raises:
        UsageError: for a flaw or a knob that there is not, for a value with which the media would
            not be wrong in this way, or where the field has no such limit.
    """
    found = FLAWS.get(name)
    if found is None:
        there = [each for each in FLAWS if each.partition(".")[0] == name.partition(".")[0]]
        raise UsageError(f"no flaw is called {name!r}; there are {', '.join(there or FLAWS)}")
    if wrong := set(knobs) - set(found.knobs):
        raise UsageError(f"{name} has no {sorted(wrong)}; it has {sorted(found.knobs)}")
    for knob, value in knobs.items():
        _check_knob(name, knob, value, found.knobs[knob])
    if not found.possible(limits, transport):
        raise UsageError(f"{name} cannot be made for {limits!r} sent as {transport!r}")
    broken = found.make(
        limits, transport, **{key: values[0] for key, values in found.knobs.items()} | knobs
    )
    options = {key: (value, found.knobs[key][0]) for key, value in knobs.items()}
    call = call_of(
        "flawed", name, limits=(limits, NO_LIMITS), transport=(transport, "url"), **options
    )
    return FlawedMedia(
        found.kind,
        broken.data,
        broken.content_type,
        call,
        name,
        broken.expected,
        text=broken.text,
    )


def _check_knob(flaw_name: str, knob: str, value: Any, values: tuple[Any, ...]) -> None:
    """Check a knob: one of its values or, where they are numbers in order, any between them."""
    if isinstance(values[0], int) and values[0] == min(values):
        if type(value) is int and values[0] <= value <= max(values):
            return
        expected = f"a whole number from {values[0]} to {max(values)}"
    elif value in values:
        return
    else:
        expected = f"one of {', '.join(map(repr, values))}"
    raise UsageError(f"{flaw_name} cannot have {knob}={value!r}; expected {expected}")


def flaws(
    kind: Kind | None = None, *, limits: Limits = NO_LIMITS, transport: Transport | None = None
) -> list[Flaw]:
    """Return the flaws that can be made, all or those of a kind, for a field and a transport."""
    ways = TRANSPORTS if transport is None else (transport,)
    return [
        found
        for found in FLAWS.values()
        if kind in (None, found.kind) and any(found.possible(limits, way) for way in ways)
    ]
