"""Reading a body by the names that rules and prices use, and the conditions on what is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_runway.contract.javascript import is_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SIZE = re.compile(r"([1-9]\d{0,5}):([1-9]\d{0,5})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fields:
    """A body read by paths such as ``duration``, ``input.duration`` or ``promptImage[].position``.

    A field that is absent counts as its default, except where its presence is asked for.
    """

    body: Any
    defaults: Mapping[str, Any]

    def value(self, path: str) -> Any:
        """Return the value at a path, its default where it is absent, or None."""
        if path.isidentifier() and isinstance(self.body, dict):  # as nearly all of them are
            found = self.body.get(path)
        else:
            found = next(iter(walked(self.body, path)), None)
        return self.defaults.get(path) if found is None else found

    def present(self, path: str) -> bool:
        """Tell whether the body itself holds something at a path."""
        return any(True for _ in walked(self.body, path))

    def items(self, path: str) -> Sequence[Any]:
        """Return the items of a list, or the one value where a list could stand but does not."""
        value = self.value(path)
        if value is None:
            return ()
        return value if isinstance(value, list) else (value,)

    def count(self, path: str, where: Mapping[str, Any]) -> int:
        """Return how many of a field's items have every key as ``where`` says."""
        return sum(
            all(has(item, key, wanted) for key, wanted in where.items())
            for item in self.items(path)
        )

    def hold(self, when: Mapping[str, Any], *, pixels: float | None = None) -> bool:
        """Tell whether every condition holds: a value, a list of values, or a special form.

        ``"$present"`` and ``"$absent"`` ask for the field itself; ``$pixels`` stands for
        ``pixels`` and takes ``[min, max]``, either of which may be None.
        """
        return all(self._holds(path, wanted, pixels) for path, wanted in when.items())

    def _holds(self, path: str, wanted: Any, pixels: float | None) -> bool:
        if path == "$pixels":
            return pixels is not None and within(pixels, *wanted)
        found = list(walked(self.body, path))
        if wanted in ("$present", "$absent"):
            return bool(found) is bool(wanted == "$present")
        return any(is_one_of(value, wanted) for value in found or [self.defaults.get(path)])


def walked(value: Any, path: str) -> Iterator[Any]:
    """Yield what stands at a path; ``[]`` after a name goes into each item of a list."""
    name, _, rest = path.partition(".")
    key = name.removesuffix("[]")
    if not isinstance(value, dict) or key not in value:
        return
    inner = value[key]
    each = inner if name != key and isinstance(inner, list) else [inner]
    for item in each:
        if rest:
            yield from walked(item, rest)
        else:
            yield item


def has(item: Any, key: str, wanted: Any) -> bool:
    """Tell whether an item has a key as wanted: a value, a list of them, present or absent."""
    found = list(walked(item, key))
    if wanted in ("$present", "$absent"):
        return bool(found) is bool(wanted == "$present")
    return any(is_one_of(value, wanted) for value in found)


def within(value: float, low: float | None, high: float | None) -> bool:
    """Tell whether a number lies between two bounds, either of which may be None."""
    return (low is None or value >= low) and (high is None or value <= high)


def is_one_of(value: Any, wanted: Any) -> bool:
    """Tell whether a value equals what is wanted, or one of a list; True is not 1 here."""
    choices = wanted if isinstance(wanted, list) else [wanted]
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in choices)


def dimensions(ratio: Any) -> tuple[int, int] | None:
    """Return width and height of a ratio such as ``1280:720``, None for any other form."""
    found = _SIZE.fullmatch(ratio) if isinstance(ratio, str) else None
    return (int(found[1]), int(found[2])) if found else None


def quantity(value: Any) -> float | None:
    """Return a value that is a number, else None."""
    return value if is_number(value) else None
