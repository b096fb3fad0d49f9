"""Where outputs are found: CDN-like links that expire (facts §4.5)."""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pytest_runway.contract import load
from pytest_runway.engine.account import DAY_MS
from pytest_runway.engine.encoding import claims_of, unsigned_token

if TYPE_CHECKING:
    from pytest_runway.engine.task import Task


@lru_cache
def _form() -> dict[str, Any]:
    return load().values("outputs")


def expiry_ms(now_ms: int) -> int:
    """Return when a link made now expires: the midnight (UTC) that is 24 h to 48 h away."""
    return (now_ms // DAY_MS + 2) * DAY_MS


def signed_url(path: str, now_ms: int, *, host: str | None = None) -> str:
    """Return a link to a file, fresh as of ``now_ms``; at the outputs' host unless one is given."""
    form = _form()
    claims = {"keyHash": _hash(path), **form["token_claims"], "exp": expiry_ms(now_ms) // 1000}
    token = unsigned_token(claims)
    return f"https://{host or form['host']}/{path}?{form['token']}={token}"


def read_token(token: str, path: str) -> int | None:
    """Return when a link's token expires, None where it is damaged or another file's.

    That a token opens one file only is assumed: its ``keyHash`` was seen, not what it is of.
    """
    claims = claims_of(token)
    if claims is None or claims.get("keyHash") != _hash(path):
        return None
    expires = claims.get("exp")
    return expires * 1000 if isinstance(expires, int) else None


def output_urls(task: Task, now_ms: int) -> list[str]:
    """Return fresh links to a task's outputs; none where it has not succeeded."""
    if task.status != "SUCCEEDED":
        return []
    if task.ending and task.ending.output == "expired" and task.polls_since_end <= 1:
        now_ms -= 2 * DAY_MS  # the first links are old; those of the next GET are fresh
    return [signed_url(path, now_ms) for path in output_paths(task)]


def output_paths(task: Task) -> list[str]:
    """Return where the files of a task lie, in order, whatever has become of it."""
    form = task.output.path or _form()["path"]
    return [
        form.format(
            model=task.model,
            task=task.id,
            name=f"output_{place}",
            format=format_,
            hex8=f"{zlib.crc32(f'{task.id}/{place}'.encode()):08x}",
        )
        for place, (_, format_) in enumerate(task.output.files)
    ]


def _hash(path: str) -> str:
    return f"{zlib.crc32(path.encode()):08x}"
