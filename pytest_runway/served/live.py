"""The live table in the terminal."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from pytest_runway.served.server import RunwayServer

_MOST_TASKS = 10
_MOST_REQUESTS = 20


def show(server: RunwayServer, seconds: float, console: Console | None = None) -> None:
    """Show requests and tasks, looked at every so many seconds, until interrupted."""
    from rich.live import Live

    with Live(table(server), console=console, auto_refresh=False) as live:
        while True:
            live.update(table(server), refresh=True)
            time.sleep(seconds)


def table(server: RunwayServer) -> RenderableType:
    """Return what there is to see of a server now."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    with server.lock:
        numbers = server.numbers()
        tasks = list(enumerate(server.tasks, start=1))[-_MOST_TASKS:]
        requests = server.requests()[-_MOST_REQUESTS:]
        head = Text(
            f"{server.url}  {server.clock.elapsed:,.1f} s  {numbers['requests']:,} requests  "
            f"{numbers['tasks']:,} tasks  {numbers['credits']:,} credits charged",
            style="bold",
        )
        lives = Table("task", "operation", "model", "status", "credits", "id", box=None)
        for number, task in tasks:
            style = {"FAILED": "red", "SUCCEEDED": "green"}.get(task.status, "")
            status = task.failure_code or task.status
            about = (task.operation, task.model or "", status, str(task.charged), task.id)
            lives.add_row(*map(Text, (str(number), *about)), style=style)
        asked = Table("at", "request", "answer", "about", box=None)
        for each in requests:
            notes = [each.model, each.error, each.fault]
            answer = "no answer" if each.status is None else str(each.status)
            style = "red" if each.status is None or each.status >= 400 else ""
            said = ", ".join(part for part in notes if part)
            line = (f"{each.at:.3f} s", f"{each.method} {each.path}", answer, said)
            asked.add_row(*map(Text, line), style=style)
    return Group(head, Text(), lives, Text(), asked)
