"""``python -m tools.contract build | check | drift | fidelity``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.contract.document import VERSION, parts_of
from tools.contract.layout import laid_out
from tools.contract.overlay import load_overlay
from tools.contract.sdk_source import installed

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "pytest_runway" / "contract" / VERSION


def made() -> dict[Path, str]:
    """Return the text of every part of the document by its path."""
    parts = parts_of(installed(), load_overlay())
    return {FOLDER / f"{name}.json": laid_out(part) for name, part in parts.items()}


def build() -> int:
    """Write the document; files that belong to no part any more are removed."""
    texts = made()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in set(FOLDER.glob("*.json")) - set(texts):
        path.unlink()
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    print(f"{len(texts)} parts, {sum(map(len, texts.values())):,} characters in {FOLDER}")
    return 0


def main() -> int:
    """Run the command that the arguments name; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.contract", description=__doc__)
    parser.add_argument("command", choices=["build"])
    parser.parse_args()
    return build()


if __name__ == "__main__":
    sys.exit(main())
