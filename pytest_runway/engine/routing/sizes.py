"""From an aspect ratio and a resolution to one of the sizes that a model offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.contract.fields import dimensions

if TYPE_CHECKING:
    from collections.abc import Sequence

# The short side of a video, the area of an image; what the names mean is assumed.
_SHORT_SIDES = {"480p": 480, "720p": 720, "1080p": 1080, "4k": 2160}
_AREAS = {"1k": 1024**2, "2k": 2048**2, "4k": 4096**2}
_ASPECT_TOLERANCE = 0.06
_SIZE_TOLERANCE = 0.3


def size_for(
    options: Sequence[Any], *, aspect: str | None, resolution: str | None, of_image: bool
) -> str | None:
    """Return the option nearest to what is asked for, None where none comes near.

    ``options`` are those of a model: ``1280:720``, ``16:9``, ``auto_720p``. Where nothing is
    asked for, 16:9 at 720p (a square at 1k for an image) is preferred, and anything will do.
    """
    usual_aspect, usual_resolution = ("1:1", "1k") if of_image else ("16:9", "720p")
    if aspect in options:
        return aspect
    if aspect is None:
        framed = f"auto_{resolution or usual_resolution}"
        if framed in options:
            return framed
    rated = []
    for option in options:
        size = dimensions(option)
        if size is None:
            continue
        off_aspect = _off(size[0] / size[1], _ratio(aspect or usual_aspect))
        off_size = _size_off(size, resolution or usual_resolution, of_image=of_image)
        if aspect is not None and off_aspect > _ASPECT_TOLERANCE:
            continue
        if resolution is not None and off_size > _SIZE_TOLERANCE:
            continue
        rated.append((round(off_aspect, 1), off_size, option))
    return min(rated)[2] if rated else None


def resolution_for(options: Sequence[str], resolution: str | None) -> str | None:
    """Return the model's own name of a resolution, the nearest within reason."""
    wanted = _SHORT_SIDES[resolution or "720p"]
    rated = []
    for option in options:
        lines = _lines(option)
        off = _off(lines, wanted)
        if resolution is None or off <= _SIZE_TOLERANCE:
            rated.append((off, option))
    return min(rated)[1] if rated else None


def _lines(option: str) -> int:
    name = option.lower()
    return {"2k": 1440, "4k": 2160}.get(name) or int(name.removesuffix("p"))


def _size_off(size: tuple[int, int], resolution: str, *, of_image: bool) -> float:
    if of_image:
        return _off(size[0] * size[1], _AREAS[resolution])
    return _off(min(size), _SHORT_SIDES[resolution])


def _ratio(aspect: str) -> float:
    width, _, height = aspect.partition(":")
    return int(width) / int(height)


def _off(value: float, wanted: float) -> float:
    return abs(value / wanted - 1)
