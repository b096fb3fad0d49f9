"""From a method and a path to an operation, by looking up segments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_runway.contract.operation import Operation


@dataclass(frozen=True, slots=True)
class Match:
    """An operation, and the path's parameters by name."""

    operation: Operation
    params: dict[str, str]


class Routes:
    """Operations by method and path; a path without parameters goes before one with them.

    A look-up or two and no scan: most parameters stand last. For the others, the places of the
    parameters in paths with as many segments are known, and what stands there is taken out before
    looking up the rest.
    """

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._fixed: dict[tuple[str, str], Operation] = {}
        self._open: dict[tuple[str, ...], tuple[Operation, list[str]]] = {}
        self._places: dict[int, list[tuple[int, ...]]] = {}
        self._last: dict[tuple[str, str], tuple[Operation, str]] = {}
        self._methods: dict[str, None] = {}
        for operation in operations:
            self._methods[operation.method] = None
            self._add(operation)

    def _add(self, operation: Operation) -> None:
        segments = operation.path.split("/")
        places = tuple(at for at, each in enumerate(segments) if each.startswith("{"))
        if not places:
            self._fixed[operation.method, operation.path] = operation
            return
        names = [segments[at].strip("{}") for at in places]
        if places == (len(segments) - 1,):
            self._last[operation.method, "/".join(segments[:-1])] = operation, names[0]
            return
        for at in places:
            segments[at] = ""
        self._open[(operation.method, *segments)] = operation, names
        known = self._places.setdefault(len(segments), [])
        if places not in known:
            known.append(places)

    def match(self, method: str, path: str) -> Match | None:
        """Return the operation for a method and a decoded path, None where there is none."""
        operation = self._fixed.get((method, path))
        if operation is not None:
            return Match(operation, {})
        before, _, value = path.rpartition("/")
        last = self._last.get((method, before))
        if last is not None and value:
            return Match(last[0], {last[1]: value})
        segments = path.split("/")
        for places in self._places.get(len(segments), ()):
            rest, values = segments.copy(), []
            for at in places:
                values.append(rest[at])
                rest[at] = ""
            found = self._open.get((method, *rest))
            if found is not None and all(values):
                return Match(found[0], dict(zip(found[1], values, strict=True)))
        return None

    def methods(self, path: str) -> tuple[str, ...]:
        """Return the methods that a path takes, in the order in which the document uses them."""
        return tuple(method for method in self._methods if self.match(method, path))
