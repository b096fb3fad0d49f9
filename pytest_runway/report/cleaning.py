"""Text that may leave the machine: without keys, media, its paths, or signs that mislead."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 2_000
_SHOWN_OF_A_KEY = 8
_KEY = re.compile(r"key_[0-9A-Za-z]{5,}")
_DATA_URI = re.compile(r"(data:[\w.+-]*/?[\w.+-]*(?:;[\w.=+-]+)*,)([^\s\"'<>)]{16,})")
# Steering signs of terminals, of text direction, and halves of a pair that UTF-8 cannot hold.
_MISLEADING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# Where a path of a machine begins; what the API calls a path begins with its version.
_PLACES = (
    *("Library", "Users", "Volumes", "app", "build", "builds", "data", "home", "mnt", "nix"),
    *("opt", "private", "root", "runner", "srv", "tmp", "usr", "var", "work", "workspace"),
)
_PATH = re.compile(
    rf"(?<![\w./\\-])(?:file://)?(?:/(?:{'|'.join(_PLACES)})(?![\w.-])|[A-Za-z]:[\\/])"
    r"[^\s'\"<>|*?:;,()\[\]]*"
)


class Cleaner:
    """Cleans text; ``places`` says what to write for the folders that are known.

    A path in such a folder keeps the rest of it (``{"/home/me/shop": ""}`` makes
    ``/home/me/shop/tests/a.py`` into ``tests/a.py``); of any other only the last name stays.
    """

    def __init__(self, places: Mapping[str, str] | None = None) -> None:
        """Know the folders; one that is a whole disk says nothing and is left out."""
        known = {
            folder.rstrip("/\\"): name
            for folder, name in (places or {}).items()
            if len(folder.rstrip("/\\")) > 2
        }
        self._names = known
        longest_first = sorted(known, key=len, reverse=True)
        folders = "|".join(map(re.escape, longest_first)) or r"(?!)"
        self._known = re.compile(rf"(?<![\w./\\-])(?:file://)?({folders})([\\/]|(?![\w.-]))")
        self.clean = lru_cache(maxsize=4096)(self._clean)

    def _clean(self, text: str) -> str:
        """Return the text as it may be written into a report."""
        if "key_" in text:
            text = _KEY.sub(lambda found: f"{found[0][:_SHOWN_OF_A_KEY]}…", text)
        if "data:" in text:
            text = _DATA_URI.sub(_cut, text)
        if "/" in text or "\\" in text:
            text = self._known.sub(self._rename, text)
            text = _PATH.sub(_last_name, text)
        if len(text) > _LONGEST:
            text = f"{text[:_LONGEST]}… ({len(text):,} characters)"
        return _MISLEADING.sub(_spell, text)

    def _rename(self, found: re.Match[str]) -> str:
        name = self._names[found[1]]
        if not name:
            return "" if found[2] else "."
        return f"{name}/" if found[2] else name


def _cut(found: re.Match[str]) -> str:
    return f"{found[1]}… ({len(found[0]):,} characters)"


def _last_name(found: re.Match[str]) -> str:
    return "…/" + re.split(r"[\\/]", found[0].rstrip("\\/"))[-1]


def _spell(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
