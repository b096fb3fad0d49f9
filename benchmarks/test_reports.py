"""What reports cost: verdict and record beside a test without, and the page of a big run.

Run with ``pytest benchmarks/test_reports.py -s``. Recorded and unrecorded rounds alternate, and
count in CPU time, so that a busy machine does not matter; the ratio of the medians is what counts.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest
from runwayml import RunwayML

from benchmarks.test_requests import CLIP
from pytest_runway import FakeRunway
from pytest_runway.report import html, json_report
from pytest_runway.report.cleaning import Cleaner
from pytest_runway.report.recording import record_of
from tests.report.big import REQUESTS, TESTS, big_run

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_runway.report.run import Run

CLEANER = Cleaner({"/home/me/shop": "", "/home/me": "~", "/tmp": "<tmp>"})  # noqa: S108 - a name
ROUNDS = 120


def faked_test(*, recorded: bool) -> float:
    """A test as they are: a client, a task, and the wait for its output, in seconds of ours."""
    started = time.process_time()
    with FakeRunway() as fake:
        RunwayML().image_to_video.create(**CLIP).wait_for_task_output()
    if recorded:
        findings = fake.verdict().findings
        record_of(
            fake.engine.state,
            test="tests/test_clips.py::test_it",
            outcome="passed",
            seconds=fake.clock.elapsed,
            findings=findings,
            problems=fake.problems,
            numbers=fake.numbers(),
            cleaner=CLEANER,
        ).to_json()
    return time.process_time() - started


def test_verdict_and_record_add_little_to_a_faked_test() -> None:
    spent: dict[bool, list[float]] = {False: [], True: []}
    for recorded in (False, True) * 5:
        faked_test(recorded=recorded)
    for turn in range(ROUNDS):
        for recorded in (turn % 2 == 0, turn % 2 == 1):
            spent[recorded].append(faked_test(recorded=recorded))
    plain, with_record = statistics.median(spent[False]), statistics.median(spent[True])
    ratio = with_record / plain
    print(f"\na faked test {plain * 1e3:.2f} ms, judged and recorded {with_record * 1e3:.2f} ms")
    print(f"{ratio:.3f} times")
    assert ratio <= 1.05


@pytest.fixture(scope="module")
def big() -> Run:
    """5,000 tests with 100,000 requests."""
    return big_run()


def test_the_page_of_a_big_run_is_small_and_opens_soon(big: Run, tmp_path: Path) -> None:
    assert sum(len(test.requests) for test in big.tests) == TESTS * REQUESTS
    started = time.perf_counter()
    page = html.render(big)
    spent = time.perf_counter() - started
    print(f"\nHTML: {len(page) / 1e6:.2f} MB, written in {spent:.2f} s")
    assert len(page) < 5_000_000
    path = tmp_path / "report.html"
    path.write_bytes(page)
    blank = tmp_path / "blank.html"
    blank.write_text("<!doctype html><title>nothing</title>", "utf-8")
    opened = _seconds_to_open(path, tmp_path) - _seconds_to_open(blank, tmp_path)
    print(f"opened in {opened:.2f} s, the browser's own start taken off")
    assert opened < 2


def test_the_json_of_a_big_run(big: Run) -> None:
    started = time.perf_counter()
    written = json_report.render(big)
    spent = time.perf_counter() - started
    print(f"\nJSON: {len(written) / 1e6:.1f} MB, written in {spent:.2f} s")
    assert len(json.loads(written)["tests"]) == TESTS


def _seconds_to_open(page: Path, folder: Path) -> float:
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("needs Chromium")
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}"]
    command: list[Any] = [browser, *options, f"--screenshot={folder / 'page.png'}", page.as_uri()]
    spent = []
    for _ in range(4):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        spent.append(time.perf_counter() - started)
    return min(spent)
