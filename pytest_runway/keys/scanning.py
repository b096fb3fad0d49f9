"""The scan: files as they are now, and everything that git ever kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pytest_runway.errors import UsageError
from pytest_runway.keys import git
from pytest_runway.keys.folders import candidates, is_secret_env, why_not
from pytest_runway.keys.history import look_back
from pytest_runway.keys.leaks import Leak, Scan, Skipped, shown_path
from pytest_runway.keys.pieces import detector, hits
from pytest_runway.keys.rule import find_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import BinaryIO

    from pytest_runway.keys.detector import RunwayKeyDetector
    from pytest_runway.keys.folders import Candidate

MOST_BYTES = 256 << 20
_PACKED = {
    b"PK\x03\x04": "zip",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"(\xb5/\xfd": "zstd",
}


def scan(paths: Sequence[Path], *, history: bool = False, most_bytes: int = MOST_BYTES) -> Scan:
    """Look for Runway keys below some paths; of a file, at its first ``most_bytes``.

    Raises:
        UsageError: for a path that there is not, for ``history`` where there is no git, and
            where detect-secrets is not installed.
    """
    plugin = detector()
    for path in paths:
        if not path.exists():
            raise UsageError(f"there is no {shown_path(str(path))!r} to look for keys in")
    found = Scan()
    seen: set[Path] = set()
    for path in paths:
        for candidate in candidates(path, found):
            real = candidate.path.absolute()
            if real not in seen:
                seen.add(real)
                _look(candidate, found, plugin, most_bytes, is_named=candidate.path == path)
    if history:
        for folder in _repositories(paths):
            look_back(folder, found, plugin)
    found.leaks = list(dict.fromkeys(found.leaks))
    return found


def _look(
    candidate: Candidate, found: Scan, plugin: RunwayKeyDetector, most: int, *, is_named: bool
) -> None:
    path, name = candidate.path, candidate.name
    if candidate.is_tracked and is_secret_env(path.name):
        found.leaks.append(Leak("env", name))
    found.leaks += [Leak("key", name, shown=f"{key[1][:8]}…") for key in find_keys(path.name)]
    why = None if is_named and path.is_file() else why_not(path)
    if why is not None:
        found.skipped.append(Skipped(name, why))
        return
    try:
        with path.open("rb") as stream:
            bounded = _Bounded(stream, most)
            for hit in hits(bounded, path.name, plugin):
                found.leaks.append(Leak("key", name, hit.line, shown=hit.shown))
            rest = bounded.is_cut
    except OSError as error:
        found.skipped.append(Skipped(name, error.strerror or "it cannot be read"))
        return
    found.files += 1
    found.bytes += bounded.count
    if rest:
        found.skipped.append(Skipped(name, f"only its first {most:,} bytes were read"))
    packed = next((kind for start, kind in _PACKED.items() if bounded.head.startswith(start)), "")
    if packed:
        found.skipped.append(Skipped(name, f"{packed}: not unpacked"))


class _Bounded:
    """A file up to a size, which remembers how it began."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._stream = stream
        self._most = most
        self.count = 0
        self.head = b""

    def read(self, size: int, /) -> bytes:
        piece = self._stream.read(min(size, self._most - self.count))
        self.head = self.head or piece[:8]
        self.count += len(piece)
        return piece

    @property
    def is_cut(self) -> bool:
        return self.count == self._most and bool(self._stream.read(1))


def _repositories(paths: Iterable[Path]) -> list[Path]:
    return list(dict.fromkeys(_repository(path) for path in paths))


def _repository(path: Path) -> Path:
    try:
        return Path(git.toplevel(path if path.is_dir() else path.parent))
    except git.GitRefused as refusal:
        raise UsageError(f"--history reads git's, and {refusal}") from refusal
