"""Sequences: the frames of a clip in a ZIP, all alike, and what is told beside them."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Assumed: the names of these files are documented, not what stands in them.
_TOLD: Mapping[str, Callable[[str, str], dict[str, str]]] = {
    "colorimetry.json": lambda space, transfer: {"colorSpace": space, "transfer": transfer},
    "provenance.json": lambda _, __: {"source": "SDR", "process": "upconvert"},
}


def zipped(count: int, form: str, frame: bytes, beside: Mapping[str, bytes] | None = None) -> bytes:
    """Return so many frames, named after ``form``, and what lies beside them."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(count):
            _add(archive, form.format(number), frame)
        for name, data in (beside or {}).items():
            _add(archive, name, data)
    return target.getvalue()


def described(sidecars: tuple[str, ...], space: str, transfer: str) -> dict[str, bytes]:
    """Return the files that tell what the frames' numbers mean."""
    return {name: json.dumps(_TOLD[name](space, transfer)).encode() for name in sidecars}


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    named = zipfile.ZipInfo(name)  # its date is always the same
    archive.writestr(named, data, zipfile.ZIP_DEFLATED, 1)
