"""Documents: what avatars know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from pytest_runway.engine.encoding import iso_timestamp
from pytest_runway.engine.resources.family import WELL_KNOWN_ID, Family
from pytest_runway.engine.resources.store import Resource

if TYPE_CHECKING:
    from pytest_runway.engine.context import Context
    from pytest_runway.engine.resources.avatars import Avatar
    from pytest_runway.engine.state import State


@dataclass(slots=True, eq=False)
class Document(Resource):
    """A text by a name."""

    name: str
    content: str


class Documents(Family[Document]):
    """``/v1/documents``: listed in the order that the query asks for."""

    collection: ClassVar[str] = "documents"

    def make(self, context: Context, body: dict[str, Any]) -> Document:
        """Make a document."""
        return self._new(context.state, context.state.new_id(), body)

    def sample(self, state: State) -> Document:
        """Make the well-known document."""
        return self._new(state, WELL_KNOWN_ID, {"name": "Product FAQ", "content": "# FAQ"})

    def _new(self, state: State, id_: str, body: dict[str, Any]) -> Document:
        number, now_ms = self.shelf(state).next_number(), state.now_ms
        made = Document(id_, number, now_ms, now_ms, body["name"], body["content"])
        return self.keep(state, made)

    def change(self, context: Context, resource: Document, body: dict[str, Any]) -> None:
        """Change name and content, those that are given."""
        resource.name = body.get("name", resource.name)
        resource.content = body.get("content", resource.content)
        if body:
            resource.updated_ms = context.state.now_ms

    def remove(self, context: Context, resource: Document) -> None:
        """Take a document away, also from the avatars that know it (Assumed)."""
        super().remove(context, resource)
        for avatar in _avatars(context.state):
            if resource.id in avatar.document_ids:
                avatar.document_ids.remove(resource.id)

    def listed(self, context: Context) -> tuple[list[Document], str]:
        """Return all documents, and the order that the query asks for."""
        found, _ = super().listed(context)
        return found, context.query("order")

    def place(self, context: Context, resource: Document) -> tuple[int, int]:
        """Return where a document stands by ``createdAt`` or ``updatedAt``."""
        if context.query("sort") == "updatedAt":
            return resource.updated_ms, resource.number
        return super().place(context, resource)

    def entry(self, state: State, resource: Document) -> dict[str, Any]:
        """Return a document without its content."""
        return {
            "id": resource.id,
            "name": resource.name,
            "type": "text",
            "usedBy": [
                {"id": avatar.id, "name": avatar.name, "imageUrl": avatar.image_url(state.now_ms)}
                for avatar in _avatars(state)
                if resource.id in avatar.document_ids
            ],
            "createdAt": iso_timestamp(resource.created_ms),
            "updatedAt": iso_timestamp(resource.updated_ms),
        }

    def body(self, state: State, resource: Document) -> dict[str, Any]:
        """Return a document with its content."""
        return {**self.entry(state, resource), "content": resource.content}


def _avatars(state: State) -> list[Avatar]:
    return cast("list[Avatar]", list(state.store.shelf("avatars").values()))
