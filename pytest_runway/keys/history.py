"""The scan of git's history: every object that it keeps, each read once."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from pytest_runway.keys import git
from pytest_runway.keys.leaks import Leak, Scan, shown_path
from pytest_runway.keys.pieces import hits

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_runway.keys.detector import RunwayKeyDetector
    from pytest_runway.keys.pieces import Hit

_MOST_BLOBS = 2000
_AT_ONCE = 100
# Whether others get to see an object with a message.
_KNOWN = {"commit": git.is_reachable, "tag": git.is_tag}


def look_back(folder: Path, found: Scan, plugin: RunwayKeyDetector) -> None:
    """Add the keys that a branch or a tag leads to: in files as they were, and in messages."""
    if git.is_shallow(folder):
        found.note(
            "the history is a shallow one: what came before it was cloned is not here; "
            "git fetch --unshallow"
        )
    blobs: dict[str, list[Hit]] = {}
    for each, body in git.objects(folder):
        if each.type == "tree":
            continue
        found.objects += 1
        found.bytes += each.size
        there = list(hits(body, "", plugin))
        if there and each.type == "blob":
            blobs[each.id] = there
        elif there and _KNOWN[each.type](folder, each.id):
            place = f"(the {each.type}'s message)"
            found.leaks += [Leak("key", place, None, each.id, hit.shown) for hit in there]
    if len(blobs) > _MOST_BLOBS:
        found.note(f"{len(blobs):,} versions of files have keys; {_MOST_BLOBS:,} were traced")
    found.leaks += _first_commits(folder, blobs)


def _first_commits(folder: Path, blobs: dict[str, list[Hit]]) -> list[Leak]:
    """Return one leak for each key in each file, of the oldest commit that has it there.

    What no commit has is left out: it was never shared.
    """
    oldest: dict[tuple[str, bytes], tuple[int, Leak]] = {}
    names = iter(list(blobs)[:_MOST_BLOBS])
    while some := list(islice(names, _AT_ONCE)):
        for at, commit, blob, path in git.commits_with(folder, some):
            for hit in blobs[blob]:
                place = (path, hit.digest)
                if place not in oldest or at <= oldest[place][0]:
                    leak = Leak("key", shown_path(path), hit.line, commit, hit.shown)
                    oldest[place] = (at, leak)
    return [leak for _, leak in sorted(oldest.values(), key=lambda each: each[0])]
