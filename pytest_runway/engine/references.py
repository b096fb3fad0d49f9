"""Ids in bodies: what they must name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_runway.engine.context import Context

    Path = tuple[str | int, ...]

# By operation: where in the body an id stands, and of which collection. "[]" goes into a list.
_REFERENCES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "avatars": (("documentIds.[]", "documents"), ("voice.id", "voices")),
    "avatar_videos": (("avatar.avatarId", "avatars"), ("speech.voice.id", "voices")),
    "realtime_sessions": (("avatar.avatarId", "avatars"),),
}


def unknown_references(context: Context) -> list[tuple[str, Path]]:
    """Return the ids of a body that nothing has: each the collection, and the path to it."""
    return [
        (collection, path)
        for place, collection in _REFERENCES.get(context.operation.name, ())
        for path, id_ in _named(context.body, place.split("."), ())
        if not context.exists(collection, id_)
    ]


def _named(value: Any, names: list[str], path: Path) -> Iterator[tuple[Path, str]]:
    if not names:
        yield path, value
    elif names[0] == "[]":
        for index, item in enumerate(value):
            yield from _named(item, names[1:], (*path, index))
    elif names[0] in value:
        yield from _named(value[names[0]], names[1:], (*path, names[0]))
