"""Operations: what the contract says about one method on one path."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_runway.contract import issues
from pytest_runway.contract.javascript import UNDEFINED, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_runway.contract.issues import Issue
    from pytest_runway.contract.scalars import Schema
    from pytest_runway.contract.schema import Compiler
    from pytest_runway.contract.variant import Variant


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on a body: the variant that it picked, if any, and its issues, if any."""

    variant: Variant | None
    issues: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the path or the query."""

    name: str
    schema: Schema
    required: bool
    compiler: Compiler

    def issues(self, value: Any) -> Sequence[Issue]:
        """Return the issues of a value, which may be ``UNDEFINED``."""
        if value is UNDEFINED and ("default" in self.schema or not self.required):
            return ()
        found = self.compiler.check(self.schema)(value)
        issues.below(self.name, found)
        return found

    def read(self, texts: Sequence[str]) -> Any:
        """Return what a server makes of the texts of a query: a value, or a list when repeated."""
        kind = self.schema.get("type")
        if not texts:
            return UNDEFINED
        if kind == "array":
            return list(texts)
        if kind in ("integer", "number"):
            return number(texts[0]) if len(texts) == 1 else math.nan
        if len(texts) > 1:
            return list(texts)
        return _BOOLEANS.get(texts[0], texts[0]) if kind == "boolean" else texts[0]


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One method on one path. ``name`` is the fixed part of the path after ``/v1/``.

    ``tag`` is the key of the body that picks the variant, ``by_tag`` the variants by its values;
    without a tag there is one variant, or none where no body is read.
    """

    id: str
    method: str
    path: str
    name: str
    behaviour: str
    resource: str | None
    answer: tuple[str, ...]
    variants: tuple[Variant, ...]
    tag: str | None = None
    by_tag: Mapping[str, Variant] = field(default_factory=dict, repr=False)
    parameters: tuple[Parameter, ...] = ()
    query: tuple[Parameter, ...] = ()

    def check(self, body: Any, *, closed: bool = False) -> Checked:
        """Return the variant that a body picks, and all its issues.

        ``closed`` refuses unknown keys everywhere, also where Runway ignores them.
        """
        if not self.variants:
            return Checked(None, ())
        if self.tag is None:
            return Checked(self.variants[0], self.variants[0].check(body, closed=closed))
        if not isinstance(body, dict):
            return Checked(None, (issues.wrong_type("object", body, code_first=True),))
        name = body.get(self.tag, UNDEFINED)
        variant = self.by_tag.get(name) if isinstance(name, str) else None
        if variant is None:
            return Checked(None, (*self._unknown(name), issues.no_such_variant(self.tag)))
        return Checked(variant, variant.check(body, closed=closed))

    def _unknown(self, name: Any) -> list[Issue]:
        """What stands before the union's issue: the model is checked by itself first.

        Captured for a missing model; that a name nobody knows is answered by the list of names
        was seen too, and that both issues come then is assumed.
        """
        if self.tag != "model":
            return []
        known = isinstance(name, str)
        issue = (
            issues.not_an_option(list(self.by_tag)) if known else issues.wrong_type("string", name)
        )
        issues.below("model", [issue])
        return [issue]

    def check_query(self, values: Mapping[str, Sequence[str]]) -> tuple[dict[str, Any], ...]:
        """Return the issues of a query, given as every value of each name."""
        return tuple(
            issue
            for each in self.query
            for issue in each.issues(each.read(values.get(each.name, ())))
        )

    def check_params(self, params: Mapping[str, str]) -> tuple[dict[str, Any], ...]:
        """Return the issues of the path's parameters."""
        return tuple(
            issue
            for each in self.parameters
            for issue in each.issues(params.get(each.name, UNDEFINED))
        )


_BOOLEANS = {"true": True, "false": False}
