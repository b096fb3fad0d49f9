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
    from pytest_runway.wire import Request

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
    return body_reply(status, json_bytes(value), JSON_TYPE)


def empty_reply(status: int = 204) -> Reply:
    """Return an answer without a body."""
    return Reply(status, _standing_headers())


def error_reply(fact: ErrorFact) -> Reply:
    """Return an error of the contract as an answer."""
    if isinstance(fact.body, str):
        return body_reply(fact.status, fact.body.encode(), fact.content_type)
    return body_reply(fact.status, json_bytes(fact.body), fact.content_type)


def check_status(status: Any) -> None:
    """Refuse a status that no answer can have, with a ``UsageError``."""
    if isinstance(status, bool) or not isinstance(status, int) or not 200 <= status <= 599:
        raise UsageError(f"not an HTTP status: {status!r}; expected a whole number, 200 to 599")


def planned_reply(
    contract: Contract,
    status: int,
    *,
    operation: str = "*",
    headers: Mapping[str, str] | None = None,
    body: Any = None,
) -> Reply:
    """Return the answer of a planned fault.

    Without a body it is Runway's own for that status, where one is known or chosen; a ``str`` or
    ``bytes`` goes out as it is, anything else as JSON.

    Raises:
        UsageError: for a status that no answer can have, or a body that is not JSON.
    """
    check_status(status)
    return _with_headers(_planned_body(contract, status, operation, body), headers)


def named_reply(contract: Contract, name: str, request: Request, model: str | None) -> Reply:
    """Return one of the contract's errors, filled in for a request.

    Raises:
        UsageError: for an error that the contract does not know.
    """
    fact = contract.error(
        name,
        host=contract.limits["wrong_hosts"][0],
        method=request.method,
        path=request.path,
        model=model or "gen4.5",
        resource="Resource",
    )
    return error_reply(fact)


def _with_headers(reply: Reply, headers: Mapping[str, str] | None) -> Reply:
    given = {name.lower(): value for name, value in (headers or {}).items()}
    kept = tuple(pair for pair in reply.headers if pair[0] not in given)
    return Reply(reply.status, (*kept, *given.items()), reply.body)


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
        return json_reply(status, {} if status < 300 else {"error": phrase(status)})
    if isinstance(body, str):
        body = body.encode()
    if isinstance(body, bytes):
        is_html = body.lstrip()[:1] == b"<"
        return body_reply(status, body, HTML_TYPE if is_html else JSON_TYPE)
    try:
        return json_reply(status, body)
    except (TypeError, ValueError) as error:
        raise UsageError(f"the body of a planned reply is not JSON: {error}") from error


def body_reply(status: int, body: bytes, content_type: str) -> Reply:
    """Return an answer with these bytes, and the headers that Runway's answers carry."""
    described = (
        ("content-type", content_type),
        ("content-length", str(len(body))),
        ("etag", weak_etag(body)),
    )
    return Reply(status, (*_standing_headers(), *described), body)


def phrase(status: int) -> str:
    """Return what a status is called, also one that has no name."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
