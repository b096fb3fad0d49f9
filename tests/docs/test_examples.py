"""Every Python example of the documentation runs, as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
WITH_EXAMPLES = [page for page in PAGES if BLOCK.search(page.read_text("utf-8"))]


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.name)
def test_the_examples_of_a_page_run(
    page: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "examples" / "clip_studio"))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("CI", "true")  # Hypothesis' profile for machines that are busy
    tests = 0
    for number, block in enumerate(BLOCK.findall(page.read_text("utf-8"))):
        is_suite = "def test_" in block
        source = block if is_suite else "def test_it():\n" + indent(block, "    ")
        tests += len(re.findall(r"^def test_", source, re.MULTILINE))
        (pytester.path / f"test_block_{number}.py").write_text(source, "utf-8")
    result = pytester.runpytest_subprocess("-p", "runway", "-W", "error")
    result.assert_outcomes(passed=tests)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"
