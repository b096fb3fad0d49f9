"""Bytes to facts: what a file is, whatever it is called."""

from __future__ import annotations

from struct import error
from typing import TYPE_CHECKING

from pytest_runway.media.containers import flv, iso, matroska, mpeg, ogg
from pytest_runway.media.containers.riff import read_avi, read_wav
from pytest_runway.media.containers.sounds import read_adts, read_flac, read_mpeg_audio, tag_size
from pytest_runway.media.facts import Facts
from pytest_runway.media.pictures import read_picture
from pytest_runway.media.sources import Bounded, TooManyLooks, Whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.media.facts import Kind
    from pytest_runway.media.sources import Source

_LOOKS = 80_000
"""So many parts of a file are looked at: enough for 200 MB of PNG in chunks of 8 kB, and less than
150 ms whatever is in it."""

_READERS: dict[str, Callable[[Source], Facts | None]] = {
    "png": lambda source: read_picture("png", source),
    "jpeg": lambda source: read_picture("jpeg", source),
    "webp": lambda source: read_picture("webp", source),
    "iso": iso.read_iso,
    "matroska": matroska.read_matroska,
    "ogg": ogg.read_ogg,
    "wav": read_wav,
    "avi": read_avi,
    "flv": flv.read_flv,
    "mpeg": mpeg.read_program_stream,
    "flac": read_flac,
    "adts": read_adts,
    "mp3": read_mpeg_audio,
}
_HEADS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (matroska.MARK, "matroska"),
    (ogg.MARK, "ogg"),
    (flv.MARK, "flv"),
    (mpeg.MARK, "mpeg"),
    (b"fLaC", "flac"),
)
_RIFFS = {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}
_OTHERS: tuple[tuple[bytes, str, Kind], ...] = (
    (b"GIF87a", "gif", "image"),
    (b"GIF89a", "gif", "image"),
    (b"BM", "bmp", "image"),
    (b"II*\0", "tiff", "image"),
    (b"MM\0*", "tiff", "image"),
    (b"\0\0\0\x0cjP  ", "jp2", "image"),
    (b"\0\0\1\0", "ico", "image"),
    (b"icns", "icns", "image"),
    (b"8BPS", "psd", "image"),
    (b"qoif", "qoi", "image"),
    (b"%PDF", "pdf", "image"),
    (b"%!PS", "eps", "image"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf", "video"),
    (b".RMF", "rm", "video"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01", "mxf", "video"),
    (b"DKIF", "ivf", "video"),
    (b"\0\0\0\1", "h264", "video"),
    (b"\0\0\1", "mpeg es", "video"),
    (b"FORM", "aiff", "audio"),
    (b".snd", "au", "audio"),
    (b"caff", "caf", "audio"),
    (b"\x0b\x77", "ac3", "audio"),
    (b"#!AMR", "amr", "audio"),
    (b"MThd", "midi", "audio"),
    (b"wvpk", "wavpack", "audio"),
    (b"TTA1", "tta", "audio"),
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


def read(data: bytes | Source) -> Facts | None:
    """Return the facts of a picture, a clip or a sound; ``None`` where it is none of them.

    The content decides, and nothing is decoded: time and memory are bounded whatever the headers
    claim. Formats that Runway does not take have a name here, and no sides and no length.
    """
    source = Whole(data) if isinstance(data, bytes) else data
    head = source.at(0, 1024)
    form = _form(head, source)
    if form:
        try:
            return _READERS[form](Bounded(source, _LOOKS))
        except (error, IndexError, TooManyLooks):  # it ends where a number should stand, or never
            return None
    return _named(head)


def _form(head: bytes, source: Source) -> str:
    """Return which reader is for a file that starts so, ``""`` where none is."""
    for start, form in _HEADS:
        if head.startswith(start):
            return form
    if head[:4] == b"RF64" and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"RIFF":
        return _RIFFS.get(head[8:12], "")
    if head[4:8] in iso.MARKS and head[8:12] not in _STILL_BRANDS:
        return "iso"
    if head[:3] == b"ID3":  # a tag before the sound itself
        head = source.at(tag_size(source), 4)
        if head == b"fLaC":
            return "flac"
    if head[:1] == b"\xff" and len(head) > 1:
        return "adts" if head[1] & 0xF6 == 0xF0 else "mp3" if head[1] & 0xE0 == 0xE0 else ""
    return ""


def _named(head: bytes) -> Facts | None:
    """Return the name of a format that nobody here reads."""
    for start, name, kind in _OTHERS:
        if head.startswith(start):
            return Facts(kind=kind, container=name, codec=name)
    still = _STILL_BRANDS.get(head[8:12]) if head[4:8] == b"ftyp" else None
    if still:
        return Facts(kind="image", container=still, codec=still)
    if head[:1] == b"G" and head[188:189] == b"G":
        return Facts(kind="video", container="mpeg-ts", codec="")
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        name = "svg" if b"<svg" in head else "html"
        return Facts(kind="image", container=name, codec=name)
    return None
