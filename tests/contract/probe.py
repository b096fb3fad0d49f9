"""A document of one operation, to ask about one schema."""

from __future__ import annotations

from typing import Any

from pytest_runway.contract import Contract, Operation


def operation_for(schema: dict[str, Any], **schemas: Any) -> Operation:
    """Return an operation whose body has the schema; ``schemas`` are what it may refer to."""
    content = {"application/json": {"schema": schema}}
    stated = {
        "operationId": "probe.create",
        "x-runway-behaviour": "create",
        "requestBody": {"content": content},
    }
    document = {"components": {"schemas": schemas}, "paths": {"/v1/probe": {"post": stated}}}
    return Contract("probe", document).operations[0]


def issues_of(schema: dict[str, Any], value: Any, **schemas: Any) -> list[dict[str, Any]]:
    """Return the issues of a value under the key ``value`` of a body, which is left out of paths.

    ``...`` stands for a value that is absent.
    """
    whole = {"type": "object", "properties": {"value": schema}, "required": ["value"]}
    body = {} if value is ... else {"value": value}
    found = [dict(issue) for issue in operation_for(whole, **schemas).check(body).issues]
    for issue in found:
        assert issue["path"][:1] == ["value"]
        issue["path"] = issue["path"][1:]
    return found
