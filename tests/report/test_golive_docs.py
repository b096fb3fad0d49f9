"""What docs/golive.md shows is what comes out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_runway.report.golive import ITEMS, checklist
from tests.report.golive_records import record, request

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "golive.md").read_text("utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_output_that_the_page_shows_is_the_one_of_its_example(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "examples" / "clip_studio"))
    (suite,), (shown,) = _blocks("python"), _blocks("text")
    pytester.makepyfile(test_clips=suite)
    result = pytester.runpytest_subprocess("-p", "runway", "-W", "error", "--runway-golive")
    result.assert_outcomes(passed=3)
    result.stdout.no_fnmatch_line("NOT READY *")
    assert shown in result.stdout.str()


def test_the_page_tells_every_item_and_every_name() -> None:
    for item in ITEMS:
        assert f"| {item.title.removesuffix(' and served from your own storage')} |" in PAGE
    made = checklist([record(request(1, 429))]).to_json()
    for name in made:
        assert f"`{name}`" in PAGE or f"`{name}[]" in PAGE or f"`{name}[]." in PAGE
    for name in made["items"][0]:
        assert re.search(rf"`(items\[\])?\.{name}(\[\])?`", PAGE), name
