"""The files behind the links that the API gives out, made when somebody downloads them."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from pytest_runway.media.outputs import CONTENT_TYPES, render

if TYPE_CHECKING:
    from pytest_runway.engine.state import State
    from pytest_runway.engine.task import Task
    from pytest_runway.media import Kind

_NAME = re.compile(r"output_(\d+)\.\w+")
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
    )
    return data


def task_of(state: State, path: str) -> Task | None:
    """Return the task that a path names, None where it names none."""
    return next((state.by_id[each] for each in path.split("/") if each in state.by_id), None)


def file_at(state: State, path: str) -> File | None:
    """Return what lies at a path of the outputs' host, None where nothing does."""
    task, name = task_of(state, path), path.rpartition("/")[2]
    format_ = name.rpartition(".")[2]
    if task is None or task.workflow is not None:
        kind = _KINDS.get(format_)
        return File(kind, format_, zlib.crc32(path.encode())) if kind else None
    found = _NAME.fullmatch(name)
    if found is None or task.deleted or task.status != "SUCCEEDED":
        return None
    place, output = int(found[1]), task.output
    made = output.files[place : place + 1]
    if not made or made[0][1] != format_:
        return None
    body = task.request_body if isinstance(task.request_body, dict) else {}
    return File(
        kind=cast("Kind", made[0][0]),
        format=format_,
        seed=int(task.id[:8], 16) + place,
        width=output.width,
        height=output.height,
        seconds=output.seconds,
        audio=body.get("audio") is True,
    )
