"""``python -m tools.contract build | check | drift | fidelity``: the contract's document.

build     write the document and docs/fidelity.md
check     fail where either is not what build would write
drift     print what another version of the SDK changes (--sdk VERSION, else the latest)
fidelity  write docs/fidelity.md alone
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from tools.contract.document import VERSION, parts_of
from tools.contract.drift import changes
from tools.contract.fidelity import page
from tools.contract.layout import laid_out
from tools.contract.overlay import load_overlay
from tools.contract.sdk_source import SdkError, downloaded, installed

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "pytest_runway" / "contract" / VERSION
FIDELITY = ROOT / "docs" / "fidelity.md"


def made() -> dict[Path, str]:
    """Return the text of every file that is generated, by its path."""
    overlay = load_overlay()
    parts = parts_of(installed(), overlay)
    texts = {FOLDER / f"{name}.json": laid_out(part) for name, part in parts.items()}
    document: dict[str, Any] = {}
    for part in parts.values():
        _merge(document, part)
    return {**texts, FIDELITY: page(document, overlay)}


def _merge(into: dict[str, Any], part: dict[str, Any]) -> None:
    for key, value in part.items():
        if isinstance(into.get(key), dict) and isinstance(value, dict):
            into[key] = dict(into[key])
            _merge(into[key], value)
        else:
            into[key] = value


def build(*, only: Path | None = None) -> int:
    """Write what is generated; parts of the document that belong to none any more are removed."""
    texts = {path: text for path, text in made().items() if only in (None, path)}
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in () if only else set(FOLDER.glob("*.json")) - set(texts):
        path.unlink()
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    print(f"{len(texts)} files, {sum(map(len, texts.values())):,} characters")
    return 0


def check() -> int:
    """Return 1, and name the files, where what is committed is not what would be generated."""
    texts = made()
    stale = [path for path in FOLDER.glob("*.json") if path not in texts]
    for path, text in texts.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
    for path in sorted(stale):
        print(f"{path.relative_to(ROOT)} is not what the generator makes", file=sys.stderr)
    if stale:
        print("run: python -m tools.contract build", file=sys.stderr)
    return 1 if stale else 0


def drift(version: str) -> int:
    """Print what a version of the SDK changes. That it changes something is no failure."""
    old = installed()
    with downloaded(version) as new:
        found = changes(old, new)
        print(f"{old.version} -> {new.version}: {len(found) or 'no'} changes")
    for line in found:
        print(line)
    return 0


def main() -> int:
    """Run the command that the arguments name; return the exit status."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m tools.contract", description=__doc__, formatter_class=form
    )
    parser.add_argument("command", choices=["build", "check", "drift", "fidelity"])
    parser.add_argument("--sdk", default="latest", metavar="VERSION", help="for drift")
    arguments = parser.parse_args()
    try:
        if arguments.command == "drift":
            return drift(arguments.sdk)
        if arguments.command == "check":
            return check()
        return build(only=FIDELITY if arguments.command == "fidelity" else None)
    except SdkError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
