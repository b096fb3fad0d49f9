"""One form of an operation's body, mostly one model: what it refuses, costs and yields."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from pytest_runway.contract.fields import Fields
from pytest_runway.contract.javascript import UNDEFINED
from pytest_runway.contract.media import may_hold_media, media_in
from pytest_runway.contract.outputs import count_of, output_of
from pytest_runway.contract.prices import Meter
from pytest_runway.contract.rules import broken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_runway.contract.issues import Issue
    from pytest_runway.contract.media import MediaValue
    from pytest_runway.contract.outputs import Measure, Output
    from pytest_runway.contract.prices import Probe
    from pytest_runway.contract.scalars import Check, Schema
    from pytest_runway.contract.schema import Compiler


def _unknown(_: MediaValue) -> None:
    """Stands for a probe where nothing is known about the media."""


def _unmeasured(_: str) -> None:
    """Stands for the measures of media of which nothing is known."""


@dataclass(frozen=True, eq=False)
class Variant:
    """One form of a body. ``name`` is the model's id, or the operation's name without a model.

    ``tier_group`` says whose limits of the account's tier apply, None where none do.
    """

    name: str
    schema: Schema
    tier_group: str | None
    _plain: Compiler = field(repr=False)
    _closed: Compiler = field(repr=False)

    @cached_property
    def output(self) -> Mapping[str, Any]:
        """What comes out, as the document says it; empty where nothing does."""
        found: Mapping[str, Any] = self.schema.get("x-runway-output", {})
        return found

    @cached_property
    def price(self) -> Mapping[str, Any] | None:
        """What a body costs, as the document says it; None for what is free."""
        found: Mapping[str, Any] | None = self.schema.get("x-runway-price")
        return found

    @cached_property
    def rules(self) -> tuple[Mapping[str, Any], ...]:
        """The rules across fields, as the document says them."""
        return tuple(self.schema.get("x-runway-rules", ()))

    @cached_property
    def media_rules(self) -> tuple[Mapping[str, Any], ...]:
        """The rules over several media, as the document says them; whoever reads media checks."""
        return tuple(self.schema.get("x-runway-media-rules", ()))

    @cached_property
    def facts(self) -> tuple[Mapping[str, Any], ...]:
        """Where each hand-written limit comes from: ``{field, says, source, mark}``."""
        return tuple(self.schema.get("x-runway-facts", ()))

    def check(self, body: Any, *, closed: bool = False) -> tuple[Issue, ...]:
        """Return the issues of a body: the schema's or, where it holds, those of the rules.

        ``closed`` refuses unknown keys everywhere.
        """
        found = (self._closed_check if closed else self._plain_check)(body)
        if found or not self.rules:
            return tuple(found)
        return tuple(broken(self.rules, self._fields(body)))

    def media(self, body: Any) -> Iterator[MediaValue]:
        """Yield the media of a body without issues, in the order of the schema."""
        found = (
            media_in(self._plain, each, body[key], (key,))
            for key, each in self._media_properties
            if key in body
        )
        return chain.from_iterable(found)

    def estimate(
        self,
        body: Any,
        *,
        seconds: Probe = _unknown,
        fps: Probe = _unknown,
        pixels: Probe = _unknown,
    ) -> Fraction:
        """Return the credits that a body without issues will cost at most.

        ``seconds``, ``fps`` and ``pixels`` (width times height) tell about a medium, or return
        None where nobody knows: then the price's own assumption counts, else the longest length
        that the contract allows. A ``duration`` of ``auto`` is billed at its maximum.
        """
        if self.price is None:
            return Fraction(0)
        media = tuple(self.media(body)) if self._price_looks_at_media else ()
        fields = self._fields(body)
        meter = Meter(fields, media, seconds=seconds, fps=fps, pixels=pixels)
        return meter.credits(self.price, outputs=count_of(self.output, fields))

    def outputs(self, body: Any, *, measure: Measure = _unmeasured) -> Output:
        """Return what a body without issues asks for.

        ``measure`` returns width, height and seconds of a medium and whether it has sound, None
        where nobody knows: an output may be as large and as long as what went in.
        """
        return output_of(self.output, self.price or {}, self._fields(body), measure)

    @cached_property
    def _price_looks_at_media(self) -> bool:
        price = self.price or {}
        return any("of" in part for part in (price, *price.get("extras", ())))

    @cached_property
    def _media_properties(self) -> tuple[tuple[str, Schema], ...]:
        """The properties in which media may be: a body is walked at every create."""
        properties = self.schema.get("properties", {}).items()
        return tuple((key, each) for key, each in properties if may_hold_media(self._plain, each))

    @cached_property
    def _defaults(self) -> dict[str, Any]:
        return dict(_defaults(self._plain, self.schema, ""))

    @cached_property
    def _plain_check(self) -> Check:
        return self._plain.check(self.schema)

    @cached_property
    def _closed_check(self) -> Check:
        return self._closed.check(self.schema)

    def _fields(self, body: Any) -> Fields:
        return Fields(body, self._defaults)


def _defaults(compiler: Compiler, schema: Schema, prefix: str) -> Iterator[tuple[str, Any]]:
    for key, each in compiler.resolved(schema).get("properties", {}).items():
        default = compiler.default(each)
        if default is not UNDEFINED:
            yield f"{prefix}{key}", default
        yield from _defaults(compiler, each, f"{prefix}{key}.")
