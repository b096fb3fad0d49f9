"""What people and attackers send instead of media: answered in stated words, soon, in little room.

Each as a user would send it, through the SDK: at a URL, and as a data URI.
"""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
import zlib
from base64 import b64encode
from struct import pack
from typing import TYPE_CHECKING, Any

import pytest
from runwayml import BadRequestError, RunwayML

from pytest_runway import FakeRunway
from pytest_runway.media import forge, sample

if TYPE_CHECKING:
    from collections.abc import Iterator

MIB = 1024 * 1024
MOST_SECONDS, MOST_BYTES = 0.5, 2 * MIB
URL = "https://assets.example/asset"
TYPE = "Unsupported asset type. "
DATA = "Invalid data URI."
LATE = "LATE"
PNG, JPEG, MP4 = "image/png", "image/jpeg", "video/mp4"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
GOOD = forge.image("png", 640, 640).data
GOOD_JPEG = forge.image("jpeg", 640, 640).data
GOOD_CLIP = forge.video("mp4", 640, 640, 5000).data


@pytest.fixture(autouse=True, scope="module")
def fake() -> Iterator[FakeRunway]:
    with FakeRunway() as running:
        yield running


def chunk(name: bytes, data: bytes, *, size: int | None = None) -> bytes:
    """A part of a PNG, which may claim another size."""
    length = len(data) if size is None else size
    return pack(">I", length) + name + data + pack(">I", zlib.crc32(name + data))


def header(width: int, height: int) -> bytes:
    return SIGNATURE + chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def box(name: bytes, data: bytes, *, size: int | None = None) -> bytes:
    return pack(">I4s", 8 + len(data) if size is None else size, name) + data


def nested(name: bytes, depth: int) -> bytes:
    made = b""
    for _ in range(depth):
        made = box(name, made)
    return made


def patched(data: bytes, what: bytes, at: int, value: bytes) -> bytes:
    """The bytes with others written so far behind what is found in them."""
    start = data.index(what) + at
    return data[:start] + value + data[start + len(value) :]


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.txt", "hidden")
    return held.getvalue()


END = chunk(b"IEND", b"")
ZEROS = zlib.compress(bytes(50 * MIB), 9)
HUGE = b"\xff\xff\xff\xff"
LAUGHS = b"<!DOCTYPE a [<!ENTITY b 'ha'><!ENTITY c '" + b"&b;" * 100 + b"'>]><svg>&c;&c;</svg>"
HEIC = box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", bytes(64)) + box(b"mdat", bytes(200))
PICTURE_IN_PDF = b"%PDF-1.4\n" + GOOD_JPEG + b"\n%%EOF"
WEBM_4_GB = b"\x1a\x45\xdf\xa3\x88\x42\x82\x85webm\x18\x53\x80\x67\x08" + HUGE * 2
TOO_MANY = "Invalid asset dimensions. Width and height must be at most 8000px. Got "

# What it is, the bytes, how they are declared, and what is said; None for "accepted".
FILES: list[tuple[str, bytes, str, str | None]] = [
    # decompression bombs
    ("a bomb of 20,000 x 20,000", forge.flawed("image.too_many_pixels", side=20_000).data, PNG,
     TOO_MANY + "20000x20000."),
    ("a claim of 2,147,483,647 a side", header(2**31 - 1, 2**31 - 1) + chunk(b"IDAT", b"x") + END,
     PNG, TOO_MANY + "2147483647x2147483647."),
    ("50 MB of zeros for one pixel", header(1, 1) + chunk(b"IDAT", ZEROS) + END, PNG,
     None),
    ("50 MB of zeros in a comment", GOOD[:33] + chunk(b"zTXt", b"a\0\0" + ZEROS) + GOOD[33:], PNG,
     None),
    ("a JPEG that claims 65,535 a side",
     patched(GOOD_JPEG, b"\xff\xc0", 5, HUGE), JPEG, TOO_MANY + "65535x65535."),
    ("a billion laughs", LAUGHS, "image/svg+xml", TYPE),
    ("a billion laughs, declared as PNG", LAUGHS, PNG, TYPE),
    # claims of 4 GB in a header
    ("a chunk of 4 GB", header(640, 640) + chunk(b"IDAT", b"x", size=2**32 - 1), PNG, LATE),
    ("a RIFF of 4 GB", patched(sample("lossy.webp").data, b"RIFF", 4, HUGE), "image/webp", LATE),
    ("a last box of 4 GB", GOOD_CLIP + box(b"free", b"", size=2**32 - 1), MP4, LATE),
    ("a first box of 4 GB", box(b"ftyp", b"isom", size=2**32 - 1) + bytes(600), MP4, TYPE),
    ("an index of 2^63 bytes",
     box(b"ftyp", b"isom\0\0\0\0") + pack(">I4sQ", 1, b"moov", 2**63) + bytes(600), MP4, TYPE),
    ("4,294,967,295 frames", patched(GOOD_CLIP, b"stts", 8, HUGE), MP4, None),
    ("a WebM of 2^56 bytes", WEBM_4_GB, "video/webm", TYPE),
    # recursive boxes
    ("2,000 boxes in each other", box(b"ftyp", b"isom\0\0\0\0") + nested(b"moov", 2000), MP4, TYPE),
    ("2,000 tracks in each other",
     box(b"ftyp", b"isom\0\0\0\0") + box(b"moov", nested(b"trak", 2000)), MP4, TYPE),
    # nothing, and next to nothing
    ("no bytes at all, as a picture", b"", PNG, TYPE),
    ("no bytes at all, as a clip", b"", MP4, TYPE),
    ("a signature and no more", SIGNATURE, PNG, TYPE),
    ("zeros", bytes(4096), JPEG, TYPE),
    # polyglots: the first format decides
    ("a picture and a page", GOOD + b"<html><script>alert(1)</script>", PNG, None),
    ("a picture and an archive", GOOD_JPEG + zipped(), JPEG, None),
    ("a GIF that is a script", b"GIF89a/*" + bytes(50) + b"*/=1;alert(1)", PNG, TYPE),
    ("a PDF around a picture", PICTURE_IN_PDF, JPEG, TYPE),
    ("a page, then a picture", b"<!DOCTYPE html>" + GOOD, PNG, TYPE),
    # what others take
    ("SVG", sample("drawing.svg").data, "image/svg+xml", TYPE),
    ("HEIC", HEIC, "image/heic", TYPE),
    ("HEIC, declared as JPEG", HEIC, JPEG, TYPE),
    ("AVIF", sample("rgb.avif").data, "image/avif", TYPE),
    ("AVIF, declared as PNG", sample("rgb.avif").data, PNG, TYPE),
    ("GIF", sample("still.gif").data, "image/gif", TYPE),
    ("GIF, declared as PNG", sample("still.gif").data, PNG, TYPE),
    ("a PNG named .jpg", GOOD, JPEG, TYPE),
]  # fmt: skip

