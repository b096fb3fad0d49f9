"""What comes out of a body: how many files, of what kind, how they are coded, wide and long."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pytest_runway.contract.fields import dimensions, quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_runway.contract.fields import Fields

    Measured = tuple[int, int, float | None, bool]
    Measure = Callable[[str], Measured | None]

_RATE = re.compile(r"(\d+)(?:_\d+)?")
_LINES = re.compile(r"(?:auto_)?(\d+p|[124]k)")
# What the names mean is assumed: the short side of a clip, the side of a square picture.
_SHORT_SIDES = {"1k": 1080, "2k": 1440, "4k": 2160}
_SQUARES = {"1k": 1024, "2k": 2048, "4k": 4096}
_LEAST_PX = 64  # a ratio of smaller numbers, such as 16:9, is a shape and not a size
_USUAL = (1280, 720)


@dataclass(frozen=True, slots=True)
class Output:
    """What a body asks for: ``count`` files of a ``kind`` (``video``, …) in a ``format``.

    ``width``, ``height`` (pixels) and ``seconds`` are None where the body leaves them open;
    ``also`` lists kind and format of further files, ``audio`` says whether a clip has sound.
    ``coding`` is how it is coded where the format
    alone does not say so, ``profile`` a flavour of that, ``sidecars`` are files beside the frames
    of a sequence; ``path`` is the form of the links, None for the usual one.
    """

    kind: str
    format: str
    count: int
    width: int | None
    height: int | None
    seconds: float | None
    also: tuple[tuple[str, str], ...] = ()
    audio: bool = False
    coding: str | None = None
    profile: str | None = None
    sidecars: tuple[str, ...] = ()
    fps: Fraction | None = None
    path: str | None = None

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """Kind and format of every file, in order."""
        return ((self.kind, self.format),) * self.count + self.also


def output_of(
    stated: Mapping[str, Any],
    price: Mapping[str, Any],
    fields: Fields,
    measure: Measure,
) -> Output:
    """Return what a body without issues asks for.

    ``stated`` and ``price`` are what the document says of the variant. ``measure`` returns width,
    height and seconds of a medium of the body, and whether it has sound; None where nobody knows.
    """
    like = _like(stated, price, fields, measure)
    width, height = _sides(stated, fields, like) or (None, None)
    audio, seconds = fields.value("audio"), quantity(fields.value("duration"))
    if seconds is None and like is not None:
        seconds = like[2]
    return Output(
        kind=stated.get("kind", ""),
        format=_picked(stated, "formats", fields) or stated.get("format", ""),
        count=count_of(stated, fields),
        width=width,
        height=height,
        seconds=price.get("default_seconds") if seconds is None else seconds,
        also=tuple(
            (each["kind"], each["format"])
            for each in stated.get("also", ())
            if fields.hold(each.get("when", {}))
        ),
        audio=bool(like and like[3]) if audio is None else audio is True,
        coding=_picked(stated, "codings", fields),
        profile=_profile(stated, fields),
        sidecars=tuple(stated.get("sidecars", ())),
        fps=_rate(fields.value(stated["fps"])) if "fps" in stated else None,
        path=stated.get("path"),
    )


def count_of(stated: Mapping[str, Any], fields: Fields) -> int:
    """Return how many files of the first kind a body without issues asks for."""
    count = stated.get("count", 1)
    if isinstance(count, str):
        count = quantity(fields.value(count)) or 1
    return int(count)


def _picked(stated: Mapping[str, Any], key: str, fields: Fields) -> str | None:
    """Return what a field picks from a map, None where it picks nothing."""
    by_field = stated.get(key, {"field": "outputFormat", "map": {}})
    found: str | None = by_field["map"].get(fields.value(by_field["field"]))
    return found


def _profile(stated: Mapping[str, Any], fields: Fields) -> str | None:
    """Return the profile: the one asked for, else the usual one of the format."""
    if "profiles" not in stated:
        return None
    usual = _picked(stated, "profiles", fields)
    asked = fields.value(stated["profiles"]["asked"])
    return asked if usual and isinstance(asked, str) else usual


def _like(
    stated: Mapping[str, Any], price: Mapping[str, Any], fields: Fields, measure: Measure
) -> Measured | None:
    """Return the measures of the medium that the output is like.

    That is the one that the document names, else the one by whose length the body is billed.
    """
    of = stated.get("like") or (price.get("of") if "input" in price.get("unit", "") else None)
    for path in [of] if isinstance(of, str) else of or ():
        value = fields.value(path)
        if isinstance(value, str):
            return measure(value)
    return None


def _sides(
    stated: Mapping[str, Any], fields: Fields, like: Measured | None
) -> tuple[int, int] | None:
    """Return width and height: as asked for, else of the shape and size that are known."""
    if stated.get("kind") == "audio":
        return None
    asked = dimensions(fields.value("ratio"))
    if asked and min(asked) >= _LEAST_PX:
        return asked
    known = like[:2] if like is not None and all(like[:2]) else None
    if "scale" in stated:
        times = quantity(fields.value(stated["scale"])) or 1
        return _scaled(known or _USUAL, times, stated.get("most_px"))
    shape = asked or dimensions(fields.value("targetAspectRatio")) or known
    lines = _lines(fields.value("resolution")) or _lines(fields.value("ratio"))
    if lines is None:
        if shape is None or shape is known:
            return shape
        lines = "720p"
    return _of_lines(lines, shape, is_image=stated.get("kind") == "image")


def _scaled(sides: tuple[int, int], times: float, most_px: int | None) -> tuple[int, int]:
    if most_px is not None:
        times = min(times, most_px / max(sides))
    return max(1, round(sides[0] * times)), max(1, round(sides[1] * times))


def _lines(name: Any) -> str | None:
    found = _LINES.fullmatch(name.lower()) if isinstance(name, str) else None
    return found[1] if found else None


def _of_lines(lines: str, shape: tuple[int, int] | None, *, is_image: bool) -> tuple[int, int]:
    width, height = shape or ((1, 1) if is_image else (16, 9))
    if is_image and lines in _SQUARES:
        times = _SQUARES[lines] / (width * height) ** 0.5
    else:
        short = _SHORT_SIDES.get(lines) or int(lines.rstrip("p"))
        times = short / min(width, height)
    return tuple(max(2, round(side * times / 2) * 2) for side in (width, height))


def _rate(value: Any) -> Fraction | None:
    """Return frames a second: ``"60"``, or ``"23_98"`` for 24000/1001."""
    found = _RATE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    whole = int(found[1])
    return Fraction(whole) if found[0] == found[1] else Fraction((whole + 1) * 1000, 1001)
