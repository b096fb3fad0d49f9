"""Placeholders for uploads: the first of the two steps (facts §1.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.engine.encoding import iso_timestamp, unsigned_token
from pytest_runway.engine.replies import json_reply
from pytest_runway.engine.resources.uploads import STORAGE_HOST, Upload
from pytest_runway.engine.validation import refuse_body

if TYPE_CHECKING:
    from pytest_runway.engine.context import Context
    from pytest_runway.wire import Reply

HOUR_MS = 3_600_000


def create_upload(context: Context) -> Reply:
    """Answer with where to put a file, and what will stand for it."""
    refusal = refuse_body(context)
    if refusal is not None:
        return refusal
    state, limits = context.state, context.engine.contract.limits
    expires_ms = state.now_ms + limits["upload_hours"] * HOUR_MS
    uploads = state.store.uploads
    now_ms, name = state.now_ms, context.body["filename"]
    upload = Upload(state.new_id(), len(uploads) + 1, now_ms, now_ms, name, expires_ms)
    uploads[upload.id] = upload
    terms = {
        "expiration": iso_timestamp(expires_ms),
        "conditions": [["content-length-range", *limits["upload_bytes"]]],
    }
    upload.policy = unsigned_token(terms)
    answer = {
        "uploadUrl": f"https://{STORAGE_HOST}/",
        "fields": {"key": upload.object_key, "policy": upload.policy},
        "runwayUri": upload.uri,
    }
    return json_reply(200, answer)
