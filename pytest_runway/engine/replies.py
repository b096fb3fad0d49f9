"""Replies in Runway's form: bodies from the contract, headers as seen on the wire."""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pytest_runway.contract import load
from pytest_runway.engine.encoding import json_bytes, weak_etag
from pytest_runway.errors import UsageError
from pytest_runway.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_runway.contract import Contract, ErrorFact

JSON_TYPE = "application/json; charset=utf-8"
HTML_TYPE = "text/html; charset=utf-8"


@lru_cache
def _standing_headers() -> tuple[tuple[str, str], ...]:
    """What every answer carries, as the contract says: the headers without a blank to fill."""
    stated = load().values("reply-headers")
    return tuple(
        (name, value)
        for name, value in stated.items()
        if "{" not in value and name != "content-type"
    )


def with_request_id(reply: Reply, number: int) -> Reply:
    """Return a reply with the gateway's id for the request, here its number (facts §1.1)."""
    request_id = ("apigw-requestid", f"fake{number:011d}=")
    return Reply(reply.status, (*reply.headers, request_id), reply.body)


def json_reply(status: int, value: Any) -> Reply:
    """Return a JSON answer with the headers that Runway's answers carry."""
    return _with_body(status, json_bytes(value), JSON_TYPE)


def empty_reply(status: int = 204) -> Reply:
    """Return an answer without a body."""
    return Reply(status, _standing_headers())


def error_reply(fact: ErrorFact) -> Reply:
    """Return an error of the contract as an answer."""
    if isinstance(fact.body, str):
        return _with_body(fact.status, fact.body.encode(), fact.content_type)
    return _with_body(fact.status, json_bytes(fact.body), fact.content_type)


def planned_reply(
    contract: Contract,
    status: int,
    *,
    operation: str = "*",
    retry_after_ms: int | None = None,
    headers: Mapping[str, str] | None = None,
    body: Any = None,
) -> Reply:
    """Return the answer of a planned fault.

    Without a body it is Runway's own for that status, where one is known or chosen; a ``str`` or
    ``bytes`` goes out as it is, anything else as JSON.

    Raises:
        UsageError: for a status that no answer can have, or a body that is not JSON.
    """
    if isinstance(status, bool) or not isinstance(status, int) or not 200 <= status <= 599:
        raise UsageError(f"not an HTTP status: {status!r}; expected a whole number, 200 to 599")
    reply = _planned_body(contract, status, operation, body)
    given = {name.lower(): value for name, value in (headers or {}).items()}
    if retry_after_ms is not None:
        given.setdefault("retry-after", _seconds(retry_after_ms))
    kept = tuple(pair for pair in reply.headers if pair[0] not in given)
    return Reply(status, (*kept, *given.items()), reply.body)


def _planned_body(contract: Contract, status: int, operation: str, body: Any) -> Reply:
    if body is None:
        resource = operation.rpartition("/")[2].removesuffix("s").replace("_", " ").title()
        fact = contract.default_error(
            status, method="POST", path=f"/v1/{operation}", resource=resource
        )
        if fact is not None:
            return error_reply(fact)
        if status in (204, 304):
            return empty_reply(status)
        return json_reply(status, {} if status < 300 else {"error": _phrase(status)})
    if isinstance(body, str):
        body = body.encode()
    if isinstance(body, bytes):
        is_html = body.lstrip()[:1] == b"<"
        return _with_body(status, body, HTML_TYPE if is_html else JSON_TYPE)
    try:
        return json_reply(status, body)
    except (TypeError, ValueError) as error:
        raise UsageError(f"the body of a planned reply is not JSON: {error}") from error


def _with_body(status: int, body: bytes, content_type: str) -> Reply:
    described = (
        ("content-type", content_type),
        ("content-length", str(len(body))),
        ("etag", weak_etag(body)),
    )
    return Reply(status, (*_standing_headers(), *described), body)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"


def _seconds(ms: int) -> str:
    whole, rest = divmod(ms, 1000)
    return str(whole) if not rest else f"{ms / 1000:g}"
