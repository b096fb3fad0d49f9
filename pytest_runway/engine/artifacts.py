"""Where outputs are found: CDN-like links that expire (facts §4.5)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pytest_runway.contract import load
from pytest_runway.engine.account import DAY_MS
from pytest_runway.engine.encoding import unsigned_token

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
    claims = {"keyHash": "fake", **form["token_claims"], "exp": expiry_ms(now_ms) // 1000}
    token = unsigned_token(claims)
    return f"https://{host or form['host']}/{path}?{form['token']}={token}"


def output_urls(task: Task, now_ms: int) -> list[str]:
    """Return fresh links to a task's outputs; none where it has not succeeded."""
    if task.status != "SUCCEEDED":
        return []
    output = task.output
    return [
        signed_url(
            _form()["path"].format(
                model=task.model, task=task.id, name=f"output_{place}", format=output.format
            ),
            now_ms,
        )
        for place in range(output.count)
    ]
