"""Having it installed costs nothing until it is asked for."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("respx", "httpx", "hypothesis", "PIL", "runwayml", "pymediainfo", "faker", "trio", "anyio")


def test_importing_the_plugin_loads_none_of_the_heavy_libraries() -> None:
    code = (
        "import pytest, sys; before = set(sys.modules); import pytest_runway.plugin; "
        f"print([name for name in {HEAVY!r} if name in sys.modules and name not in before])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
