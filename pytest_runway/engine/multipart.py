"""Forms with files, taken apart without copying the files."""

from __future__ import annotations

from dataclasses import dataclass
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form: its content is the body from ``start`` to ``end``."""

    name: str
    filename: str | None
    start: int
    end: int


def boundary_of(content_type: str) -> bytes | None:
    """Return the boundary of a ``multipart/form-data``, None for any other content type."""
    headers = BytesHeaderParser().parsebytes(f"content-type: {content_type}\r\n\r\n".encode())
    boundary = headers.get_boundary()
    if headers.get_content_type() != "multipart/form-data" or not boundary:
        return None
    return boundary.encode()


def parts(body: bytes, boundary: bytes) -> Iterator[Part]:
    """Yield the parts of a form in order, as far as it is one."""
    delimiter = b"--" + boundary
    at = 0 if body.startswith(delimiter) else body.find(b"\r\n" + delimiter) + 2
    while body.startswith(delimiter + b"\r\n", at):
        head_at = at + len(delimiter) + 2
        start = body.find(b"\r\n\r\n", head_at) + 4
        end = body.find(b"\r\n" + delimiter, start)
        if start < 4 or end < 0:
            return
        headers = BytesHeaderParser().parsebytes(body[head_at:start])
        name = headers.get_param("name", header="content-disposition")
        yield Part(str(name), headers.get_filename(), start, end)
        at = end + 2
