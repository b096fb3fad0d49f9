"""Keys in a stream of bytes of any length, read in pieces of bounded size."""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pytest_runway.engine.keys import redacted
from pytest_runway.errors import UsageError
from pytest_runway.keys.rule import BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.keys.detector import RunwayKeyDetector

_PIECE_BYTES = 1 << 20
# What is kept around a match: enough for the longest match and a comment behind it.
_AROUND_BYTES = 4096
_HEAD_BYTES = 8192  # git, too, calls a file binary by a NUL in its first 8,000 bytes
_BOMS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
MISSING = 'looking for keys needs detect-secrets: pip install "pytest-runway[keys]"'


class Readable(Protocol):
    """What bytes come from."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Hit:
    """One key in a stream: its line, its first characters, and a hash to know it again by."""

    line: int | None
    shown: str
    digest: bytes


def detector() -> RunwayKeyDetector:
    """Return detect-secrets' plugin.

    Raises:
        UsageError: where detect-secrets is not installed.
    """
    try:
        from pytest_runway.keys.detector import RunwayKeyDetector
    except ImportError as error:
        raise UsageError(MISSING) from error
    return RunwayKeyDetector()


def hits(stream: Readable, name: str, plugin: RunwayKeyDetector) -> Iterator[Hit]:
    """Yield the keys in a stream; the same key twice in a line counts once.

    ``name`` tells detect-secrets which comments there are: ``pragma: allowlist secret`` in one
    takes the line out.
    """
    seen: set[tuple[int, bytes]] = set()
    buffer, is_binary, read = _begin(stream)
    done, lines, at_end = 0, 1, False
    while True:
        limit = len(buffer) if at_end else max(done, len(buffer) - _AROUND_BYTES)
        while (found := BYTES.search(buffer, done)) is not None and found.start() < limit:
            done = found.end()
            line = lines + buffer.count(b"\n", 0, found.start())
            hit = _judged(buffer, found.start(), found.end(), name, plugin)
            if hit is not None and (line, hit[1]) not in seen:
                seen.add((line, hit[1]))
                yield Hit(None if is_binary else line, *hit)
        if at_end:
            return
        done = max(done, limit)
        drop = max(0, done - _AROUND_BYTES)
        lines += buffer.count(b"\n", 0, drop)
        piece = read(_PIECE_BYTES)
        buffer, done, at_end = buffer[drop:] + piece, done - drop, not piece


def _begin(stream: Readable) -> tuple[bytes, bool, _Read]:
    head = stream.read(_PIECE_BYTES)
    codec = _BOMS.get(head[:2])
    if codec is None:
        return head, b"\0" in head[:_HEAD_BYTES], stream.read
    # What Windows' shells write: every other byte is NUL, and nothing would be found.
    decoder = codecs.getincrementaldecoder(codec)("replace")

    def read(size: int) -> bytes:
        piece = stream.read(size)
        return decoder.decode(piece, not piece).encode()

    return decoder.decode(head).encode(), False, read


class _Read(Protocol):
    def __call__(self, size: int, /) -> bytes: ...


def _judged(
    buffer: bytes, start: int, end: int, name: str, plugin: RunwayKeyDetector
) -> tuple[str, bytes] | None:
    begin = buffer.rfind(b"\n", max(0, start - _AROUND_BYTES), start) + 1
    begin = begin or max(0, start - _AROUND_BYTES)
    stop = buffer.find(b"\n", end, end + _AROUND_BYTES)
    stop = stop if stop >= 0 else min(len(buffer), end + _AROUND_BYTES)
    before = buffer.rfind(b"\n", max(0, begin - _AROUND_BYTES), max(0, begin - 1)) + 1
    previous = buffer[before : max(0, begin - 1)] if before < begin else b""
    # Latin-1 keeps one character for a byte; only ASCII matters here.
    line = buffer[begin:stop].decode("latin-1").rstrip()
    secret = buffer[start:end].decode("ascii")
    found = plugin.analyze_line(filename=name, line=line, line_number=1)
    if not any(each.secret_value == secret for each in found):
        return None
    return None if _is_allowed(name, line, previous.decode("latin-1").rstrip()) else _cut(secret)


def _is_allowed(name: str, line: str, previous: str) -> bool:
    if "pragma" not in line and "pragma" not in previous:
        return False  # its patterns take the square of the time on a run of spaces
    from detect_secrets.filters.allowlist import is_line_allowlisted
    from detect_secrets.util.code_snippet import get_code_snippet

    context = get_code_snippet([previous, line], line_number=2)
    return bool(is_line_allowlisted(name, line, context))


def _cut(secret: str) -> tuple[str, bytes]:
    return redacted(secret), hashlib.sha256(secret.encode()).digest()
