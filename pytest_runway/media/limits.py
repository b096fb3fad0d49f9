"""The limits of one media field, as the contract's ``x-runway-media`` says them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from pytest_runway.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Mapping

Window = tuple["float | None", "float | None"]
"""A least and a greatest value; ``None`` is open."""

_SAID_ELSEWHERE = frozenset({"kind", "source", "mark"})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Limits:
    """What one field of one model asks of its media, beyond what holds for every field.

    ``aspect`` is width / height; ``seconds`` the length of a clip or a sound.
    """

    aspect: Window | None = None
    min_side_px: int | None = None
    max_side_px: int | None = None
    seconds: Window | None = None
    max_fps: float | None = None
    max_bytes: int | None = None

    @classmethod
    def from_annotation(cls, annotation: Mapping[str, Any]) -> Limits:
        """Return the limits of an ``x-runway-media`` object.

        Raises:
            ContractError: for a key that nothing here checks.
        """
        known = {field.name for field in fields(cls)}
        if unknown := set(annotation) - known - _SAID_ELSEWHERE:
            raise ContractError(
                f"x-runway-media says {sorted(unknown)}, which nothing checks; "
                f"known: {', '.join(sorted(known))}"
            )
        values = {key: value for key, value in annotation.items() if key in known}
        for key in ("aspect", "seconds"):
            if key in values:
                least, greatest = values[key]
                values[key] = (least, greatest)
        return cls(**values)

    def __repr__(self) -> str:
        said = ((field.name, getattr(self, field.name)) for field in fields(self))
        return f"Limits({', '.join(f'{k}={v!r}' for k, v in said if v is not None)})"

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """Print what is said and no more in Hypothesis too, which takes dataclasses apart."""
        printer.text(repr(self))


NO_LIMITS = Limits()
