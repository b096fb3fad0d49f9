"""Where code stands: in a thread's stack, in a chain of coroutines."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FrameType

_STANDARD = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib")})
_PYTEST = ("pluggy.", "_pytest.")
_HARNESS = ("pytest_runway.", "pytest.", *_PYTEST)


def place(code: CodeType, line: int) -> str:
    """Return ``file:line in function``, the file as people write it."""
    return f"{short_path(code.co_filename)}:{line} in {code.co_name}"


def of_thread(ident: int | None) -> list[str]:
    """Return where a thread stands and who called there, innermost first, without our own code."""
    frame = sys._current_frames().get(ident or 0)  # noqa: SLF001
    return _worth_telling(_below_pytest(list(_stack(frame))))


def of_coroutine(coroutine: Any) -> list[str]:
    """Return where a suspended coroutine stands and who awaits it, innermost first."""
    return _worth_telling(list(reversed(list(_chain(coroutine)))))


def _stack(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _below_pytest(frames: list[FrameType]) -> list[FrameType]:
    """Return the frames up to where pytest called; who called pytest is nobody's concern."""
    calls = [n for n, frame in enumerate(frames) if _module_of(frame).startswith(_PYTEST)]
    return frames[: calls[-1]] if calls else frames


def _chain(awaited: Any) -> Iterator[FrameType]:
    while awaited is not None:
        for kind in ("cr", "gi", "ag"):
            frame = getattr(awaited, f"{kind}_frame", None)
            if frame is not None:
                yield frame
                break
        else:
            return
        awaited = getattr(awaited, f"{kind}_await", None) or getattr(
            awaited, f"{kind}_yieldfrom", None
        )


def _worth_telling(frames: list[FrameType]) -> list[str]:
    """Return the innermost place outside the standard library, and those of the user's own.

    A thread whose target is ``event.wait`` has none: then where it is in the library.
    """
    ours = [frame for frame in frames if not _is_machinery(frame)]
    if not ours:
        ours = [frame for frame in frames if not _module_of(frame).startswith(_HARNESS)][:1]
    told = [frame for frame in ours if frame is ours[0] or _is_users(frame)]
    return [place(frame.f_code, frame.f_lineno) for frame in told[:3]]


def _module_of(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _is_machinery(frame: FrameType) -> bool:
    name = _module_of(frame)
    path = frame.f_code.co_filename
    standard = path.startswith(_STANDARD) and "site-packages" not in path
    event_loop = name.partition(".")[0] in ("trio", "anyio")
    return standard or event_loop or path.startswith("<") or name.startswith(_HARNESS)


def _is_users(frame: FrameType) -> bool:
    return "site-packages" not in frame.f_code.co_filename


def short_path(path: str) -> str:
    """Return a path below the working directory or below site-packages, where it is there."""
    _, found, below = path.rpartition("site-packages/")
    if found:
        return below
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return path
