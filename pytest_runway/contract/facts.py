"""Errors and failures as the contract knows them, filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class ErrorFact:
    """An error reply: ``body`` is a JSON value or, where ``content_type`` is no JSON, a text."""

    status: int
    body: Any
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task failed: its ``failureCode``, the text of ``failure``, and what follows from it.

    ``retry`` is the documented advice.
    """

    code: str
    failure: str
    refunded: bool
    retry: Any


def filled(name: str, template: Any, values: Mapping[str, Any]) -> Any:
    """Return a body with the keys that ``values`` names replaced, and its ``{placeholders}``.

    Raises:
        UsageError: for a placeholder without a value.
    """
    if isinstance(template, dict):
        return {
            key: values[key] if key in values else filled(name, each, values)
            for key, each in template.items()
        }
    if isinstance(template, list):
        return [filled(name, each, values) for each in template]
    if not isinstance(template, str):
        return template
    missing = [key for key in _PLACE.findall(template) if key not in values]
    if missing:
        raise UsageError(f"the error {name!r} needs values for {', '.join(missing)}")
    return _PLACE.sub(lambda found: str(values[found[1]]), template)


def failure_for(known: Mapping[str, Mapping[str, Any]], code: str) -> Failure:
    """Return what is known of a failure code, by the longest known prefix of whole segments.

    Raises:
        UsageError: for a code of which no prefix is known.
    """
    segments = code.split(".")
    for length in range(len(segments), 0, -1):
        prefix = ".".join(segments[:length])
        for name in (prefix, f"{prefix}.*"):
            if name in known:
                fact = known[name]
                return Failure(code, fact["failure"], fact["refunded"], fact["retry"])
    raise UsageError(f"no failure code begins like {code!r}; known are {', '.join(known)}")
