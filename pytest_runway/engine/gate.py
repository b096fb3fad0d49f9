"""What stands before every operation: host, version, route; then key and JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_runway.engine.keys import looks_real, redacted

if TYPE_CHECKING:
    from pytest_runway.engine.context import Context
    from pytest_runway.wire import Reply


def check_address(context: Context) -> Reply | None:
    """Find the operation, or return the refusal: wrong host, version, path or method.

    The version is looked at before the path (seen, facts §2.2).
    """
    request, contract = context.request, context.engine.contract
    if request.host in contract.limits["wrong_hosts"]:
        return context.error("wrong_host", host=request.host)
    version = request.headers.get("x-runway-version")
    if version is not None and version != contract.version:
        return context.error("bad_version")
    found = contract.match(request.method, request.path)
    if found is None:
        error = "method_not_allowed" if _has_other_methods(context) else "route_not_found"
        return context.error(error, method=request.method, path=request.path)
    context.operation, context.params = found.operation, found.params
    context.exchange.operation = found.operation.name
    if version is None:
        return context.error("missing_version")
    return None


def _has_other_methods(context: Context) -> bool:
    """Whether the path is one of the API's: its parameters must be well-formed for that.

    Seen: a POST to ``/v1/tasks/text_to_video`` is answered as an unknown route.
    """
    contract, path = context.engine.contract, context.request.path
    found = (contract.match(method, path) for method in contract.methods(path))
    return any(each and not each.operation.check_params(each.params) for each in found)


def check_caller(context: Context) -> Reply | None:
    """Return the refusal of a bad key, of a body that is too large or is not JSON, or None."""
    return _check_key(context) or _check_body(context)


def _check_key(context: Context) -> Reply | None:
    account, secret = context.state.account, context.secret
    if not secret:
        return context.error("missing_key")
    found = account.keys.find(secret)
    is_own = found is not None and found.secret == secret
    pattern = context.engine.contract.limits["key_pattern"]
    if not (is_own or account.keys.any_shape or re.fullmatch(pattern, secret)):
        return context.error("malformed_key")
    context.key = found
    if found is None:
        return context.error("unknown_key")
    return context.error("suspended") if account.suspended else None


def report_real_key(context: Context) -> None:
    """Tell the test, once, of a key that looks like one of Runway's: it is in the code."""
    secret, state = context.secret, context.state
    keys = state.account.keys
    if not looks_real(secret) or secret in keys.reported or secret in keys.secrets():
        return
    keys.reported.add(secret)
    state.problems.append(
        f"an API key that looks real was sent to the fake: {redacted(secret)}, first with "
        f"{context.request.method} {context.request.path}. Take it out of the code, and revoke it "
        "at Runway; the fake's own key is runway.api_key."
    )


def _check_body(context: Context) -> Reply | None:
    request = context.request
    if request.method not in ("POST", "PATCH", "PUT") or not context.has_body:
        return None
    if len(request.body) > context.engine.contract.limits["body_bytes"]:
        return context.error("body_too_large")
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        return context.error("wrong_content_type")
    body = context.body
    if context.bad_json is not None or not isinstance(body, (dict, list)):
        # Express parses strictly: a bare string or number is no body either (Assumed).
        return context.error("bad_json")
    return None
