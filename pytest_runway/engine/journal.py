"""The journal: everything that happened, in order, in virtual time. The one source of truth."""

from __future__ import annotations

import re
import sys
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

_LONGEST_STRING = 200
_SHOWN = 48
_SAMPLE = 1_024
_KEY = re.compile(r"key_[0-9A-Za-z]+")

EventKind = Literal["transition", "credits", "fault"]


@dataclass(slots=True)
class Exchange:
    """One request and what came of it.

    ``at`` is in virtual seconds since the fake started. ``status`` is what the client was told,
    None where it heard nothing. ``site`` names the exchange the same way in every run of the
    same test. ``body`` is the parsed JSON with long strings cut; keys are redacted.
    ``reasons`` are the messages of the issues that a body was refused for.

    ``flow`` is the thread or asynchronous task that asked, 0 where nobody knows. ``told`` is the
    task's status as the answer had it, None where it had none; ``retry_after_ms`` is how long a
    refusal asked the client to wait. ``left_at`` is when a client gave up waiting for an answer
    that never came, infinite until then; None where an answer or a break came at once.
    """

    number: int
    at: float
    method: str
    path: str
    operation: str | None
    model: str | None = None
    status: int | None = None
    task: int | None = None
    fault: str | None = None
    site: str = ""
    error: str | None = None
    reasons: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    flow: int = 0
    told: str | None = None
    retry_after_ms: int | None = None
    left_at: float | None = None

    def line(self) -> str:
        """Return the exchange as one line: when, what, and what came of it."""
        outcome = "no answer" if self.status is None else str(self.status)
        notes = [f"task {self.task}"] if self.task is not None else []
        notes += [note for note in (self.model, self.error, self.fault) if note]
        said = f" ({', '.join(notes)})" if notes else ""
        return f"{self.at:9.3f} s  {self.method:<6} {self.path} -> {outcome}{said}"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that no request says by itself: a transition, a charge, a fault that struck."""

    at: float
    kind: EventKind
    task: int | None
    detail: str


@dataclass(slots=True)
class Journal:
    """Exchanges and events, each in order.

    ``transfers`` are what went to the hosts beside the API: uploads and downloads; ``looked_at``
    is what the test read of the fake, of that which the go-live checklist asks for.
    """

    exchanges: list[Exchange] = field(default_factory=list)
    transfers: list[Exchange] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    looked_at: set[str] = field(default_factory=set)
    _kept: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = field(default_factory=dict)

    def answered(self, since: int = 0) -> list[Exchange]:
        """Return the exchanges after number ``since``, without the one that is being answered.

        For who looks on from another thread.
        """
        found = self.exchanges[since:]
        return found[:-1] if found and not found[-1].site else found

    def redacted(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        """Return the headers with the key cut to its first characters.

        A client sends the same ones again and again, so equal ones are kept once.
        """
        same = tuple(headers.items())
        kept = self._kept.get(same)
        if kept is None:
            kept = {name: _KEY.sub(_cut_key, value) for name, value in same}
            self._kept[same] = kept
        return kept

    def site(self, kind: str) -> str:
        """Return a name that is the same in each run: the kind, and the how-manieth it is."""
        self.seen[kind] += 1
        return f"{kind}#{self.seen[kind]}"


class Cut(str):
    """A long string, cut to how it begins. ``length`` and ``mark`` are of all of it.

    Two of the same mark are the same string, for all that can be told without keeping them.
    """

    __slots__ = ("length", "mark")
    length: int
    mark: int

    def __new__(cls, value: str) -> Self:
        """Cut a string."""
        cut = super().__new__(cls, f"{value[:_SHOWN]}… ({len(value):,} characters)")
        cut.length = len(value)
        cut.mark = zlib.crc32(_sample(value).encode("utf-8", "surrogatepass"))
        return cut


def _sample(value: str) -> str:
    """Return a short string whole, of a long one its ends and a comb of the rest: it may have 16
    million characters."""
    if len(value) <= _SAMPLE * 4:
        return value
    return value[:_SAMPLE] + value[:: len(value) // _SAMPLE] + value[-_SAMPLE:]


def shorten(value: Any) -> Any:
    """Return JSON with long strings cut and keys redacted: a data URI is megabytes."""
    if isinstance(value, str):
        if len(value) > _LONGEST_STRING:
            return Cut(value)
        shown = _KEY.sub(_cut_key, value) if "key_" in value else value
        # A hundred thousand bodies mostly say the same few things: keep each of them once.
        return sys.intern(shown)
    if isinstance(value, dict):
        return {sys.intern(name): shorten(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shorten(item) for item in value]
    return value


def _cut_key(found: re.Match[str]) -> str:
    return f"{found[0][:8]}…" if len(found[0]) > len("key_") + 8 else found[0]
