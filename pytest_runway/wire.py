"""HTTP as frozen values: what every transport hands to the engine, and what it gets back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BreakKind = Literal["refuse", "hang", "reset", "cut", "drip"]
BREAK_KINDS: tuple[BreakKind, ...] = get_args(BreakKind)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it reached the fake.

    ``headers`` has lower-case names; ``path`` is decoded and has no query; ``query`` is the raw
    text after the question mark. ``flow`` is a number for the thread or the asynchronous task that
    asks, 0 where nobody knows: what one flow does comes one after the other.
    """

    method: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    flow: int = field(default=0, compare=False)

    def query_values(self) -> dict[str, list[str]]:
        """Return the query's values by name, in order of appearance, blank values kept."""
        return parse_qs(self.query, keep_blank_values=True)


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer. ``headers`` keeps the order in which they are sent."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def json(self) -> Any:
        """Return the body, parsed. Raises ``ValueError`` where the body is not JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Break:
    """What happens to the connection instead of an answer.

    ``refuse`` never connects, ``hang`` never answers, ``reset`` drops the connection before the
    first byte, ``cut`` drops it in the middle of ``reply``, ``drip`` sends ``reply`` a few bytes
    at a time. A transport that hangs calls ``gone`` with the Unix seconds when the client has left.
    """

    kind: BreakKind
    reply: Reply | None = None
    gone: Callable[[float], None] | None = field(default=None, compare=False, repr=False)
