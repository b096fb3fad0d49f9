"""Hearing a voice before making it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.engine.replies import json_reply
from pytest_runway.engine.resources.voices import preview_url
from pytest_runway.engine.validation import refuse_body

if TYPE_CHECKING:
    from pytest_runway.engine.context import Context
    from pytest_runway.wire import Reply

_SECONDS = 5.2  # Assumed: nothing is known about the length of a preview


def preview_voice(context: Context) -> Reply:
    """Answer with a link to a sample of the voice that the prompt describes; it is free."""
    refusal = refuse_body(context)
    if refusal is not None:
        return refusal
    state = context.state
    answer = {"url": preview_url(state, state.new_id()), "durationSecs": _SECONDS}
    return json_reply(200, answer)
