"""The contract of one API version: its operations, errors, failures, tiers and limits."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from pytest_runway.contract.document import merged_parts
from pytest_runway.contract.facts import ErrorFact, Failure, failure_for, filled
from pytest_runway.contract.paths import operations_of
from pytest_runway.contract.routes import Match, Routes
from pytest_runway.contract.vocabulary import check_document
from pytest_runway.errors import UsageError
from pytest_runway.suggesting import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_runway.contract.operation import Operation


def load(version: str = "2024-11-06") -> Contract:
    """Return the contract of an API version, read once.

    Raises:
        UsageError: for a version that is not there; the message names those that are.
        ContractError: for a keyword, format or annotation that nothing here interprets.
    """
    return _read(version)


@lru_cache
def _read(version: str) -> Contract:
    return Contract(version, merged_parts(version))


class Contract:
    """What one version of the API accepts and answers.

    Raises:
        ContractError: for a document that says something that nothing here interprets.
    """

    def __init__(self, version: str, document: dict[str, Any]) -> None:
        check_document(document)
        self.version = version
        self.document = document
        self.operations = operations_of(document)
        self._routes = Routes(self.operations)

    def match(self, method: str, path: str) -> Match | None:
        """Return the operation for a method and a decoded path, None where there is none."""
        return self._routes.match(method, path)

    def methods(self, path: str) -> tuple[str, ...]:
        """Return the methods that a path takes, none where there is no such path."""
        return self._routes.methods(path)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all operations, sorted."""
        return tuple(sorted(self._by_name))

    @cached_property
    def _by_name(self) -> dict[str, list[Operation]]:
        found: dict[str, list[Operation]] = {}
        for operation in self.operations:
            found.setdefault(operation.name, []).append(operation)
        return found

    def operation(self, name: str, method: str | None = None) -> tuple[Operation, ...]:
        """Return the operations of a name, those with the method where one is given.

        Raises:
            UsageError: for a name or a method that no operation has; the message names the nearest.
        """
        if name not in self._by_name:
            raise UsageError(f"no operation {name!r}; {nearest(name, self.names)}")
        named = self._by_name[name]
        found = tuple(each for each in named if method is None or each.method == method.upper())
        if not found:
            methods = ", ".join(sorted({each.method for each in named}))
            raise UsageError(f"{name!r} takes no {method}; it takes {methods}")
        return found

    def error(self, name: str, **values: Any) -> ErrorFact:
        """Return an error reply; ``values`` replace keys of its body, and its placeholders.

        Raises:
            UsageError: for a name that the contract does not have, or a placeholder without value.
        """
        self.check_error(name)
        fact = self.document["x-runway-errors"][name]
        return ErrorFact(
            status=fact["status"],
            body=filled(name, fact["body"], values),
            content_type=fact.get("content_type", "application/json; charset=utf-8"),
            headers=fact.get("headers", {}),
        )

    def check_error(self, name: str) -> None:
        """Refuse the name of an error that the contract does not have, with a ``UsageError``."""
        known = self.document["x-runway-errors"]
        if name not in known:
            near = nearest(name, sorted(known))
            raise UsageError(f"no error {name!r}; {near}")

    def default_error(self, status: int, **values: Any) -> ErrorFact | None:
        """Return the error reply that stands for a status, None where there is none.

        ``values`` fill it in as ``error`` does.
        """
        name = self.document.get("x-runway-default-errors", {}).get(str(status))
        return None if name is None else self.error(name, **values)

    def failure(self, code: str) -> Failure:
        """Return what is known of a failure code, by the longest known prefix.

        Raises:
            UsageError: for a code of which no prefix is known; the message lists the codes.
        """
        return failure_for(self.document["x-runway-failures"], code)

    @cached_property
    def tiers(self) -> Mapping[str, Any]:
        """By group, the limits ``{concurrent, daily}`` of the five tiers; ``monthly_credits``.

        ``reached_by_credits`` is what has to have been bought in all to reach each.
        """
        stated = self.document.get("x-runway-tiers", {})
        return {name: fact.get("tiers", fact.get("value")) for name, fact in stated.items()}

    @cached_property
    def limits(self) -> Mapping[str, Any]:
        """The single limits by name, such as ``body_bytes``, without their sources."""
        return self.values("limits")

    def values(self, section: str) -> dict[str, Any]:
        """Return a section of facts, such as ``reply-headers``, without their sources."""
        found: dict[str, Any] = _without_source(self.document.get(f"x-runway-{section}", {}))
        return found


def _without_source(fact: Any) -> Any:
    if not isinstance(fact, dict):
        return fact
    if "value" in fact:
        return fact["value"]
    return {key: _without_source(each) for key, each in fact.items() if key not in _SIGNED}


_SIGNED = ("source", "mark")
