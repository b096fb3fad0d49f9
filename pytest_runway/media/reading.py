"""Bytes to facts: what a file is, whatever it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.media.clips import media_info_missing, read_clip
from pytest_runway.media.facts import Facts
from pytest_runway.media.pictures import read_picture
from pytest_runway.media.sources import Whole

if TYPE_CHECKING:
    from pytest_runway.media.sources import Source

_HEADS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"\0\0\0\x0cjP  ", "jp2"),
    (b"\0\0\1\0", "ico"),
    (b"icns", "icns"),
    (b"8BPS", "psd"),
    (b"qoif", "qoi"),
    (b"%PDF", "pdf"),
    (b"%!PS", "eps"),
)
_STILL_BRANDS = {
    b"avif": "avif",
    b"avis": "avif",
    b"heic": "heic",
    b"heix": "heic",
    b"hevc": "heic",
    b"mif1": "heic",
    b"msf1": "heic",
}
_READABLE = frozenset({"png", "jpeg", "webp"})


def read(data: bytes | Source) -> Facts | None:
    """Return the facts of a picture, a clip or a sound; ``None`` where it is none of them.

    The content decides, and nothing is decoded: time and memory are bounded whatever the headers
    claim. Pictures in formats that Runway does not take have no size here, only a name.
    """
    source = Whole(data) if isinstance(data, bytes) else data
    container = picture_container(source.at(0, 1024))
    if container in _READABLE:
        return read_picture(container, source)
    if container:
        return Facts(kind="image", container=container, codec=container)
    if media_info_missing():
        return None
    return read_clip(source)


def picture_container(head: bytes) -> str:
    """Return which kind of picture (or text) starts so, ``""`` for anything else."""
    for start, name in _HEADS:
        if head.startswith(start):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return _STILL_BRANDS.get(head[8:12], "")
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        return "svg" if b"<svg" in head else "html"
    return ""
