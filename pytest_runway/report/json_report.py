"""The report that programs read: JSON, with a schema that ships with the package."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_runway.report.run import Run

VERSION = 1


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the report."""
    text = (files("pytest_runway.report") / f"report-{VERSION}.schema.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def report(run: Run) -> dict[str, Any]:
    """Return the report as what ``json`` writes; the same run gives the same report."""
    tests = [test.to_json() for test in run.tests]
    for test in tests:
        del test["evidence"]  # the go-live checklist's, of any shape
    by_rule = run.findings_by_rule()
    return {
        "version": VERSION,
        "complete": run.cut_short is None,
        "cut_short": run.cut_short,
        "totals": run.totals(),
        "findings": by_rule,
        "rules": {
            rule: {
                "meaning": explained.meaning,
                "why": explained.why,
                "documented": explained.documented,
                "source": explained.source,
                "advice": explained.advice,
            }
            for rule in by_rule
            if (explained := run.rules.get(rule)) is not None
        },
        "tests": tests,
    }


def render(run: Run) -> bytes:
    """Return the report as UTF-8, one test a line, so that two of them can be compared."""
    found = report(run)
    tests = found.pop("tests")
    head = json.dumps(found, ensure_ascii=False, indent=1)[:-2]
    lines = ",\n".join(json.dumps(test, ensure_ascii=False) for test in tests)
    return f'{head},\n "tests": [\n{lines}\n ]\n}}\n'.encode()
