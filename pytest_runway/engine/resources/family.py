"""What the collections have in common, so that five behaviours serve all of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Generic, cast

from pytest_runway.engine.resources.store import R, Shelf

if TYPE_CHECKING:
    from pytest_runway.engine.context import Context
    from pytest_runway.engine.state import State
    from pytest_runway.wire import Reply

# The id in the SDK's own examples and tests: in conformance mode it always exists.
WELL_KNOWN_ID = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"


class Family(ABC, Generic[R]):
    """How one collection makes, shows, changes and removes what is in it.

    Refusals are returned as replies; what is returned as anything else has taken effect.
    """

    collection: ClassVar[str]
    pages: ClassVar[bool] = True

    def shelf(self, state: State) -> Shelf[R]:
        """Return the collection itself."""
        return cast("Shelf[R]", state.store.shelf(self.collection))

    def find(self, context: Context, id_: str) -> R | None:
        """Return one of the collection, None where there is none of that id."""
        found = self.shelf(context.state).get(id_.lower())
        if found is None and context.engine.conformance and id_ == WELL_KNOWN_ID:
            return self.sample(context.state)
        return found

    def keep(self, state: State, resource: R) -> R:
        """Put something new into the collection."""
        self.shelf(state)[resource.id] = resource
        return resource

    @abstractmethod
    def sample(self, state: State) -> R:
        """Make one with the well-known id, as an example of what can be in the collection."""

    @abstractmethod
    def body(self, state: State, resource: R) -> dict[str, Any]:
        """Return what GET says of one."""

    def entry(self, state: State, resource: R) -> dict[str, Any]:
        """Return what a list says of one."""
        return self.body(state, resource)

    def make(self, context: Context, body: dict[str, Any]) -> R | Reply:
        """Make one of a body that the schema allows, or refuse."""
        raise NotImplementedError(f"the API makes no {self.collection}: the test seeds them")

    def change(self, context: Context, resource: R, body: dict[str, Any]) -> Reply | None:
        """Change one by a body that the schema allows, or refuse."""
        raise NotImplementedError(f"the API changes no {self.collection}")

    def remove(self, context: Context, resource: R) -> None:
        """Take one away."""
        del self.shelf(context.state)[resource.id]

    def listed(self, context: Context) -> tuple[list[R], str]:
        """Return what a list shows, before paging, and the order: ``asc`` or ``desc``.

        The newest come first where the API says nothing of the order (Assumed).
        """
        return list(self.shelf(context.state).values()), "desc"

    def place(self, context: Context, resource: R) -> tuple[int, int]:  # noqa: ARG002
        """Return where one stands in a list that is sorted."""
        return resource.created_ms, resource.number
