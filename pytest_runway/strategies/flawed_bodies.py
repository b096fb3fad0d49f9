"""Strategies for request bodies that are one fault away from being accepted."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import assume
from hypothesis import strategies as st

from pytest_runway.strategies.bodies import bodies, chosen, values
from pytest_runway.strategies.changes import changes

if TYPE_CHECKING:
    from pytest_runway.strategies.bodies import Body


@dataclass(frozen=True)
class FlawedBody:
    """A body with exactly one fault: the issue that answers it has this ``code`` and ``path``.

    A ``flaw`` of media has the name that it has in the forge, ``"image.too_wide"``.
    """

    body: Body
    flaw: str
    code: str
    path: tuple[str | int, ...]


def flawed_bodies(
    operation: str, *, model: str | None = None, method: str = "POST"
) -> st.SearchStrategy[FlawedBody]:
    """Bodies of an operation with exactly one fault, which ``.flaw`` names.

    Something required is missing; a type, an option, a number or a length is wrong; a closed
    object has a key too many; or a medium has one of the forge's flaws.

    Raises:
        UsageError: for an operation or a model that there is not.
    """
    _, variants = chosen(operation, model, method)
    names = sorted({variant.name for variant in variants})
    return st.one_of([_flawed(operation, name, method) for name in names])


@st.composite
def _flawed(draw: st.DrawFn, operation: str, model: str, method: str) -> FlawedBody:
    found, variants = chosen(operation, model, method)
    body = draw(bodies(operation, model=model, method=method))
    variant = next(each for each in variants if not each.check(body))
    there = changes(body, variant.schema, values(), untouched=found.tag)
    assume(there)
    number = draw(st.integers(0, len(there) - 1))
    broken = copy.deepcopy(body)
    there[number].apply(broken)
    return FlawedBody(broken, there[number].flaw, there[number].code, there[number].path)
