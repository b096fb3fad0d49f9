"""Having it installed costs nothing until it is asked for."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

HEAVY = ("respx", "httpx", "hypothesis", "PIL", "runwayml", "pymediainfo", "faker", "trio", "anyio")


def test_importing_the_plugin_loads_none_of_the_heavy_libraries() -> None:
    code = (
        "import pytest, sys; before = set(sys.modules); import pytest_runway.plugin; "
        f"print([name for name in {HEAVY!r} if name in sys.modules and name not in before])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_pytest_compiles_none_of_our_modules_anew(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_loaders():
            ours = [name for name in sys.modules if name.startswith("pytest_runway.engine")]
            kinds = {type(sys.modules[name].__loader__).__name__ for name in ours}
            assert kinds == {"SourceFileLoader"}
        """
    )
    result = pytester.runpytest_subprocess("--runway-fake", "-p", "runway")
    result.assert_outcomes(passed=1)
