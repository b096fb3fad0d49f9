"""What Runway takes in any field: sizes, sides, content types, containers and their codecs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from pytest_runway.errors import ContractError
from pytest_runway.media.facts import KINDS
from pytest_runway.media.reasons import Reasons

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_runway.media.facts import Kind

Transport = Literal["url", "data", "upload"]
TRANSPORTS: tuple[Transport, ...] = get_args(Transport)

_FAMILIES = (frozenset({"mp4", "mov", "3gp"}), frozenset({"mkv", "webm"}))
"""Containers that differ in a few bytes, and go by each other's names. Assumed: Runway does not
tell them apart by their content type either, only by what they may hold."""


@dataclass(frozen=True, slots=True)
class Container:
    """One accepted container: how it may be declared, and what it may hold.

    Pictures have no ``codecs``: their container says it all.
    """

    name: str
    content_types: tuple[str, ...]
    codecs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that hold for every media field, whatever the model, and their words.

    ``max_bytes`` is by kind and transport; that of a data URI counts the characters of the whole
    string. ``upload_bytes`` is the least and the most that storage takes.
    """

    max_bytes: Mapping[Kind, Mapping[Transport, int]]
    max_side_px: int
    max_url_chars: int
    upload_bytes: tuple[int, int]
    containers: Mapping[Kind, Mapping[str, Container]]
    reasons: Reasons

    @classmethod
    def from_limits(cls, limits: Mapping[str, Any]) -> Rules:
        """Return the rules that the contract's ``limits`` state.

        Raises:
            ContractError: where one of them is missing.
        """
        try:
            least, most = limits["upload_bytes"]
            return cls(
                max_bytes={kind: limits["media_bytes"][kind] for kind in KINDS},
                max_side_px=limits["side_px"],
                max_url_chars=limits["url_chars"],
                upload_bytes=(least, most),
                containers={kind: _containers(limits["media_types"][kind]) for kind in KINDS},
                reasons=Reasons.from_messages(limits["media_messages"]),
            )
        except KeyError as missing:
            raise ContractError(f"the contract's limits do not say {missing}") from None

    def content_types(self, kind: Kind) -> tuple[str, ...]:
        """Return every content type that a field of this kind takes."""
        return tuple(t for row in self.containers[kind].values() for t in row.content_types)

    def may_be_declared(self, kind: Kind, container: str, content_type: str) -> bool:
        """Return whether a container may come under a content type."""
        accepted = self.containers[kind]
        family = next((f for f in _FAMILIES if container in f), frozenset({container}))
        return any(content_type in accepted[n].content_types for n in family if n in accepted)


def _containers(rows: Mapping[str, Any]) -> dict[str, Container]:
    return {
        name: Container(
            name,
            tuple(row["types"]),
            (*row.get("codecs", ()), *row.get("discouraged", ())),
        )
        for name, row in rows.items()
    }
