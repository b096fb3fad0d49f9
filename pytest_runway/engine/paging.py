"""Pages of a list: ``limit`` and ``cursor`` in, ``data``, ``hasMore``, ``nextCursor`` out."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pytest_runway.engine.encoding import json_bytes
from pytest_runway.engine.replies import json_reply
from pytest_runway.engine.validation import refuse_custom

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pytest_runway.engine.context import Context
    from pytest_runway.wire import Reply

Item = TypeVar("Item")
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page, and the cursor of the next, None at the end."""

    items: Sequence[Item]
    next_cursor: str | None

    def body(self, entry: Callable[[Item], dict[str, Any]]) -> dict[str, Any]:
        """Return the page as the API writes it."""
        return {
            "data": [entry(item) for item in self.items],
            "hasMore": self.next_cursor is not None,
            "nextCursor": self.next_cursor,
        }


class BadCursor(ValueError):
    """The cursor is none, or another list's."""


def scope_of(name: str, filters: Mapping[str, Any]) -> str:
    """Return what marks the cursors of one list with one set of filters."""
    said = json.dumps([name, sorted(filters.items())], default=str)
    return hashlib.sha1(said.encode(), usedforsecurity=False).hexdigest()[:12]


def page_of(
    items: Iterable[Item],
    place: Callable[[Item], Place],
    *,
    scope: str,
    limit: int,
    cursor: str | None,
    descending: bool = True,
) -> Page[Item]:
    """Return the page after a cursor.

    A cursor names the place of the last item seen, not a count, so that nothing is shown twice
    or left out where others are made or deleted in between.

    Raises:
        BadCursor: for a cursor that this list with these filters did not give.
    """
    sign = -1 if descending else 1
    ordered = sorted(items, key=lambda item: tuple(sign * part for part in place(item)))
    if cursor is not None:
        after = tuple(sign * part for part in _opened(cursor, scope))
        ordered = [item for item in ordered if tuple(sign * p for p in place(item)) > after]
    shown = ordered[:limit]
    has_more = len(ordered) > limit
    return Page(shown, _sealed(scope, place(shown[-1])) if has_more else None)


def paged(
    context: Context,
    items: Iterable[Item],
    *,
    place: Callable[[Item], tuple[int, int]],
    entry: Callable[[Item], dict[str, Any]],
    descending: bool = True,
) -> Reply:
    """Answer with a page of items, sorted by their places; a bad cursor is a 400."""
    cursor = context.query("cursor")
    try:
        page = page_of(
            items,
            place,
            scope=_scope(context),
            limit=int(context.query("limit")),
            cursor=None if context.engine.conformance else cursor,
            descending=descending,
        )
    except BadCursor:
        bad = [(("cursor",), "Invalid cursor")]
        return refuse_custom(context, bad, error="query_validation")
    return json_reply(200, page.body(entry))


def _scope(context: Context) -> str:
    filters = {
        each.name: context.query(each.name)
        for each in context.operation.query
        if each.name not in ("limit", "cursor")
    }
    return scope_of(context.operation.id, {**context.params, **filters})


def _sealed(scope: str, place: Place) -> str:
    return base64.urlsafe_b64encode(json_bytes([scope, *place])).decode().rstrip("=")


def _opened(cursor: str, scope: str) -> Place:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        said = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        (of, moment, number) = said
    except (ValueError, TypeError) as error:
        raise BadCursor(cursor) from error
    whole = all(isinstance(part, int) and not isinstance(part, bool) for part in (moment, number))
    if of != scope or not whole or _sealed(scope, (moment, number)) != cursor:
        raise BadCursor(cursor)
    return moment, number
