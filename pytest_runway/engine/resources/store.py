"""Where everything lies that the API keeps besides tasks: by collection, in order of creation."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from pytest_runway.engine.resources.uploads import Upload


@dataclass(slots=True, eq=False)
class Resource:
    """One thing of a collection. Times are Unix milliseconds; ``number`` counts from 1."""

    id: str
    number: int
    created_ms: int
    updated_ms: int


R = TypeVar("R", bound=Resource)


class Shelf(dict[str, R], Generic[R]):
    """One collection: what is there now, by id, in order of creation."""

    made: int = 0

    def next_number(self) -> int:
        """Return how many there have been, this one among them."""
        self.made += 1
        return self.made


@dataclass(frozen=True, slots=True)
class Processing:
    """How long it takes until something is ready; forever where ``ms`` is None.

    With a ``failure`` it then has failed, for that reason.
    """

    ms: int | None = 10_000
    failure: str | None = None

    def status(self, since_ms: int, now_ms: int) -> Literal["PROCESSING", "READY", "FAILED"]:
        """Return what has become of it by now."""
        if self.ms is None or now_ms < since_ms + self.ms:
            return "PROCESSING"
        return "READY" if self.failure is None else "FAILED"

    def spoilt(self, failure: str | None) -> Processing:
        """Return the same, failing for what was found in an asset, unless it fails anyway."""
        return self if failure is None or self.failure else Processing(self.ms, failure)


@dataclass(slots=True)
class Store:
    """All collections of one account, and what was scripted for what is made next in them.

    With ``at_once`` nothing takes any time.
    """

    shelves: dict[str, Shelf[Resource]] = field(default_factory=dict)
    scripted: dict[str, deque[Processing]] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    at_once: bool = False

    def shelf(self, collection: str) -> Shelf[Resource]:
        """Return a collection, empty where nothing was made yet."""
        shelf = self.shelves.get(collection)
        if shelf is None:
            shelf = self.shelves[collection] = Shelf()
        return shelf

    def script(self, collection: str, processing: Processing) -> None:
        """Say how the next one of a collection fares that nothing was said of yet."""
        self.scripted.setdefault(collection, deque()).append(processing)

    def processing(self, collection: str, usual: Processing | None = None) -> Processing:
        """Return how the next one of a collection fares: as scripted, else as usual."""
        scripted = self.scripted.get(collection)
        if scripted:
            return scripted.popleft()
        if self.at_once:
            return Processing(0)
        return Processing() if usual is None else usual
