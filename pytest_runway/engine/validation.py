"""Schema checks as answers: every issue of the body, the path or the query at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.contract import issues
from pytest_runway.engine.assets import check_assets
from pytest_runway.engine.conformance import check_schema_alone
from pytest_runway.engine.drafts import broken_drafts
from pytest_runway.engine.reasons import in_documented_words
from pytest_runway.engine.references import unknown_references
from pytest_runway.engine.replies import json_reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_runway.contract import Checked
    from pytest_runway.engine.context import Context
    from pytest_runway.wire import Reply

    Path = tuple[str | int, ...]


_MOST_REASONS = 20


def check_body(context: Context) -> Checked:
    """Return what the operation's schema says of the body, and the rules across its fields.

    In conformance mode the rules are left out: the SDKs' own tests give every field at once.
    """
    if context.engine.conformance:
        return check_schema_alone(context)
    return context.operation.check(context.body, closed=context.engine.closed)


def refuse_body(context: Context) -> Reply | None:
    """Return the 400 for a body with issues: of the schema, then of ids, then of media.

    The variant that the body picked then stands in the context, and what is known of its media.
    """
    checked = check_body(context)
    if checked.variant is not None:
        context.variant = checked.variant
    if checked.issues or (checked.variant is None and context.operation.variants):
        return refuse(context, in_documented_words(context, checked))
    unknown = unknown_references(context)
    if unknown:
        return _refuse_unknown(context, unknown)
    if checked.variant is None or context.engine.conformance:
        return None
    context.assets, found = check_assets(context, checked.variant, context.body)
    found = broken_drafts(context, checked.variant, context.body) + found
    return refuse(context, found) if found else None


def refuse(
    context: Context, found: Sequence[dict[str, Any]], *, error: str = "validation"
) -> Reply:
    """Return Runway's 400 with all issues in it (facts §2.1)."""
    context.exchange.error = error
    context.exchange.reasons = tuple(str(issue["message"]) for issue in found[:_MOST_REASONS])
    fact = context.engine.contract.error(error)
    return json_reply(fact.status, {**fact.body, "issues": list(found)})


def refuse_custom(
    context: Context, broken: Iterable[tuple[Path, str]], *, error: str = "validation"
) -> Reply:
    """Return the 400 for rules that no schema can say, each a path and a text."""
    return refuse(
        context, [issues.broken_rule(path, message) for path, message in broken], error=error
    )


def check_address(context: Context) -> Reply | None:
    """Return the 400 for a path parameter or a query that the contract does not allow."""
    operation, request = context.operation, context.request
    found = operation.check_params(context.params)
    if found:
        return refuse(context, found, error="params_validation")
    found = operation.check_query(request.query_values()) if operation.query else ()
    return refuse(context, found, error="query_validation") if found else None


def _refuse_unknown(context: Context, unknown: Sequence[tuple[str, Path]]) -> Reply:
    """Return the 400 for ids in a body that nothing has: each a collection and a path.

    That such a body is refused, and as a 400, is assumed: no other status is documented for it.
    """
    named = context.engine.contract.values("resources")
    return refuse_custom(
        context, [(path, f"Could not find {named[each]['name']}") for each, path in unknown]
    )
