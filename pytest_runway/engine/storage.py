"""The storage of uploads: the second of the two steps (facts §1.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.engine.multipart import boundary_of, parts
from pytest_runway.engine.s3 import xml_error
from pytest_runway.media.sources import Window
from pytest_runway.wire import Reply

if TYPE_CHECKING:
    from pytest_runway.contract import Contract
    from pytest_runway.engine.multipart import Part
    from pytest_runway.engine.resources.uploads import Upload
    from pytest_runway.engine.state import State
    from pytest_runway.wire import Request


def receive(contract: Contract, state: State, request: Request) -> Reply:
    """Take the file of a form, after all fields that the placeholder named.

    As storage does, whatever follows the file is ignored, and no key opens anything here. A
    placeholder takes files until it expires; the last one counts.
    """
    if request.method != "POST":
        told = "The specified method is not allowed against this resource."
        return xml_error(405, "MethodNotAllowed", told)
    boundary = boundary_of(request.headers.get("content-type", ""))
    if boundary is None:
        told = "The body of your POST request is not well-formed multipart/form-data."
        return xml_error(400, "MalformedPOSTRequest", told)
    fields, file = _taken_apart(request.body, boundary)
    upload = _placeholder(state, fields.get("key"))
    if upload is None or fields.get("policy") != upload.policy:
        return xml_error(403, "AccessDenied", "Access Denied")
    if state.now_ms >= upload.expires_ms:
        return xml_error(403, "AccessDenied", "Invalid according to Policy: Policy expired.")
    if file is None:
        told = "POST requires exactly one file upload per request."
        return xml_error(400, "InvalidArgument", told)
    refusal = _refused_size(file.end - file.start, contract.limits["upload_bytes"])
    if refusal is not None:
        return refusal
    upload.content = Window(request.body, file.start, file.end)
    return Reply(contract.limits["upload_success_status"], (("server", "AmazonS3"),))


def _taken_apart(body: bytes, boundary: bytes) -> tuple[dict[str, str], Part | None]:
    fields: dict[str, str] = {}
    for part in parts(body, boundary):
        if part.name == "file":
            return fields, part
        fields[part.name] = body[part.start : part.end].decode("utf-8", "replace")
    return fields, None


def _placeholder(state: State, key: str | None) -> Upload | None:
    return state.store.uploads.get((key or "").rpartition("/")[2])


def _refused_size(size: int, bounds: tuple[int, int]) -> Reply | None:
    least, most = bounds
    if size < least:
        told = "Your proposed upload is smaller than the minimum allowed size"
        return xml_error(400, "EntityTooSmall", told, ProposedSize=size, MinSizeAllowed=least)
    if size > most:
        told = "Your proposed upload exceeds the maximum allowed size"
        return xml_error(400, "EntityTooLarge", told, ProposedSize=size, MaxSizeAllowed=most)
    return None
