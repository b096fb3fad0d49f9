"""Answers with status 200 that are wrong: every kind of them, in one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from pytest_runway.engine.encoding import credits_on_the_wire
from pytest_runway.engine.replies import HTML_TYPE, JSON_TYPE, body_reply, json_reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_runway.engine.faults.scene import Scene
    from pytest_runway.wire import Reply

GarbleKind = Literal[
    "html",
    "empty",
    "truncated",
    "missing_field",
    "unknown_status",
    "backwards",
    "stale",
    "percent",
    "no_output",
]

UNKNOWN_STATUS = "ARCHIVED"
_PAGE = b"<!DOCTYPE html>\n<html><body><h1>We'll be right back</h1></body></html>\n"


@dataclass(frozen=True, slots=True)
class Garbling:
    """One kind: what it ``says`` instead, what it ``needs`` to be said at all, and how.

    ``make`` returns None where the answer has nothing to garble.
    """

    says: str
    needs: str
    make: Callable[[Scene, Reply], Reply | None]

    def garble(self, scene: Scene) -> Reply | None:
        """Return the wrong answer, None where this one cannot go wrong in this way."""
        reply = scene.reply
        if reply is None or reply.status != 200 or not reply.body:
            return None
        made = self.make(scene, reply)
        return None if made is None or made.body == reply.body else made


def _html(_: Scene, __: Reply) -> Reply:
    return body_reply(200, _PAGE, HTML_TYPE)


def _empty(_: Scene, __: Reply) -> Reply:
    return body_reply(200, b"", JSON_TYPE)


def _truncated(_: Scene, reply: Reply) -> Reply:
    kind = dict(reply.headers).get("content-type", JSON_TYPE)
    return body_reply(200, reply.body[: len(reply.body) // 2], kind)


def _missing_field(_: Scene, reply: Reply) -> Reply | None:
    body = _object(reply)
    name = next((name for name in ("status", "id", *body) if name in body), None)
    return json_reply(200, {key: body[key] for key in body if key != name})


def _unknown_status(_: Scene, reply: Reply) -> Reply | None:
    body = _object(reply)
    return json_reply(200, {**body, "status": UNKNOWN_STATUS}) if "status" in body else None


def _percent(_: Scene, reply: Reply) -> Reply | None:
    body = _object(reply)
    progress = body.get("progress")
    if not isinstance(progress, (int, float)):
        return None
    return json_reply(200, {**body, "progress": round(progress * 100)})


def _no_output(_: Scene, reply: Reply) -> Reply | None:
    body = _object(reply)
    return json_reply(200, {**body, "output": []}) if body.get("output") else None


def _stale(scene: Scene, _: Reply) -> Reply | None:
    return scene.told


def _backwards(scene: Scene, reply: Reply) -> Reply | None:
    """Say what a task was before the status that the client was last told."""
    task, body = scene.task, _object(reply)
    if task is None or scene.told is None or "status" not in body:
        return None
    statuses = [status for _, status in task.history]
    told = _object(scene.told).get("status")
    place = statuses.index(told) if told in statuses else 0
    if place == 0:
        return None
    earlier: dict[str, Any] = {key: body[key] for key in ("id", "createdAt") if key in body}
    earlier["status"] = statuses[place - 1]
    if earlier["status"] == "RUNNING":
        earlier["progress"] = 0.5
    earlier["estimatedCost"] = {"credits": credits_on_the_wire(task.estimate)}
    return json_reply(200, earlier)


def _object(reply: Reply) -> dict[str, Any]:
    try:
        body = reply.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


_ANSWER = "a 200 with a body"
_POLL = "a poll of a task"
GARBLINGS: Mapping[GarbleKind, Garbling] = {
    "html": Garbling("a web page, as a proxy says that it is busy", _ANSWER, _html),
    "empty": Garbling("no body at all", _ANSWER, _empty),
    "truncated": Garbling("the first half of the JSON, as if that were all", _ANSWER, _truncated),
    "missing_field": Garbling(
        "the body without its `status`, or without its `id` where it has no status",
        "a JSON object",
        _missing_field,
    ),
    "unknown_status": Garbling(
        f"a `status` that there is not: `{UNKNOWN_STATUS}`", _POLL, _unknown_status
    ),
    "backwards": Garbling(
        "the status before the one that the client was told last",
        "a poll of a task whose last answer told a status that another came before",
        _backwards,
    ),
    "stale": Garbling(
        "what the last poll said, though things have changed",
        "a poll that would say something else than the one before it",
        _stale,
    ),
    "percent": Garbling("`progress` as 45, not 0.45", "a poll of a RUNNING task", _percent),
    "no_output": Garbling("SUCCEEDED with `output: []`", "a poll of a SUCCEEDED task", _no_output),
}
GARBLE_KINDS: tuple[GarbleKind, ...] = get_args(GarbleKind)
# What these say depends on what was said before.
REMEMBERING: frozenset[GarbleKind] = frozenset(("backwards", "stale"))
