"""What a request means: two that mean the same are one intent, whatever their bytes are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.engine.journal import Cut

if TYPE_CHECKING:
    from collections.abc import Hashable

    from pytest_runway.engine.journal import Exchange

# A retry that rolls new dice wants the same thing.
_MEANS_NOTHING = frozenset({"seed"})


def intent_of(exchange: Exchange) -> Hashable:
    """Return what a request asks for: the method, the path, and the meaning of its body.

    Neither the order of keys nor the form of the JSON means anything, nor does a key that is null,
    nor ``seed``; long strings are compared by length and mark.
    """
    return exchange.method, exchange.path, _meaning(exchange.body)


def _meaning(value: Any) -> Hashable:
    if isinstance(value, dict):
        return frozenset(
            (key, _meaning(each))
            for key, each in value.items()
            if each is not None and key not in _MEANS_NOTHING
        )
    if isinstance(value, list):
        return tuple(map(_meaning, value))
    if isinstance(value, Cut):
        return value.length, value.mark
    if isinstance(value, bool):
        return ("yes" if value else "no",)  # to Python, true is 1
    hashable: Hashable = value
    return hashable
