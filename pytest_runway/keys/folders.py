"""Which files to look at, below a folder with git and without."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from pytest_runway.keys import git
from pytest_runway.keys.leaks import Scan, Skipped, shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEFT_OUT = frozenset(
    {".git", ".hg", ".mypy_cache", ".ruff_cache", ".tox", ".venv", "__pycache__", "node_modules"}
)
# Templates, and files that hold no plain text.
_TEMPLATES = (".example", ".sample", ".template", ".tpl", ".j2", ".dist", ".defaults", ".schema")
_SEALED = (".vault", ".enc", ".encrypted", ".gpg", ".age")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to look at: where it is, what to call it, and whether git tracks it."""

    path: Path
    name: str
    is_tracked: bool = False


def candidates(given: Path, scan: Scan) -> Iterator[Candidate]:
    """Yield what there is at a path that somebody named; a file named is always looked at."""
    start = _display(given)
    if not given.is_dir():
        yield Candidate(given, shown_path(start))
        return
    try:
        git.toplevel(given)
        names = None if git.is_ignored(given) else git.tracked(given)
        others = [] if names is None else git.beside(given)
    except git.GitRefused as refusal:
        scan.note(f"{refusal}: every file was read, tracked or not, and none is held to be tracked")
        names = None
    if names is None:
        yield from _walk(given, start, scan)
        return
    for name in names:
        yield Candidate(given / name, _joined(start, name), is_tracked=True)
    for name in others:
        yield Candidate(given / name, _joined(start, name))


def is_secret_env(name: str) -> bool:
    """Whether a file's name is that of an ``.env`` that holds values: no template, not sealed."""
    last = PurePath(name).name.lower()
    if last != ".env" and not last.startswith(".env."):
        return False
    return not last.endswith((*_TEMPLATES, *_SEALED))


def why_not(path: Path) -> str | None:
    """Return why a file is not read, None where it can be."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return "it is gone from the working tree"
    except OSError as error:
        return error.strerror or "it cannot be read"
    if stat.S_ISLNK(mode):
        return "a link: what it leads to is looked at where it is"
    if stat.S_ISDIR(mode):
        return "a repository inside this one"
    return None if stat.S_ISREG(mode) else "not a regular file"


def _walk(folder: Path, start: str, scan: Scan) -> Iterator[Candidate]:
    def unreadable(error: OSError) -> None:
        at = os.path.relpath(error.filename, folder)
        scan.skipped.append(Skipped(_joined(start, at), error.strerror or "it cannot be read"))

    for at, folders, names in os.walk(folder, onerror=unreadable):
        left_out = sorted(
            name for name in folders if name in _LEFT_OUT or Path(at, name, "pyvenv.cfg").is_file()
        )
        for name in left_out:
            here = os.path.relpath(Path(at, name), folder)
            scan.skipped.append(Skipped(_joined(start, here), "not the project's own files"))
        folders[:] = sorted(set(folders) - set(left_out))
        for name in sorted(names):
            path = Path(at, name)
            yield Candidate(path, _joined(start, os.path.relpath(path, folder)))


def _display(given: Path) -> str:
    """Return what to call a path: relative to where we are, or by its own last name."""
    whole = Path(os.path.abspath(given))  # noqa: PTH100 - resolve() would follow links
    try:
        return str(whole.relative_to(Path.cwd()))
    except ValueError:
        return whole.name


def _joined(start: str, name: str) -> str:
    return shown_path(PurePath(name).as_posix() if start == "." else f"{start}/{name}")
