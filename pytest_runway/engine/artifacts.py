"""Where outputs are found: CDN-like links that expire (facts §4.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.engine.account import DAY_MS
from pytest_runway.engine.encoding import unsigned_token

if TYPE_CHECKING:
    from pytest_runway.contract import Contract
    from pytest_runway.engine.task import Task


def expiry_ms(now_ms: int) -> int:
    """Return when a link made now expires: the midnight (UTC) that is 24 h to 48 h away."""
    return (now_ms // DAY_MS + 2) * DAY_MS


class Artifacts:
    """Writes links in the contract's form."""

    def __init__(self, contract: Contract) -> None:
        """Read the form once."""
        form = contract.values("outputs")
        self._place = f"https://{form['host']}/{form['path']}?{form['token']}="
        self._claims = {"keyHash": "fake", **form["token_claims"]}

    def urls(self, task: Task, now_ms: int) -> list[str]:
        """Return fresh links to a task's outputs; none where it has not succeeded."""
        if task.status != "SUCCEEDED":
            return []
        token = unsigned_token({**self._claims, "exp": expiry_ms(now_ms) // 1000})
        output = task.output
        return [
            self._place.format(
                model=task.model, task=task.id, name=f"output_{index}", format=output.format
            )
            + token
            for index in range(output.count)
        ]
