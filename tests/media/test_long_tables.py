"""Files of boxes written here by hand: fragments, and tables that are longer than they say."""

from __future__ import annotations

from struct import pack

import pytest

from pytest_runway.media.library import sample
from pytest_runway.media.reading import read
from pytest_runway.media.sources import Whole

MOST_LOOKS = 80_001  # the last is the one that is one too many
HEAD = b"\0\0\0\x14ftypisom\0\0\0\0isom"


class Counted(Whole):
    """Bytes that know how often, and how many of them, were read."""

    looks = read_bytes = 0

    def at(self, offset: int, count: int) -> bytes:
        found = super().at(offset, count)
        self.looks += 1
        self.read_bytes += len(found)
        return found


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return pack(">I4s", 8 + len(body), name) + body


def shown(*runs: tuple[int, int], claimed: int | None = None) -> bytes:
    """An ``stts``: how many frames are shown for how many ticks."""
    table = b"".join(pack(">II", *run) for run in runs)
    return box(b"stts", pack(">II", 0, len(runs) if claimed is None else claimed), table)


def track(number: int, times: bytes, *, ticks: int = 0) -> bytes:
    """A track of H.264, of 640x480 pixels and 1000 ticks a second."""
    sides = pack(">HH", 640, 480)
    entry = box(b"avc1", bytes(6), b"\0\1", bytes(16), sides, bytes(50))
    tables = box(b"stbl", box(b"stsd", pack(">II", 0, 1), entry), times)
    matrix = pack(">9iII", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30, 640 << 16, 480 << 16)
    return box(
        b"trak",
        box(b"tkhd", bytes(12), pack(">I", number), bytes(24), matrix),
        box(
            b"mdia",
            box(b"mdhd", bytes(12), pack(">II", 1000, ticks), bytes(4)),
            box(b"hdlr", bytes(8), b"vide", bytes(12)),
            box(b"minf", tables),
        ),
    )


def movie(*tracks: bytes, ticks: int = 0) -> bytes:
    header = box(b"mvhd", bytes(12), pack(">II", 1000, ticks), bytes(80))
    return HEAD + box(b"moov", header, *tracks)


def fragment(*ticks: int, claimed: int | None = None) -> bytes:
    table = b"".join(pack(">I", each) for each in ticks)
    run = box(b"trun", pack(">II", 0x100, len(ticks) if claimed is None else claimed), table)
    return box(b"moof", box(b"traf", box(b"tfhd", pack(">II", 0, 1)), run))


def test_fragments_go_on_where_the_header_stops() -> None:
    begun = movie(track(1, shown((10, 40)), ticks=400), ticks=400)
    found = read(begun + fragment(*[40] * 10) + fragment(*[40] * 30))
    assert found is not None
    assert (found.duration_ms, found.frames, found.frame_rate) == (2000, 50, 25.0)


def test_the_first_frame_of_a_fragment_does_not_decide_the_rate() -> None:
    found = read(movie(track(1, shown())) + fragment(63, *[40] * 20))
    assert found is not None
    assert found.frame_rate == 25.0


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(
            movie(*[track(1, shown((1, 40), claimed=1 << 31)) for _ in range(3000)]),
            id="many tables that claim the rest of the file",
        ),
        pytest.param(
            movie(*[track(1, shown((1, 40))) for _ in range(500)])
            + fragment(40, claimed=1 << 31) * 9000,
            id="many fragments of many tracks",
        ),
        pytest.param(
            movie(track(1, shown())) + fragment(*range(500_000)), id="one table without end"
        ),
    ],
)
def test_no_table_is_read_for_longer_than_it_is(data: bytes) -> None:
    source = Counted(data)
    read(source)
    assert source.looks <= MOST_LOOKS
    assert source.read_bytes <= 3 * len(data)


def test_a_wav_that_may_be_larger_than_four_gigabytes_is_a_wav() -> None:
    samples = bytes(2 * 44_100 * 3)
    form = pack("<HHIIHH", 1, 1, 44_100, 88_200, 2, 16)
    told = pack("<QQQI", 0, len(samples), len(samples) // 2, 0)
    data = b"RF64" + pack("<I", 0xFFFFFFFF) + b"WAVE"
    data += b"ds64" + pack("<I", len(told)) + told + b"fmt " + pack("<I", 16) + form
    data += b"data" + pack("<I", 0xFFFFFFFF) + samples
    found = read(data + b"LIST\4\0\0\0INFO")
    assert found is not None
    assert (found.container, found.codec, found.duration_ms) == ("wav", "pcm", 3000)
    assert found.complete
    cut = read(data[:-1000])
    assert cut is not None
    assert not cut.complete


def test_a_file_is_as_long_as_its_longest_stream() -> None:
    data = bytearray(sample("h264.avi").data)
    found = read(bytes(data))
    assert found is not None
    start = data.find(b"LIST", 24)  # a copy of the only stream, made into a sound of 9 s
    size = int.from_bytes(data[start + 4 : start + 8], "little") + 8
    stream = data[start : start + size]
    header = stream.find(b"strh") + 8
    stream[header : header + 4] = b"auds"
    stream[header + 20 : header + 36] = pack("<IIII", 1, 1000, 0, 9000)
    data[start + size : start + size] = stream
    data[16:20] = (int.from_bytes(data[16:20], "little") + size).to_bytes(4, "little")
    longer = read(bytes(data))
    assert longer is not None
    assert longer.duration_ms == 9000 > found.duration_ms
    assert longer.frame_rate == found.frame_rate
