"""The items of the checklist, as data: ``items.json`` beside this file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to go through. ``look`` names the function of ``sightings`` that knows it.

    ``next_step`` is a test that would go through it, with ``make_clip`` in place of your code.
    """

    look: str
    title: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Item:
    """One item. ``asks`` is what Runway asks for, ``source`` where, ``mark`` how sure that is.

    ``rules`` are the verdict's whose errors speak against it.
    """

    id: str
    title: str
    asks: str
    source: str
    mark: str
    rules: tuple[str, ...]
    parts: tuple[Part, ...]


def _read() -> tuple[Item, ...]:
    text = (resources.files(__package__) / "items.json").read_text("utf-8")
    return tuple(
        Item(
            **{
                **item,
                "rules": tuple(item["rules"]),
                "parts": tuple(
                    Part(part["look"], part["title"], "\n".join(part["next_step"]))
                    for part in item["parts"]
                ),
            }
        )
        for item in json.loads(text)
    )


ITEMS = _read()
"""All items, in the order of Runway's page."""
