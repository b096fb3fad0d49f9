"""``python -m pytest_runway``: the command line, where its script is not on the path."""

from __future__ import annotations

import sys

from pytest_runway.cli import main

if __name__ == "__main__":
    sys.exit(main())