REST = b64encode(GOOD).decode()
URIS: list[tuple[str, str, str | None]] = [
    ("as it should be", f"data:image/png;base64,{REST}", None),
    ("no comma", f"data:image/png;base64{REST}", DATA),
    ("nothing but the scheme", "data:", DATA),
    ("no data", "data:image/png;base64,", DATA),
    ("no type", f"data:;base64,{REST}", "Unsupported asset type. Data URIs must include"),
    ("no base64", f"data:image/png,{REST}", DATA),
    ("padding that is missing", f"data:image/png;base64,{b64encode(GOOD + b'a').decode()[:-1]}",
     DATA),
    ("padding that nobody needs", f"data:image/png;base64,{b64encode(GOOD[:-1]).decode()}==", DATA),
    ("padding in the middle", f"data:image/png;base64,AA=={REST}", DATA),
    ("a space", f"data:image/png;base64, {REST}", DATA),
    ("spaces between", f"data:image/png;base64,{REST[:76]} {REST[76:]}", DATA),
    ("line breaks as in a mail", "data:image/png;base64," + "\r\n".join((REST[:76], REST[76:])),
     DATA),
    ("a line break at the end", f"data:image/png;base64,{REST}\n", DATA),
    ("a tab", f"data:image/png;base64,\t{REST}", DATA),
    ("percent signs", f"data:image/png;base64,{REST.replace('A', '%41')}", DATA),
    ("percent signs and no base64", "data:image/svg+xml,%3Csvg%20xmlns%3D%22%22%2F%3E", DATA),
    ("the alphabet of URLs", f"data:image/png;base64,{REST.replace('A', '_')}", DATA),
    ("another alphabet", f"data:image/png;base64,{REST[:-4]}ÄÖÜß", DATA),
]  # fmt: skip


def told(value: str, *, is_clip: bool) -> Any:
    """What comes of a create with this: None, ``LATE``, or the one issue."""
    field = "videoUri" if is_clip else "promptImage"
    body = {"model": "gen4_turbo", "ratio": "1280:720", "duration": 5, "promptImage": value}
    if is_clip:
        body = {"model": "aleph2", "promptText": "x", "videoUri": value}
    client = RunwayML(max_retries=0)
    operation = "video_to_video" if is_clip else "image_to_video"
    try:
        made: Any = client.post(f"/v1/{operation}", body=body, cast_to=object)
    except BadRequestError as refused:
        answer: Any = refused.body
        assert answer["error"] == "Validation of body failed"
        (issue,) = answer["issues"]
        assert issue["path"] == [field]
        return issue["message"]
    ended: Any = client.tasks.retrieve(made["id"])
    while ended.status in ("PENDING", "RUNNING"):
        time.sleep(5)
        ended = client.tasks.retrieve(made["id"])
    if ended.status == "FAILED":
        assert ended.failure_code == "ASSET.INVALID"
        return LATE
    return None


@pytest.mark.parametrize(
    ("data", "declared", "said"), [each[1:] for each in FILES], ids=[each[0] for each in FILES]
)
def test_a_file_gets_its_verdict_in_bounded_time_and_room(
    fake: FakeRunway, data: bytes, declared: str, said: str | None
) -> None:
    is_clip = declared.startswith("video/")
    fake.web.put(URL, data, content_type=declared)
    told("https://example.com/warm", is_clip=is_clip)  # what is read once is read
    tracemalloc.start()
    started = time.thread_time()
    found = told(URL, is_clip=is_clip)
    taken, (_, most) = time.thread_time() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == said if said in (None, LATE) else found.startswith(said)
    assert taken < MOST_SECONDS
    assert most < MOST_BYTES + len(data)


@pytest.mark.parametrize(
    ("data", "declared", "said"), [each[1:] for each in FILES], ids=[each[0] for each in FILES]
)
def test_a_file_in_a_data_uri_gets_the_same(data: bytes, declared: str, said: str | None) -> None:
    uri = f"data:{declared};base64,{b64encode(data).decode()}"
    found = told(uri, is_clip=declared.startswith("video/"))
    if not data:
        assert found == DATA
    else:
        assert found == said if said in (None, LATE) else found.startswith(said)


@pytest.mark.parametrize(("uri", "said"), [each[1:] for each in URIS], ids=[e[0] for e in URIS])
def test_a_data_uri_gets_its_verdict(uri: str, said: str | None) -> None:
    found = told(uri, is_clip=False)
    assert found == said if said is None else found.startswith(said)
