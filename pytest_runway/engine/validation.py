"""Schema checks as answers: every issue of the body, the path or the query at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.engine.replies import json_reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_runway.contract import Checked
    from pytest_runway.engine.context import Context
    from pytest_runway.wire import Reply


def check_body(context: Context) -> Checked:
    """Return what the operation's schema says of the body."""
    return context.operation.check(context.body, closed=context.engine.closed)


def refuse(
    context: Context, issues: Sequence[dict[str, Any]], *, error: str = "validation"
) -> Reply:
    """Return Runway's 400 with all issues in it (facts §2.1)."""
    context.exchange.error = error
    fact = context.engine.contract.error(error)
    return json_reply(fact.status, {**fact.body, "issues": list(issues)})


def check_address(context: Context) -> Reply | None:
    """Return the 400 for a path parameter or a query that the contract does not allow."""
    operation, request = context.operation, context.request
    issues = operation.check_params(context.params)
    if issues:
        return refuse(context, issues, error="params_validation")
    issues = operation.check_query(request.query_values()) if operation.query else ()
    return refuse(context, issues, error="query_validation") if issues else None
