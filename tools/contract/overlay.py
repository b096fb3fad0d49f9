"""The hand-written facts: TOML beside this file, every fact under the name of its source."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import tomllib

FOLDER = Path(__file__).parent / "overlay"
MARKS = {"D", "W", "I"}

Facts = dict[str, Any]


class OverlayError(Exception):
    """The overlay says something that the SDK or the vocabulary does not know."""


@dataclass(frozen=True)
class Overlay:
    """The tables of the overlay by subject, and the sources that their facts name."""

    sources: dict[str, Facts]
    root: Facts
    models: Facts
    operations: Facts
    answers: Facts
    limits: dict[str, Facts]
    prices: Facts
    outputs: Facts
    windows: list[Facts]
    media_rules: list[Facts]
    rules: list[Facts]

    def mark(self, source: str) -> str:
        """Return the mark of a source.

        Raises:
            OverlayError: for a source that ``sources.toml`` does not list.
        """
        if source not in self.sources:
            raise OverlayError(
                f"unknown source {source!r}; sources.toml has {sorted(self.sources)}"
            )
        return str(self.sources[source]["mark"])

    def signed(self, fact: Facts) -> Facts:
        """Return a fact that names its source, with the source's mark unless it has its own."""
        if "source" not in fact:
            raise OverlayError(f"a fact without a source: {fact}")
        mark = fact.get("mark", self.mark(fact["source"]))
        rest = {key: value for key, value in fact.items() if key not in {"source", "mark"}}
        return {**rest, "source": fact["source"], "mark": mark}


def load_overlay(folder: Path = FOLDER) -> Overlay:
    """Return the overlay as it stands on disk, every source and mark checked.

    Raises:
        OverlayError: for a source without a mark, or a fact whose source is not listed.
    """
    sources = _toml(folder / "sources.toml")
    for name, source in sources.items():
        if source.get("mark") not in MARKS:
            raise OverlayError(f"source {name!r} needs a mark, one of {sorted(MARKS)}")
    media = _toml(folder / "media.toml")
    return Overlay(
        sources=sources,
        root=_toml(folder / "root.toml"),
        models=_toml(folder / "models.toml"),
        operations=_toml(folder / "operations.toml"),
        answers=_toml(folder / "answers.toml"),
        limits=_limits(folder / "limits"),
        prices=_toml(folder / "prices.toml"),
        outputs=_toml(folder / "outputs.toml"),
        windows=media["window"],
        media_rules=media["rule"],
        rules=_toml(folder / "rules.toml")["rule"],
    )


def _toml(path: Path) -> Facts:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _limits(folder: Path) -> dict[str, Facts]:
    """Return limits by operation, then variant, with ``like`` resolved."""
    raw: dict[str, Facts] = {}
    for path in sorted(folder.glob("*.toml")):
        raw.update(_toml(path))
    return {
        operation: {name: _resolved(raw, operation, name) for name in variants}
        for operation, variants in raw.items()
    }


def _resolved(raw: dict[str, Facts], operation: str, name: str) -> Facts:
    """Return a variant's facts by source, laid over those of the variant that it is like."""
    own = dict(raw[operation][name])
    like = own.pop("like", None)
    if like is None:
        return own
    other, _, variant = like.rpartition("/")
    base = _resolved(raw, other or operation, variant)
    sources = {**base, **own}
    return {key: {**base.get(key, {}), **own.get(key, {})} for key in sources}


def said_of(facts: list[Facts], operation: str, variant: str) -> list[Facts]:
    """Return the facts whose ``on`` names a variant, without it."""
    name = f"{operation}/{variant}"
    return [
        {key: value for key, value in fact.items() if key != "on"}
        for fact in facts
        if any(fnmatchcase(name, pattern) for pattern in fact["on"])
    ]


def unheard(overlay: Overlay, names: set[str]) -> list[str]:
    """Return what the overlay says of variants that none of the names is: a typing mistake."""
    models = {name.rpartition("/")[2] for name in names}
    operations = {name.rpartition("/")[0] for name in names}
    keyed = [*overlay.prices, *overlay.outputs]
    lost = [key for key in keyed if key not in names | models | operations]
    facts = [*overlay.windows, *overlay.media_rules, *overlay.rules]
    patterns = {pattern for fact in facts for pattern in fact["on"]}
    return lost + sorted(one for one in patterns if not any(fnmatchcase(n, one) for n in names))


def looked_up(table: Facts, operation: str, variant: str) -> Facts | None:
    """Return the entry for a variant: by operation and variant, by operation, or by model."""
    for key in (f"{operation}/{variant}", operation, variant):
        if key in table:
            found: Facts = table[key]
            return found
    return None
