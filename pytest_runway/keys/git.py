"""What is asked of git: which files there are, and every object of its history."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

# Kept out of git on purpose, and read by others all the same.
KEPT_BESIDE = (
    ":(glob,icase)**/*.log",
    ":(glob,icase)**/*.har",
    ":(glob)**/logs/**",
    ":(glob)**/cassettes/**",
    ":(glob)**/snapshots/**",
    ":(glob)**/__snapshots__/**",
    ":(exclude,glob)**/node_modules/**",
    ":(exclude,glob)**/.venv/**",
    ":(exclude,glob)**/.tox/**",
)


class GitRefused(Exception):
    """Git is not there, or does not take the folder for one of its own; says why."""


@dataclass(frozen=True, slots=True)
class GitObject:
    """One object of the store: its id, its type and its size in bytes."""

    id: str
    type: str
    size: int


class Body:
    """The bytes of one object, and no more, from a stream that goes on."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        """Read ``size`` bytes from ``stream``."""
        self._stream = stream
        self.left = size

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""
        piece = self._stream.read(min(size, self.left))
        self.left -= len(piece)
        return piece

    def skip(self) -> None:
        """Read on to the end."""
        while self.left and self.read(1 << 20):
            pass


def toplevel(folder: Path) -> str:
    """Return the folder of the repository.

    Raises:
        GitRefused: where there is none, or git does not trust it.
    """
    return os.fsdecode(_output(folder, "rev-parse", "--show-toplevel")).rstrip("\n")


def is_ignored(folder: Path) -> bool:
    """Whether git leaves a whole folder out."""
    return _run(folder, "check-ignore", "-q", ".").returncode == 0


def is_shallow(folder: Path) -> bool:
    """Whether the history was cut when it was cloned."""
    return _output(folder, "rev-parse", "--is-shallow-repository").strip() == b"true"


def tracked(folder: Path) -> list[str]:
    """Return the files below a folder that git tracks, relative to the folder."""
    return _names(folder)


def beside(folder: Path) -> list[str]:
    """Return the files that git does not track: new ones, and logs, cassettes and snapshots."""
    new = _names(folder, "--others", "--exclude-standard")
    return sorted({*new, *_names(folder, "--others", "--", *KEPT_BESIDE)})


def objects(folder: Path) -> Iterator[tuple[GitObject, Body]]:
    """Yield every object of the store; what the caller leaves of a body is skipped."""
    words = ("cat-file", "--batch", "--batch-all-objects", "--unordered", "--buffer")
    with subprocess.Popen(  # noqa: S603
        _command(folder, *words),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    ) as process:
        stream = process.stdout
        assert stream is not None  # noqa: S101 - for the type checker
        try:
            while head := stream.readline():
                name, kind, *size = head.decode().split()
                if not size:  # "<id> missing", in a clone that fetches when asked
                    continue
                body = Body(stream, int(size[0]))
                yield GitObject(name, kind, int(size[0])), body
                body.skip()
                stream.read(1)
        finally:
            process.kill()


def commits_with(folder: Path, blobs: Sequence[str]) -> Iterator[tuple[int, str, str, str]]:
    """Yield (Unix time, commit, blob, path) for each commit that brought one of these blobs.

    Newest first, as git tells them.
    """
    words = [f"--find-object={blob}" for blob in blobs]
    shape = ("-m", "--raw", "--no-abbrev", "--no-renames", "--format=%H %ct")
    log = _output(folder, "log", "--all", *shape, *words)
    commit, at = "", 0
    for line in log.splitlines():
        if line.startswith(b":"):
            about, _, path = line.partition(b"\t")
            blob = about.split()[3].decode()
            if blob in blobs:
                yield at, commit, blob, os.fsdecode(path).strip('"')
        elif line:
            commit, seconds = line.decode().split()[:2]
            at = int(seconds)


def is_reachable(folder: Path, commit: str) -> bool:
    """Whether a branch, a tag or HEAD, which CI detaches, leads to a commit."""
    if _output(folder, "for-each-ref", "--count=1", "--contains", commit):
        return True
    return _run(folder, "merge-base", "--is-ancestor", commit, "HEAD").returncode == 0


def is_tag(folder: Path, object_: str) -> bool:
    """Whether a tag is this object: one that was deleted leaves its object behind."""
    return bool(_output(folder, "for-each-ref", "--count=1", "--points-at", object_, "refs/tags"))


def _names(folder: Path, *words: str) -> list[str]:
    found = _output(folder, "ls-files", "-z", *words).split(b"\0")
    return sorted({os.fsdecode(name) for name in found if name})


def _output(folder: Path, *words: str) -> bytes:
    done = _run(folder, *words)
    if done.returncode:
        said = done.stderr.decode(errors="replace")
        if "dubious ownership" in said:
            raise GitRefused("git does not trust the folder: it belongs to somebody else")
        if "not a git repository" in said:
            raise GitRefused("this is no git repository")
        raise GitRefused(f"git {words[0]} ended with status {done.returncode}")
    return done.stdout


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603
            _command(folder, *words), capture_output=True, check=False, env=_environment()
        )
    except FileNotFoundError as error:
        raise GitRefused("git is not installed") from error
    except OSError as error:
        raise GitRefused(f"git cannot be run: {error.strerror}") from error


def _command(folder: Path, *words: str) -> list[str]:
    settings = ("core.fsmonitor=false", "core.quotePath=false", "log.showSignature=false")
    quiet = [word for setting in settings for word in ("-c", setting)]
    return ["git", "-C", str(folder), *quiet, *words]


def _environment() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}
