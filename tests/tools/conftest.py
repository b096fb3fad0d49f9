"""Puts the repository's root last on the path: the tools are found, and the installed package."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
