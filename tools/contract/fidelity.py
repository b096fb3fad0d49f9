"""``docs/fidelity.md``: every fact of the document with its mark and source, for users."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tools.contract.overlay import Facts, Overlay

INTRO = Path(__file__).parent / "fidelity_intro.md"
_MODELS = """## Models

Limits, windows of media and rules are counted by mark and source. Names, fields and enum values are
the SDK's (D).
"""
_ROOT = {
    "x-runway-errors": "Errors",
    "x-runway-failures": "Failures of tasks",
    "x-runway-tiers": "Tiers",
    "x-runway-limits": "Limits",
    "x-runway-reply-headers": "Headers of replies",
    "x-runway-outputs": "Outputs",
    "x-runway-resources": "Names of what is missing",
}


def page(document: Facts, overlay: Overlay) -> str:
    """Return the page as Markdown, from the whole document and the overlay that it was made of."""
    operations = list(_operations(document))
    parts = [
        INTRO.read_text(encoding="utf-8"),
        _counted(document),
        _sources(overlay),
        *(_facts(title, document[key]) for key, title in _ROOT.items()),
        _table(
            "Operations", ["operation", "route", "does", "mark"], map(_operation_row, operations)
        ),
        _MODELS,
        *(_variants(operation) for _, _, operation in operations if _has_price(operation)),
        _assumed(operations),
    ]
    return "\n".join(parts)


def _operations(document: Facts) -> Iterator[tuple[str, str, Facts]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def _bodies(operation: Facts) -> list[Facts]:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return list(schema.get("oneOf", [schema] if schema else []))


def _has_price(operation: Facts) -> bool:
    return any("x-runway-output" in variant for variant in _bodies(operation))


def signed_facts(value: Any) -> Iterator[Facts]:
    """Yield everything within a value that has a source and a mark."""
    if isinstance(value, dict):
        if "source" in value and "mark" in value:
            yield value
        for one in value.values():
            yield from signed_facts(one)
    elif isinstance(value, list):
        for one in value:
            yield from signed_facts(one)


def _counted(document: Facts) -> str:
    marks = Counter(fact["mark"] for fact in signed_facts(document))
    said = ", ".join(f"{marks[mark]} {mark}" for mark in "DWI")
    sdk = document["x-runway-sdk"]
    return (
        f"The document holds {sum(marks.values())} hand-written facts: {said}. Names, fields and "
        f"enum values are those of {sdk['package']} {sdk['version']}.\n"
    )


def _sources(overlay: Overlay) -> str:
    rows = ([name, one["what"], one["dated"], one["mark"]] for name, one in overlay.sources.items())
    return _table("Sources", ["name", "what", "dated", "mark"], rows)


def _facts(title: str, facts: Facts) -> str:
    return _table(title, ["fact", "value", "mark", "source"], _fact_rows("", facts))


def _fact_rows(prefix: str, facts: Facts) -> Iterator[list[str]]:
    for name, fact in facts.items():
        if "source" not in fact:
            yield from _fact_rows(f"{prefix}{name} ", fact)
            continue
        rest = {key: one for key, one in fact.items() if key not in {"source", "mark"}}
        said = next(iter(rest.values())) if len(rest) == 1 else rest
        yield [f"`{prefix}{name}`", _said(said), fact["mark"], fact["source"]]


def _said(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"`{' '.join(text.split())}`"


def _operation_row(found: tuple[str, str, Facts]) -> list[str]:
    method, path, operation = found
    source = operation["x-runway-source"]
    name, does = operation["operationId"], operation["x-runway-behaviour"]
    return [f"`{name}`", f"`{method} {path}`", does, f"{source['mark']} {source['source']}"]


def _variants(operation: Facts) -> str:
    columns = ["model", "credits", "gives", "limits", "media", "rules"]
    title = f"`{operation['operationId']}`"
    return _table(title, columns, map(_variant_row, _bodies(operation)), level=3)


def _variant_row(variant: Facts) -> list[str]:
    output = variant["x-runway-output"]
    rules = [*variant.get("x-runway-rules", []), *variant.get("x-runway-media-rules", [])]
    windows = [fact for fact in signed_facts(variant["properties"]) if "kind" in fact]
    return [
        f"`{variant['title']}`",
        priced(variant["x-runway-price"]) if "x-runway-price" in variant else "the routed model's",
        f"{output['format']} ({output['mark']})",
        _tally(variant.get("x-runway-facts", [])),
        _tally(windows),
        _tally(rules),
    ]


def priced(price: Facts) -> str:
    """Return a price in words: its rates, its unit, and where it comes from."""
    every = f"{price['every']} " if "every" in price else ""
    unit = price["unit"].replace("_", " ") + ("s" if every else "")
    rates = "/".join(f"{rate['credits']:g}" for rate in price["rates"])
    least = f", at least {price['minimum']}" if "minimum" in price else ""
    more = ", and extras" if "extras" in price else ""
    return f"{rates} per {every}{unit}{least}{more} ({price['mark']} {price['source']})"


def _tally(facts: Iterable[Facts]) -> str:
    counted = Counter((fact["mark"], fact["source"]) for fact in facts)
    return ", ".join(f"{count} {mark} {source}" for (mark, source), count in counted.items())


def _assumed(operations: list[tuple[str, str, Facts]]) -> str:
    rows = [
        [f"`{operation['operationId']}`", f"`{variant['title']}`", fact["field"], fact["says"]]
        for _, _, operation in operations
        for variant in _bodies(operation)
        for fact in variant.get("x-runway-facts", [])
        if fact["mark"] == "I"
    ]
    title = "Limits that are inferred or chosen"
    return _table(title, ["operation", "model", "field", "limit"], rows)


def _table(title: str, columns: list[str], rows: Iterable[list[str]], *, level: int = 2) -> str:
    lines = [f"{'#' * level} {title}", "", _line(columns), _line(["---"] * len(columns))]
    return "\n".join([*lines, *(_line(row) for row in rows), ""])


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
