"""The page in headless Chromium: what its script draws, filters and opens."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from pytest_runway.report.html import render
from tests.report.records import lost_reply, named, polled, quiet, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    See = Callable[[str], str]

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
HOSTILE_NAME = "test_it[</script><script>document.title='pwned'</script>]"
HOSTILE = f"tests/test_hostile.py::{HOSTILE_NAME}"

pytestmark = pytest.mark.skipif(BROWSER is None, reason="needs Chromium")


@pytest.fixture
def see(tmp_path: Path) -> See:
    """Open the page at an address within it, and return the document as the browser has it."""
    page = tmp_path / "report.html"
    page.write_bytes(render(run(lost_reply(), named(lost_reply(), HOSTILE), polled(30), quiet())))

    def opened(address: str = "") -> str:
        # Root, as in a container, may not use Chromium's sandbox.
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}"]
        logging = ["--enable-logging=stderr", "--v=0"]
        done = subprocess.run(
            [str(BROWSER), *options, *logging, "--dump-dom", f"{page.as_uri()}#{address}"],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        # What a broken script or a policy that refuses something would say.
        assert "CONSOLE" not in done.stderr
        return re.sub(r"<script.*?</script>", "", done.stdout, flags=re.DOTALL)

    return opened


def shown(document: str) -> list[str]:
    rows = re.findall(r'<details class="test"[^>]*>.*?</summary>', document)
    return [
        re.findall(r"<span>(.*?)</span>", row)[0] for row in rows if not re.search(r" hidden", row)
    ]


def test_a_test_opens_with_its_lanes_and_its_requests(see: See) -> None:
    document = html.unescape(see("t0"))
    assert document.count("<svg") == 1
    assert (
        'aria-label="7 requests, 2 faults, task 1 SUCCEEDED, task 2 SUCCEEDED, '
        'error double_charge, in 1 m 6 s of virtual time"'
    ) in document
    for title in (
        "0 s: POST /v1/image_to_video: 504 (task 1, gen4_turbo, fault: loses_reply(504))",
        "0.5 s: THROTTLED until 20.5 s",
        "40 s: SUCCEEDED",
        "a second create: request 1 had made task 1, request 2 made task 2",
    ):
        assert f"<title>{title}</title>" in document
    for row in (
        "<td>#2 POST /v1/image_to_video</td><td>200</td><td>task 2, gen4_turbo, retry of #1</td>",
        "<td>#5 GET /v1/tasks/d2e3d1f4-1b3c-4b5a-8d46-1c1d7ee86892</td><td>no answer</td>",
        "<td>GET https://cdn.example/d2e3d1f4-1b3c-4b5a-8d46-1c1d7ee86892/out.mp4</td>",
    ):
        assert row in document


def test_a_test_that_asked_nothing_says_so(see: See) -> None:
    assert "It asked nothing of Runway." in see("t3")


@pytest.mark.parametrize(
    ("address", "names"),
    [
        (
            "",
            [
                "test_a_lost_answer",
                HOSTILE_NAME,
                "test_polls",
                "test_nothing_happens",
            ],
        ),
        ("q=LOST", ["test_a_lost_answer"]),
        ("q=clips+nothing", ["test_nothing_happens"]),
        ("rule=poll_too_fast", ["test_polls"]),
        ("level=error", ["test_a_lost_answer", HOSTILE_NAME]),
        ("outcome=passed", ["test_polls", "test_nothing_happens"]),
        ("outcome=passed&level=error", []),
    ],
)
def test_tests_are_filtered_by_name_finding_level_and_outcome(
    see: See, address: str, names: list[str]
) -> None:
    document = see(address)
    assert sorted(map(html.unescape, shown(document))) == sorted(names)


def test_the_finding_that_an_address_asks_for_is_open(see: See) -> None:
    groups = re.findall(r'<details class="rule[^>]*>', see("rule=poll_too_fast"))
    assert [" open" in each for each in groups if "poll_too_fast" in each] == [True]


def test_a_hostile_name_runs_nothing(see: See) -> None:
    document = see("t1")
    assert "<title>Runway report</title>" in document
    assert html.escape(HOSTILE_NAME, quote=False) in document


def test_the_policy_of_the_page_refuses_what_was_put_into_it(see: See, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    added = "<script>document.title = 'pwned'</script><p onclick='x' style='color: red'>"
    page.write_text(page.read_text("utf-8").replace("<main>", f"<main>{added}"), "utf-8")
    with pytest.raises(AssertionError, match="Content Security Policy"):
        see("t0")
