"""Replaced attributes, and the way back."""

from __future__ import annotations

from typing import Any, Final

_ABSENT: Final = object()


class Patches:
    """A set of replaced attributes that can be taken back, in reverse order.

    What somebody else put in place of ours meanwhile stays: taking that back is up to them.
    """

    def __init__(self) -> None:
        self._made: list[tuple[Any, str, Any, Any]] = []

    def __len__(self) -> int:
        return len(self._made)

    def set(self, owner: Any, name: str, new: Any) -> None:
        """Replace an attribute of a module or class."""
        self._made.append((owner, name, vars(owner).get(name, _ABSENT), new))
        setattr(owner, name, new)

    def undo(self) -> None:
        """Restore every attribute that is still ours."""
        while self._made:
            owner, name, old, new = self._made.pop()
            if vars(owner).get(name, _ABSENT) is not new:
                continue
            if old is _ABSENT:
                delattr(owner, name)
            else:
                setattr(owner, name, old)
