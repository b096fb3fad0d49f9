"""One form of an operation's body, mostly one model: what it refuses, costs and yields."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pytest_runway.contract.fields import Fields, dimensions, quantity
from pytest_runway.contract.media import MediaValue, media_in
from pytest_runway.contract.prices import credits_for, exact
from pytest_runway.contract.rules import broken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_runway.contract.issues import Issue
    from pytest_runway.contract.schema import Check, Compiler, Schema


@dataclass(frozen=True, slots=True)
class Output:
    """What a body asks for: ``count`` files of a ``kind`` (``video``, …) in a ``format``.

    ``width``, ``height`` (pixels) and ``seconds`` are None where the body leaves them open.
    """

    kind: str
    format: str
    count: int
    width: int | None
    height: int | None
    seconds: float | None


@dataclass(frozen=True, eq=False)
class Variant:
    """One form of a body. ``name`` is the model's id, or the operation's name without a model."""

    name: str
    schema: Schema
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
    def tier_group(self) -> str | None:
        """Whose limits of the account's tier apply; None where none do."""
        found: str | None = self.schema.get("x-runway-tier-group")
        return found

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
        return media_in(self._plain, self.schema, body, ())

    def estimate(
        self,
        body: Any,
        *,
        seconds: Callable[[MediaValue], float | None] = lambda _: None,
    ) -> Fraction:
        """Return the credits that a body without issues will cost at most.

        ``seconds`` tells the length of a medium, None where nobody knows: then the longest that
        the contract allows is billed, and so it is for a ``duration`` of ``auto``.
        """
        if self.price is None:
            return Fraction(0)

        def input_seconds(of: str) -> Fraction:
            named = (medium for medium in self.media(body) if _stands_under(medium, of))
            return sum((_billed(medium, seconds(medium)) for medium in named), Fraction(0))

        fields = self._fields(body)
        count = self.outputs(body).count
        longest = self._longest(fields)
        return credits_for(
            self.price, fields, outputs=count, longest=longest, input_seconds=input_seconds
        )

    def outputs(self, body: Any) -> Output:
        """Return what a body without issues asks for."""
        fields = self._fields(body)
        count = self.output.get("count", 1)
        if isinstance(count, str):
            count = quantity(fields.value(count)) or 1
        width, height = dimensions(fields.value("ratio")) or (None, None)
        seconds = quantity(fields.value("duration"))
        return Output(
            kind=self.output.get("kind", ""),
            format=self._format(fields),
            count=int(count),
            width=width,
            height=height,
            seconds=self._default_seconds if seconds is None else seconds,
        )

    def _format(self, fields: Fields) -> str:
        usual: str = self.output.get("format", "")
        by_field = self.output.get("formats", {"field": "outputFormat", "map": {}})
        return str(by_field["map"].get(fields.value(by_field["field"]), usual))

    def _longest(self, fields: Fields) -> Fraction:
        """Return the seconds to bill where ``duration`` is absent, or no number."""
        if fields.value("duration") is None:
            return exact(self._default_seconds or 0)
        options = self.schema["properties"]["duration"].get("anyOf", ())
        return exact(max((option.get("maximum", 0) for option in options), default=0))

    @cached_property
    def _default_seconds(self) -> float | None:
        stated = (self.price or {}).get("default_seconds", self.output.get("default_seconds"))
        return quantity(stated)

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
        part = compiler.resolved(each)
        if "default" in part:
            yield f"{prefix}{key}", part["default"]
        yield from _defaults(compiler, part, f"{prefix}{key}.")


def _stands_under(medium: MediaValue, of: str) -> bool:
    """``of`` names the field that holds a medium, or the list or object around it."""
    names = [part for part in medium.path if isinstance(part, str)]
    wanted = of.replace("[]", "").split(".")
    return names[: len(wanted)] == wanted


def _billed(medium: MediaValue, seconds: float | None) -> Fraction:
    if seconds is None:
        seconds = medium.limits.get("seconds", (0, 0))[1]
    return exact(seconds or 0)
