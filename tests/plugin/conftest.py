from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SDK = """
import pytest
from runwayml import RunwayML

BODY = dict(
    model="gen4_turbo",
    prompt_image="https://example.com/a.jpg",
    prompt_text="a slow dolly-in",
    ratio="1280:720",
    duration=5,
)
"""


@pytest.fixture
def run_suite(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., pytest.RunResult]:
    """Run a suite that somebody might have, in a process of its own, warnings as errors."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("RUNWAYML_API_SECRET", raising=False)
    monkeypatch.delenv("RUNWAYML_BASE_URL", raising=False)

    def run(source: str, *args: str, flag: bool = True, ini: str = "") -> pytest.RunResult:
        pytester.makeini(f"[pytest]\nfilterwarnings = error\n{ini}")
        pytester.makepyfile(test_suite=SDK + dedent(source))
        flags = ["--runway-fake"] if flag else []
        return pytester.runpytest_subprocess("-p", "runway", *flags, *args)

    return run
