"""The rule as a plugin of detect-secrets, for its own programs as well as for ours.

``detect-secrets scan --plugin path/to/pytest_runway/keys/detector.py`` takes it as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from detect_secrets.plugins.base import RegexBasedDetector

from pytest_runway.keys.rule import PATTERN, find_keys

if TYPE_CHECKING:
    from collections.abc import Generator


class RunwayKeyDetector(RegexBasedDetector):
    """Finds keys that Runway may have given out."""

    secret_type = "Runway API Key"  # noqa: S105 - what detect-secrets calls a kind
    denylist = (re.compile(PATTERN, re.ASCII),)

    def analyze_string(self, string: str) -> Generator[str, None, None]:
        """Yield each key in a text, without those of the fake."""
        yield from (found[1] for found in find_keys(string))
