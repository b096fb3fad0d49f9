"""Pictures: what PNG, JPEG and WebP say of themselves, and whether they reach their end.

The formats' own structure is walked, header by header, and nothing is decoded. Why Pillow does not
do it: ``docs/media.md``, Who reads media.
"""

from __future__ import annotations

from struct import Struct, error, unpack
from typing import TYPE_CHECKING

from pytest_runway.media.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_runway.media.sources import Source

_PNG_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_SIDEWAYS = frozenset({5, 6, 7, 8})
_CHUNK_BE, _CHUNK_LE = Struct(">I4s"), Struct("<4sI")
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers that no length follows
_JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive


def read_picture(container: str, source: Source) -> Facts | None:
    """Return the facts of a ``"png"``, ``"jpeg"`` or ``"webp"``; ``None`` if its header lies.

    Raises:
        struct.error, IndexError: where it ends in the middle of its headers.
    """
    return _READERS[container](source)


def _facts(
    container: str, sides: tuple[int, int], orientation: int, *, frames: int = 1, complete: bool
) -> Facts | None:
    width, height = sides if orientation not in _SIDEWAYS else sides[::-1]
    if not (width and height):
        return None
    return Facts(
        kind="image",
        container=container,
        codec=container,
        width=width,
        height=height,
        frames=frames,
        complete=complete,
    )


def _png(source: Source) -> Facts | None:
    length, name, width, height, depth, colour = unpack(">I4sIIBB", source.at(8, 18))
    if (length, name) != (13, b"IHDR") or depth not in _PNG_DEPTHS.get(colour, ()):
        return None
    frames, orientation, complete, pixels = 1, 1, False, False
    for name, offset, length in _png_chunks(source):
        if name == b"IEND":
            complete = pixels
        elif name == b"IDAT":
            pixels = True
        elif name == b"acTL":
            frames = unpack(">I", source.at(offset, 4))[0]
        elif name == b"eXIf":
            orientation = _orientation(source.at(offset, min(length, 65_536)))
    return _facts("png", (width, height), orientation, frames=frames, complete=complete)


def _png_chunks(source: Source) -> Iterator[tuple[bytes, int, int]]:
    offset, end = 8, source.size
    while offset + 12 <= end:
        length, name = _CHUNK_BE.unpack(source.at(offset, 8))
        if offset + 12 + length > end:
            return
        yield name, offset + 8, length
        if name == b"IEND":
            return
        offset += 12 + length


def _jpeg(source: Source) -> Facts | None:
    sides, orientation, offset = (0, 0), 1, 2
    while True:
        marker, offset = _jpeg_marker(source, offset)
        if marker in _JPEG_BARE:
            continue
        (length,) = unpack(">H", source.at(offset, 2))
        if marker in _JPEG_FRAMES:
            depth, height, width, components = unpack(">BHHB", source.at(offset + 2, 6))
            if depth not in (8, 12) or components not in (1, 3, 4):
                return None
            sides = (width, height)
        elif marker == 0xE1 and source.at(offset + 2, 6) == b"Exif\0\0":
            orientation = _orientation(source.at(offset + 8, length - 8))
        elif marker == 0xDA:
            complete = _has_end(source, offset + length)
            return _facts("jpeg", sides, orientation, complete=complete)
        elif marker == 0xD9 or length < 2:
            return None
        offset += length


def _jpeg_marker(source: Source, offset: int) -> tuple[int, int]:
    """Return a marker and where its data starts; any number of 0xFF may stand before it."""
    lead = source.at(offset, 2)
    if lead[0] != 0xFF:
        raise IndexError(offset)
    while lead[1] == 0xFF:
        offset += 1
        lead = source.at(offset, 2)
    return lead[1], offset + 2


def _has_end(source: Source, offset: int) -> bool:
    """Return whether the pixels are followed by an end mark, which coded pixels never contain."""
    tail = max(offset, source.size - 4096)
    if b"\xff\xd9" in source.at(tail, 4096):
        return True
    return b"\xff\xd9" in source.at(offset, source.size)


def _webp(source: Source) -> Facts | None:
    (claimed,) = unpack("<I", source.at(4, 4))
    sides, orientation, frames, pixels = (0, 0), 1, 0, False
    for name, offset, length in _webp_chunks(source):
        if name == b"VP8X":
            across, down = unpack("<I", source.at(offset + 4, 4)), source.at(offset + 7, 3)
            sides = ((across[0] & 0xFFFFFF) + 1, int.from_bytes(down, "little") + 1)
        elif name in (b"VP8 ", b"VP8L"):
            pixels = True
            if sides == (0, 0):
                sides = _webp_sides(name, source.at(offset, 10))
        elif name == b"ANMF":
            frames, pixels = frames + 1, True
        elif name == b"EXIF":
            orientation = _orientation(source.at(offset, min(length, 65_536)))
    complete = pixels and source.size >= claimed + 8
    return _facts("webp", sides, orientation, frames=max(1, frames), complete=complete)


def _webp_chunks(source: Source) -> Iterator[tuple[bytes, int, int]]:
    offset, end = 12, source.size
    while offset + 8 <= end:
        name, length = _CHUNK_LE.unpack(source.at(offset, 8))
        yield name, offset + 8, length
        offset += 8 + length + length % 2


def _webp_sides(name: bytes, head: bytes) -> tuple[int, int]:
    if name == b"VP8L":
        mark, bits = unpack("<BI", head[:5])
        return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1) if mark == 0x2F else (0, 0)
    start, width, height = unpack("<3sHH", head[3:10])
    return (width & 0x3FFF, height & 0x3FFF) if start == b"\x9d\x01\x2a" else (0, 0)


def _orientation(exif: bytes) -> int:
    """Return the orientation that EXIF data asks for, 1 where they do not say or make no sense."""
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 1
    try:
        (start,) = unpack(order + "I", exif[4:8])
        (count,) = unpack(order + "H", exif[start : start + 2])
        for offset in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind, _, value = unpack(order + "HHIH", exif[offset : offset + 10])
            if (tag, kind) == (0x0112, 3):
                return int(value)
    except error:
        pass
    return 1


_READERS: dict[str, Callable[[Source], Facts | None]] = {"png": _png, "jpeg": _jpeg, "webp": _webp}
