"""What a person sees: the page in a browser, the table in a terminal."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from pytest_runway.served import live
from tests.served.conftest import BODY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.served.conftest import Visitor

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def let_something_happen(visitor: Visitor) -> str:
    visitor.control("POST", "timelines", {"steps": [{"fails": "SAFETY.INPUT.TEXT"}]})
    visitor.control("POST", "faults", {"operation": "text_to_video", "reply": 500})
    task = visitor.api("POST", "image_to_video", BODY)[1]["id"]
    visitor.api("GET", "<b>bold</b>")
    visitor.control("POST", "clock", {"advance": "1h"})
    return str(task)


def test_the_page_shows_tasks_requests_and_problems(visitor: Visitor, tmp_path: Path) -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip("needs Chromium")
    task = let_something_happen(visitor)
    # Root, as in a container, may not use Chromium's sandbox.
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}"]
    seen = subprocess.run(
        [browser, *options, "--virtual-time-budget=3000", "--dump-dom", visitor.server.url],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    assert f"<td>{task}</td>" in seen
    assert "<td>SAFETY.INPUT.TEXT</td>" in seen
    assert "<td>POST /v1/image_to_video</td><td>200</td>" in seen
    assert "GET /v1/&lt;b&gt;bold&lt;/b&gt;" in seen
    assert "a fault was armed and never fired" in seen


def test_the_table_shows_tasks_and_requests(visitor: Visitor) -> None:
    task = let_something_happen(visitor)
    console = Console(width=160)
    with console.capture() as captured:
        console.print(live.table(visitor.server))
    seen = captured.get()
    assert visitor.server.url in seen
    assert "2 requests" in seen
    assert task in seen
    assert "SAFETY.INPUT.TEXT" in seen
    assert "GET /v1/<b>bold</b>" in seen
