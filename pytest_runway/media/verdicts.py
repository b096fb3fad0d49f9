"""What judging ends in: nothing, a refusal at once, or a failure later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

IssueCode = Literal["custom", "too_big", "too_small"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why Runway refuses a media value when it is sent: a 400 with one issue.

    ``code`` and ``extra`` are the keys that stand before ``message`` in the issue.
    """

    message: str
    code: IssueCode = "custom"
    extra: tuple[tuple[str, Any], ...] = ()

    def issue(self, path: Sequence[str | int]) -> dict[str, Any]:
        """Return the entry of ``issues`` for the value that stands at ``path``."""
        return {"code": self.code, **dict(self.extra), "message": self.message, "path": [*path]}


@dataclass(frozen=True, slots=True)
class Late:
    """Damage that Runway finds after accepting the value: the task ends FAILED with ``code``."""

    reason: str
    code: str = "ASSET.INVALID"


Verdict: TypeAlias = "Refusal | Late | None"
"""``None`` is acceptance."""
