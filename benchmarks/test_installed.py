"""What having it installed costs a suite that does not use it: whole runs, side by side."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 15


def run(folder: Path, *args: str) -> float:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *args, str(folder)]
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return time.perf_counter() - started


def test_a_suite_that_does_not_use_it(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text("def test_nothing(): pass\n")
    spent: dict[str, list[float]] = {"without": [], "with": []}
    for _ in range(ROUNDS):
        spent["without"].append(run(tmp_path, "-p", "no:runway"))
        spent["with"].append(run(tmp_path))
    added = statistics.median(a - b for a, b in zip(spent["with"], spent["without"], strict=True))
    print(f"\nwhole run: {added * 1e3:.1f} ms more with the plugin")


def test_its_own_imports() -> None:
    code = "import pytest, pytest_runway.plugin"
    spent = []
    for _ in range(ROUNDS):
        command = [sys.executable, "-X", "importtime", "-c", code]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stderr
        found = re.findall(r"\|\s+(\d+) \|\s+pytest_runway(?:\.\w+)*$", said, re.MULTILINE)
        spent.append(max(map(int, found)) + int(found[0]))
    print(f"\nimport of the plugin: {statistics.median(spent) / 1e3:.1f} ms")
