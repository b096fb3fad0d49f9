"""``pytest-runway keys``: the scan for a person and for CI."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_runway.errors import UsageError
from pytest_runway.keys.rule import gitleaks_rule
from pytest_runway.keys.scanning import scan

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction

    from pytest_runway.keys.leaks import Scan

_ABOUT = """look for Runway keys in the files that git tracks, in new ones, and in logs, cassettes
and snapshots; exit status 1 where there are any"""
_NEXT = (
    "Disable each at Runway first, then take it out: what was pushed once is known. A line that is "
    "meant to be there ends with: # pragma: allowlist secret"
)
_MOST_SKIPPED = 20


def add_keys_command(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Mount ``keys`` under a program's commands."""
    keys = commands.add_parser("keys", help="look for Runway keys in the code", description=_ABOUT)
    add = keys.add_argument
    add("paths", nargs="*", type=Path, metavar="PATH", help="files or folders (default: .)")
    add("--history", action="store_true", help="everything that git ever kept, too")
    add("--json", action="store_true", help="write what was found as JSON")
    add("--gitleaks", action="store_true", help="write the rule for gitleaks instead, as TOML")
    keys.set_defaults(command=_keys)


def _keys(given: Namespace) -> int:
    if given.gitleaks:
        if given.paths or given.history or given.json:
            raise UsageError("--gitleaks writes the rule and looks at nothing; give it alone")
        sys.stdout.write(gitleaks_rule())
        return 0
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # names may be anything, consoles are not
            stream.reconfigure(errors="backslashreplace")
    found = scan(given.paths or [Path()], history=given.history)
    if given.json:
        sys.stdout.write(json.dumps(found.to_json(), indent=2) + "\n")
    else:
        _tell(found)
    return 1 if found.leaks else 0


def _tell(found: Scan) -> None:
    for leak in found.leaks:
        print(leak)
    lines = [f"not looked at: {each.path}: {each.why}" for each in found.skipped[:_MOST_SKIPPED]]
    if len(found.skipped) > _MOST_SKIPPED:
        lines.append(f"not looked at: {len(found.skipped) - _MOST_SKIPPED:,} more; --json has all")
    lines += [f"note: {note}" for note in found.notes]
    count = len(found.leaks)
    what = "no Runway key" if not count else "1 finding" if count == 1 else f"{count:,} findings"
    looked = "1 file" if found.files == 1 else f"{found.files:,} files"
    looked += f", {found.objects:,} objects of git" if found.objects else ""
    lines.append(f"{what} in {looked} ({found.bytes / 1e6:,.1f} MB)")
    if count:
        lines.append(_NEXT)
    print("\n".join(lines), file=sys.stderr)
