"""MP4, MOV, 3GP and M4A files: boxes around samples that somebody else coded."""

from __future__ import annotations

from dataclasses import dataclass
from struct import pack
from typing import Literal

Brand = Literal["mp4", "mov", "3gp", "m4a"]

_BRANDS = {
    "mp4": b"isom\0\0\2\0isomiso2avc1mp41",
    "mov": b"qt  \0\0\2\0qt  ",
    "3gp": b"3gp5\0\0\2\0isom3gp5",
    "m4a": b"M4A \0\0\2\0M4A isommp42",
}
_UPRIGHT = pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_QUARTER_TURN = pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Coded samples, and when each is shown: runs of (count, ticks), ``timescale`` a second.

    With ``repeats`` there is one sample, stored once and shown so often.
    """

    handler: Literal[b"vide", b"soun"]
    entry: bytes
    samples: tuple[bytes, ...]
    times: tuple[tuple[int, int], ...]
    timescale: int
    width: int = 0
    height: int = 0
    turned: bool = False
    repeats: int = 0

    @property
    def ticks(self) -> int:
        """Return the track's length, in ``timescale``."""
        return sum(count * ticks for count, ticks in self.times)


def movie(brand: Brand, *tracks: Track) -> bytes:
    """Return a file with its index before its samples, as for streaming."""
    head = box(b"ftyp", _BRANDS[brand])
    blank = _index(tracks, [0] * len(tracks))
    offsets, position = [], len(head) + len(blank) + 8
    for track in tracks:
        offsets.append(position)
        position += sum(map(len, track.samples))
    data = [sample for track in tracks for sample in track.samples]
    return b"".join((head, _index(tracks, offsets), box(b"mdat", *data)))


def padded_movie(data: bytes, size: int) -> bytes:
    """Return a file with a ``free`` box at its end, so that it is exactly ``size`` bytes."""
    room = size - len(data) - 8
    if room < 0:
        raise ValueError(f"cannot pad a movie of {len(data)} bytes to {size}: a box takes 8")
    return b"".join((data, pack(">I4s", room + 8, b"free"), bytes(room)))


def box(name: bytes, *parts: bytes) -> bytes:
    """Return a box: its length, its name, its parts."""
    return b"".join((pack(">I4s", 8 + sum(map(len, parts)), name), *parts))


def avc_entry(width: int, height: int, sequence_set: bytes, picture_set: bytes) -> bytes:
    """Return the sample entry of an H.264 track."""
    config = b"".join(
        (
            bytes([1, *sequence_set[1:4], 0xFF, 0xE1]),
            pack(">H", len(sequence_set)) + sequence_set,
            b"\1" + pack(">H", len(picture_set)) + picture_set,
        )
    )
    return picture_entry(b"avc1", width, height, box(b"avcC", config))


def picture_entry(name: bytes, width: int, height: int, *boxes: bytes) -> bytes:
    """Return the sample entry of a track of pictures, with what its codec adds."""
    return box(
        name,
        pack(">6xH16xHHIII", 1, width, height, 0x480000, 0x480000, 0),
        pack(">H32xHh", 1, 24, -1),
        *boxes,
    )


def colour_box(brand: Brand, colour: tuple[int, int, int]) -> bytes:
    """Return what the colours mean: primaries, transfer and matrix by their numbers."""
    if brand == "mov":
        return box(b"colr", b"nclc", pack(">3H", *colour))
    return box(b"colr", b"nclx", pack(">3HB", *colour, 0))


def aac_entry(rate: int, config: bytes) -> bytes:
    """Return the sample entry of an AAC track; ``config`` is the AudioSpecificConfig."""
    decoder = b"\x40\x15" + bytes(11) + _descriptor(5, config)
    stream = pack(">HB", 1, 0) + _descriptor(4, decoder) + _descriptor(6, b"\2")
    return box(
        b"mp4a",
        pack(">6xH8xHHII", 1, 1, 16, 0, rate << 16),
        _full(b"esds", 0, _descriptor(3, stream)),
    )


def _descriptor(tag: int, data: bytes) -> bytes:
    return bytes([tag, len(data)]) + data


def _full(name: bytes, flags: int, *parts: bytes) -> bytes:
    return box(name, pack(">I", flags), *parts)


def _index(tracks: tuple[Track, ...], offsets: list[int]) -> bytes:
    length_ms = max(_milliseconds(track) for track in tracks)
    header = pack(">IIIIIH10x", 0, 0, 1000, length_ms, 0x10000, 0x100) + _UPRIGHT + bytes(24)
    return box(
        b"moov",
        _full(b"mvhd", 0, header, pack(">I", len(tracks) + 1)),
        *(_track(n + 1, t, o) for n, (t, o) in enumerate(zip(tracks, offsets, strict=True))),
    )


def _milliseconds(track: Track) -> int:
    return round(track.ticks * 1000 / track.timescale)


def _track(number: int, track: Track, offset: int) -> bytes:
    sound = track.handler == b"soun"
    header = b"".join(
        (
            pack(">IIIII8x", 0, 0, number, 0, _milliseconds(track)),
            pack(">hhHH", 0, 0, 0x100 if sound else 0, 0),
            _QUARTER_TURN if track.turned else _UPRIGHT,
            pack(">II", track.width << 16, track.height << 16),
        )
    )
    where = box(b"dinf", _full(b"dref", 0, pack(">I", 1), _full(b"url ", 1)))
    media_header = _full(b"smhd", 0, bytes(4)) if sound else _full(b"vmhd", 1, bytes(8))
    media = box(
        b"mdia",
        _full(b"mdhd", 0, pack(">IIIIHH", 0, 0, track.timescale, track.ticks, 0x55C4, 0)),
        _full(b"hdlr", 0, bytes(4), track.handler, bytes(13)),
        box(b"minf", media_header, where, _sample_table(track, offset)),
    )
    return box(b"trak", _full(b"tkhd", 3, header), media)


def _sample_table(track: Track, offset: int) -> bytes:
    times = [pack(">II", *run) for run in track.times]
    return box(
        b"stbl",
        _full(b"stsd", 0, pack(">I", 1), track.entry),
        _full(b"stts", 0, pack(">I", len(times)), *times),
        *(_same_sample(track, offset) if track.repeats else _samples(track, offset)),
    )


def _samples(track: Track, offset: int) -> list[bytes]:
    count = len(track.samples)
    sizes = [len(sample) for sample in track.samples]
    keys = [] if track.handler == b"soun" else [_full(b"stss", 0, pack(">II", 1, 1))]
    return [
        *keys,
        _full(b"stsc", 0, pack(">IIII", 1, 1, count, 1)),
        _full(b"stsz", 0, pack(f">II{count}I", 0, count, *sizes)),
        _full(b"stco", 0, pack(">II", 1, offset)),
    ]


def _same_sample(track: Track, offset: int) -> list[bytes]:
    """Return tables in which every sample is a chunk, and all chunks lie in the same place."""
    (sample,) = track.samples
    return [
        _full(b"stsc", 0, pack(">IIII", 1, 1, 1, 1)),
        _full(b"stsz", 0, pack(">II", len(sample), track.repeats)),
        _full(b"stco", 0, pack(">I", track.repeats), pack(">I", offset) * track.repeats),
    ]
