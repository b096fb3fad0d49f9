"""Methods of a class that are replaced for a while, whoever else replaces them too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Methods:
    """The replaced methods of one class; what a base class does is replaced in this class only."""

    def __init__(self, owner: type[Any]) -> None:
        """Replace nothing yet."""
        self._owner: Any = owner
        self._ours: dict[str, tuple[Any, Any]] = {}

    def replace(self, name: str, make: Callable[[Any], Any]) -> None:
        """Put what ``make`` makes of a method in its place."""
        before = vars(self._owner).get(name)
        ours = make(getattr(self._owner, name))
        setattr(self._owner, name, ours)
        self._ours[name] = (ours, before)

    def put_back(self) -> None:
        """Put everything back that nobody else has replaced since."""
        for name, (ours, before) in self._ours.items():
            if vars(self._owner).get(name) is not ours:
                continue
            if before is None:
                delattr(self._owner, name)
            else:
                setattr(self._owner, name, before)
        self._ours.clear()
