"""The checklist as text, Markdown, JSON and HTML."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from pytest_runway.report.golive import Checklist, KeyScan, checklist
from pytest_runway.report.golive.page import html
from pytest_runway.report.golive.telling import json_text, lines, markdown
from tests.report.golive_records import finding, record, request

if TYPE_CHECKING:
    from pathlib import Path

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
ODD = "tests/test_ü.py::test_<b>&|`*[日本語-🎬]"


def made() -> Checklist:
    """A checklist with each of the three answers."""
    return checklist(
        [
            record(request(1, 429), request(2), intents={"1": "a", "2": "a"}, test=ODD),
            record(request(1), findings=(finding("double_charge"),), test="t::twice"),
        ],
        keys=KeyScan(3),
        cut_short="The run was interrupted.",
    )


def test_the_terminal_tells_each_item_with_its_proof_and_the_next_step() -> None:
    told = list(lines(made()))
    assert told[0] == "The run was interrupted."
    at = told.index("READY          429 is tolerated")
    assert (
        told[at + 1] == f"    {ODD}, request 1: POST image_to_video -> 429, then 200 at request 2"
    )
    at = told.index("NOT READY      503 is tolerated")
    assert told[at + 1] == "    against it: t::twice, request 2: double_charge: what it did"
    assert "    next: make it pass, without an error finding" in told
    assert "        pytest t::twice" in told
    at = told.index("NOT EXERCISED  Deleting twice does no harm")
    assert told[at + 1] == "    not seen to come out well: a task that is deleted twice"
    assert told[at + 3] == "        def test_a_task_is_deleted_twice(runway):"
    assert told[-1] == "2 READY, 1 NOT READY, 11 NOT EXERCISED; 2 tests on the fake"


def test_json_has_the_names_that_the_docs_tell() -> None:
    told = json.loads(json_text(made()))
    assert sorted(told) == ["cut_short", "format", "items", "ready", "tests"]
    assert (told["format"], told["ready"], told["tests"]) == (1, False, 2)
    by_id = {item["id"]: item for item in told["items"]}
    assert by_id["rate_limit"] == {
        "id": "rate_limit",
        "title": "429 is tolerated",
        "asks": "Try the code against 429: wait, as long as Retry-After asks, and ask again.",
        "source": "https://docs.dev.runwayml.com/go-live/",
        "mark": "D",
        "status": "READY",
        "proofs": [
            {
                "test": ODD,
                "request": 1,
                "what": "POST image_to_video -> 429, then 200 at request 2",
            }
        ],
        "more_proofs": 0,
        "against": [],
        "missing": [],
        "next_steps": [],
    }
    assert by_id["unavailable"]["against"][0]["what"] == "double_charge: what it did"


def test_markdown_keeps_names_of_tests_from_being_markup() -> None:
    told = markdown(made())
    assert "| 429 is tolerated | READY |" in told
    assert r"test\_\<b\>&\|\`\*\[日本語-🎬\]" in told
    assert "<b>" not in told
    assert told.count("```") % 2 == 0
    assert "```python\ndef test_a_task_is_deleted_twice(runway):" in told
    assert "```console\npytest t::twice" in told
    assert "## NOT READY: 503 is tolerated" in told


class Reader(HTMLParser):
    """Collects the elements of a page, and refuses what is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, Any]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_by_itself() -> None:
    page = html(made())
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    names = {name for name, _ in reader.elements}
    assert not names & {"script", "link", "img", "iframe", "object"}
    assert "url(" not in page
    assert "@import" not in page
    links = {attributes["href"] for name, attributes in reader.elements if name == "a"}
    assert links == {"https://docs.dev.runwayml.com/go-live/"}
    (policy,) = (a["content"] for _, a in reader.elements if "http-equiv" in a)
    assert policy.startswith("default-src 'none'")


def test_the_page_is_read_by_keyboard_in_light_and_dark() -> None:
    page = html(made())
    reader = Reader()
    reader.feed(page)
    details = [attributes for name, attributes in reader.elements if name == "details"]
    assert len(details) == 14
    assert [each["id"] for each in details if "open" in each] == ["unavailable"]
    assert [name for name, _ in reader.elements].count("summary") == 14
    assert all(a["tabindex"] == "0" for name, a in reader.elements if name == "pre")
    assert ("html", {"lang": "en"}) in reader.elements
    assert "color-scheme: light dark" in page
    assert ":focus-visible" in page


def test_the_page_keeps_names_of_tests_from_being_markup() -> None:
    page = html(made())
    assert "test_&lt;b&gt;&amp;|`*[日本語-🎬]" in page
    assert not re.search(r"<b>", page)
    assert "The run was interrupted." in page


@pytest.mark.skipif(BROWSER is None, reason="needs Chromium")
def test_a_browser_shows_the_page_and_has_nothing_to_complain_of(tmp_path: Path) -> None:
    page = tmp_path / "golive.html"
    page.write_text(html(made()), "utf-8")
    # Root, as in a container, may not use Chromium's sandbox.
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}"]
    done = subprocess.run(
        [str(BROWSER), *options, "--enable-logging=stderr", "--dump-dom", page.as_uri()],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "CONSOLE" not in done.stderr
    assert done.stdout.count("<details") == 14
