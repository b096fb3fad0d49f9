"""The files behind the links that the API gives out, made when somebody downloads them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from pytest_runway.engine.artifacts import output_paths
from pytest_runway.media.outputs import CONTENT_TYPES, render

if TYPE_CHECKING:
    from fractions import Fraction

    from pytest_runway.engine.state import State
    from pytest_runway.engine.task import Task
    from pytest_runway.media import Kind

# What an avatar, a voice or a workflow leaves behind is known by its format alone.
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("png", "jpg", "webp", "svg"), "image"),
    **dict.fromkeys(("mp4", "mov", "zip"), "video"),
    **dict.fromkeys(("wav", "mp3", "flac", "m4a", "ogg"), "audio"),
}


@dataclass(frozen=True, slots=True)
class File:
    """What a link leads to. Sides and seconds are None where nothing was asked for."""

    kind: Kind
    format: str
    seed: int
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    audio: bool = False
    coding: str | None = None
    profile: str | None = None
    sidecars: tuple[str, ...] = ()
    fps: Fraction | None = None

    @property
    def content_type(self) -> str:
        """Return the type under which it is served."""
        return CONTENT_TYPES[self.format]

    def data(self) -> bytes:
        """Return its bytes: the same whenever they are asked for."""
        return _rendered(self)


@lru_cache(maxsize=8)
def _rendered(file: File) -> bytes:
    (data,) = render(
        file.kind,
        file.format,
        width=file.width,
        height=file.height,
        seconds=file.seconds,
        seed=file.seed,
        audio=file.audio,
        coding=file.coding,
        profile=file.profile,
        sidecars=file.sidecars,
        fps=file.fps,
    )
    return data


def task_of(state: State, path: str) -> Task | None:
    """Return the task that a path names, or whose file lies there; None where there is none."""
    named = next((state.by_id[each] for each in path.split("/") if each in state.by_id), None)
    if named is not None:
        return named
    hidden = (task for task in state.tasks if task.output.path and path in output_paths(task))
    return next(hidden, None)


def file_at(state: State, path: str) -> File | None:
    """Return what lies at a path of the outputs' host, None where nothing does."""
    task = task_of(state, path)
    if task is None or task.workflow is not None:
        extension = path.rpartition(".")[2]
        usual = _KINDS.get(extension)
        return File(usual, extension, zlib.crc32(path.encode())) if usual else None
    paths = output_paths(task)
    if task.deleted or task.status != "SUCCEEDED" or path not in paths:
        return None
    place, output = paths.index(path), task.output
    kind, format_ = output.files[place]
    is_main = place < output.count
    return File(
        kind=cast("Kind", kind),
        format=format_,
        seed=int(task.id[:8], 16) + place,
        width=output.width,
        height=output.height,
        seconds=output.seconds,
        audio=output.audio,
        coding=output.coding if is_main else None,
        profile=output.profile if is_main else None,
        sidecars=output.sidecars if is_main else (),
        fps=output.fps,
    )
