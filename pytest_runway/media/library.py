"""The sample files that come with the package, and what is known of each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pytest_runway.errors import UsageError
from pytest_runway.media.values import Media

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_runway.media.facts import Kind

_PACKAGE = Path(__file__).parent


@dataclass(frozen=True, repr=False)
class Sample(Media):
    """A sample: ``verdict`` is what Runway says of it where nothing else is wrong.

    ``facts`` are those of a second opinion (ffprobe, Pillow), not of the code that judges.
    """

    name: str
    verdict: Literal["accepted", "refused", "late"]
    says: str
    facts: Mapping[str, Any]


def sample(name: str) -> Sample:
    """Return the sample of this name, such as ``sample("h264.mp4")``.

    Raises:
        UsageError: where there is none; the message names those that are close.
    """
    row = manifest().get(name)
    if row is None:
        from difflib import get_close_matches

        close = get_close_matches(name, manifest(), n=5, cutoff=0.4) or sorted(manifest())
        raise UsageError(f"no sample is called {name!r}; there are {', '.join(close)}")
    return Sample(
        row["kind"],
        _folder().joinpath(name).read_bytes(),
        row["content_type"],
        f"sample({name!r})",
        name,
        row["verdict"],
        row["says"],
        row["facts"],
    )


def samples(kind: Kind | None = None, *, verdict: str | None = None) -> list[str]:
    """Return the names of the samples, all or those of a kind or a verdict."""
    return sorted(
        name
        for name, row in manifest().items()
        if kind in (None, row["kind"]) and verdict in (None, row["verdict"])
    )


@cache
def manifest() -> Mapping[str, Any]:
    """Return what is known of every sample, by its name."""
    found: dict[str, Any] = json.loads((_folder() / "manifest.json").read_text(encoding="utf-8"))
    return found


@cache
def _folder() -> Path:
    """Return where the samples are: in the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "samples"
    return installed if installed.is_dir() else _PACKAGE.parent.parent / "sample_media"
