"""Having it installed costs nothing until it is asked for."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from pathlib import Path

RunSuite: TypeAlias = Callable[..., pytest.RunResult]

HEAVY = ("respx", "httpx", "hypothesis", "PIL", "runwayml", "pymediainfo", "faker", "trio", "anyio")


def test_importing_the_plugin_loads_none_of_the_heavy_libraries() -> None:
    code = (
        "import pytest, sys; before = set(sys.modules); import pytest_runway.plugin; "
        f"print([name for name in {HEAVY!r} if name in sys.modules and name not in before])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_pytest_takes_the_package_as_it_was_compiled(run_suite: RunSuite) -> None:
    result = run_suite(
        """
        import sys

        def test_loaders(runway):
            rewritten = [
                name for name, module in sys.modules.items()
                if name.partition(".")[0] == "pytest_runway"
                and "Rewriting" in type(module.__spec__.loader).__name__
            ]
            assert rewritten in ([], ["pytest_runway"])
        """
    )
    result.assert_outcomes(passed=1)


def test_a_script_that_has_imported_it_runs_pytest_without_a_warning(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text("def test_nothing(): pass\n")
    strict = ["-q", "-W", "error::pytest.PytestAssertRewriteWarning"]
    code = f"import pytest_runway, pytest; raise SystemExit(pytest.main({strict}))"
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
