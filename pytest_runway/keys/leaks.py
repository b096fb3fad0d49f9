"""What a scan says: leaks, what was not looked at, and how much was."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from pytest_runway.keys.rule import without_keys

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Leak:
    """One key where it must not be, or one file that must not be in git.

    ``shown`` is the beginning of the key, never more. ``line`` is None where there are none: in
    binary files, and for the file itself. ``commit`` is the first one that had it.
    """

    kind: Literal["key", "env"]
    path: str
    line: int | None = None
    commit: str | None = None
    shown: str = ""

    def __str__(self) -> str:
        where = self.path if self.line is None else f"{self.path}:{self.line}"
        if self.commit is not None:
            where = f"{self.commit[:12]} {where}"
        if self.kind == "env":
            return f"{where}: tracked by git; such a file holds keys sooner or later"
        return f"{where}: a Runway key, {self.shown}"


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not looked at, or not all of it, and why."""

    path: str
    why: str


@dataclass(slots=True)
class Scan:
    """What was found, and what was looked at: files, objects of git's history, bytes.

    ``notes`` say what somebody who reads "no key" must know.
    """

    leaks: list[Leak] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    files: int = 0
    objects: int = 0
    bytes: int = 0

    def note(self, sentence: str) -> None:
        """Add a note, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def to_json(self) -> dict[str, Any]:
        """Return the scan as what ``json`` writes; docs/keys.md says what the names mean."""
        return {"format": FORMAT, **asdict(self)}


def shown_path(name: str) -> str:
    """Return a path that is safe to print: a key in it cut, control characters escaped."""
    plain = "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in name
    )
    return without_keys(plain)
