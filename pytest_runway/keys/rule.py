"""The rule: what a Runway key looks like in a text, as a pattern that Go's engine reads too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_runway.engine.keys import looks_real

if TYPE_CHECKING:
    from collections.abc import Iterator

# Facts §7: ^key_[0-9a-f]{128}$. A word in front ("cache_key_" and a SHA-512) makes it something
# else, but logs and cassettes escape what stands there: \n, \u0022, \x22, %20.
PATTERN = (
    r"(?:\b|\\[abfnrtv]|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|%[0-9A-Fa-f]{2})"
    r"(key_[0-9a-f]{128})\b"
)
"""A key and what may stand around it; group 1 is the key. No lookaround: RE2 reads it."""

LONGEST_MATCH = len("\\u0022") + len("key_") + 128
BYTES = re.compile(rb"key_[0-9a-f]{128}")
"""What to look for in bytes first: cheap, and never stricter than ``PATTERN``."""

_KEY = re.compile(PATTERN, re.ASCII)
_ANY_KEY = re.compile(r"key_[0-9A-Za-z]{12,}")

_GITLEAKS = """\
# Runway API keys, for gitleaks 8.25 and newer. Written by `pytest-runway keys --gitleaks`.
title = "Runway API keys"

[extend]
useDefault = true

[[rules]]
id = "runway-api-key"
description = "A Runway API key: it spends credits. Disable it at Runway, then remove it."
regex = '''{pattern}'''
secretGroup = 1
entropy = 3.3
keywords = ["key_"]
tags = ["key", "runway"]

[[rules.allowlists]]
description = "the keys of pytest-runway's fake, which open nothing"
regexes = ['''^key_fa4e''']
"""


def find_keys(text: str) -> Iterator[re.Match[str]]:
    """Yield a match for each key that looks real; group 1 is the key.

    Keys of the fake and keys that somebody made up by repeating a few digits are left out.
    """
    return (found for found in _KEY.finditer(text) if looks_real(found[1]))


def gitleaks_rule() -> str:
    """Return the rule as a configuration of gitleaks, which is TOML.

    Its measure of chance is coarser than ours: a made-up key that counts through all sixteen
    digits is one to gitleaks, and none here.
    """
    return _GITLEAKS.format(pattern=PATTERN)


def without_keys(text: str) -> str:
    """Return a text with each key in it cut to its first characters."""
    return _ANY_KEY.sub(lambda found: f"{found[0][:8]}…", text)
