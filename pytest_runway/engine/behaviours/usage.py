"""What was used: by the API, by conversations, by people in the web app."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, cast

from pytest_runway.engine.account import DAY_MS
from pytest_runway.engine.encoding import iso_date, unix_ms
from pytest_runway.engine.paging import paged
from pytest_runway.engine.replies import json_reply
from pytest_runway.engine.resources.families import AUDIT_LOGS
from pytest_runway.engine.validation import refuse_body, refuse_custom

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_runway.engine.context import Context
    from pytest_runway.engine.resources.conversations import Conversation
    from pytest_runway.engine.resources.webapp import AuditEvent, WebCharge
    from pytest_runway.wire import Reply


def organization_usage(context: Context) -> Reply:
    """Add up the ledger by day and model, net of refunds.

    Only days and models with any use are there (Assumed); what has no model, such as a run of a
    workflow, is in none.
    """
    refusal = refuse_body(context)
    if refusal is not None:
        return refusal
    start_ms, before_ms = _asked_range(context)
    most_days = context.engine.contract.limits["usage_days"]
    if before_ms > start_ms + most_days * DAY_MS:
        too_late = f"beforeDate must be at most {most_days} days after startDate"
        return refuse_custom(context, [(("beforeDate",), too_late)])
    amounts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for entry in context.state.ledger.entries:
        if entry.model is not None and start_ms <= entry.at_ms < before_ms:
            taken = entry.credits if entry.kind == "reserve" else -entry.credits
            amounts[iso_date(entry.at_ms)][entry.model] += taken
    results = [
        {
            "date": day,
            "usedCredits": [{"model": model, "amount": n} for model, n in sorted(by.items())],
        }
        for day, by in sorted(amounts.items())
    ]
    models = sorted({model for by in amounts.values() for model in by})
    return json_reply(200, {"results": results, "models": models})


def _asked_range(context: Context) -> tuple[int, int]:
    """Return start and end of the days that are asked for, in Unix milliseconds (facts §1.5)."""
    body, usual_ms = context.body, context.engine.contract.limits["usual_usage_days"] * DAY_MS
    today_ms = context.state.now_ms // DAY_MS * DAY_MS
    start_ms = unix_ms(body["startDate"]) if "startDate" in body else today_ms - usual_ms
    before_ms = unix_ms(body["beforeDate"]) if "beforeDate" in body else start_ms + usual_ms
    return start_ms, before_ms


def avatar_usage(context: Context) -> Reply:
    """Add up the conversations by the day on which they began; days without any are there too."""
    start, end = context.query("startDate"), context.query("endDate")
    start_ms, end_ms = unix_ms(start), unix_ms(end)
    most_days = context.engine.contract.limits["avatar_usage_days"]
    if end_ms - start_ms > most_days * DAY_MS:
        too_long = f"The range must be at most {most_days} days"
        return refuse_custom(context, [(("endDate",), too_long)], error="query_validation")
    shelf = context.state.store.shelf("avatar_conversations").values()
    inside = [each for each in shelf if start_ms <= each.created_ms < end_ms]
    days: dict[str, list[int]] = {}
    for day_ms in range(start_ms // DAY_MS * DAY_MS, end_ms, DAY_MS):
        days[iso_date(day_ms)] = [0, 0]
    measured = []
    for each in cast("Iterable[Conversation]", inside):
        day = days[iso_date(each.created_ms)]
        day[0] += 1
        seconds = each.seconds(context.state.now_ms) if each.ended_ms is not None else None
        if seconds is not None:
            day[1] += seconds
            measured.append(seconds)
    return json_reply(
        200,
        {
            "totalSessions": len(inside),
            "totalSeconds": sum(measured),
            "avgDurationSeconds": round(sum(measured) / len(measured)) if measured else 0,
            "byDay": [
                {"date": day, "sessions": sessions, "seconds": seconds}
                for day, (sessions, seconds) in days.items()
            ],
        },
    )


def webapp_usage(context: Context) -> Reply:
    """Answer with a page of what people spent in the web app."""
    start_ms, end_ms = unix_ms(context.query("from")), unix_ms(context.query("to"))
    workspaces = _listed(context.query("workspaceIds"))
    shelf = cast("Iterable[WebCharge]", context.state.store.shelf("webapp_usage").values())
    rows = [
        row
        for row in shelf
        if start_ms <= row.created_ms < end_ms
        and (workspaces is None or str(row.workspace_id) in workspaces)
    ]
    return paged(
        context, rows, place=lambda row: (row.created_ms, row.number), entry=lambda row: row.body()
    )


def webapp_audit_logs(context: Context) -> Reply:
    """Answer with a page of what people did in the web app."""
    found = AUDIT_LOGS.listed(context)[0]
    return paged(
        context,
        [event for event in found if _is_asked_for(context, event)],
        place=lambda event: (event.created_ms, event.number),
        entry=lambda event: AUDIT_LOGS.entry(context.state, event),
    )


def _is_asked_for(context: Context, event: AuditEvent) -> bool:
    start, end = context.query("from"), context.query("to")
    wanted = (
        (context.query("actions"), event.action),
        (context.query("actorEmails"), event.actor_email),
        (context.query("workspaceIds"), str(event.workspace_id)),
    )
    return (
        (start is None or event.created_ms >= unix_ms(start))
        and (end is None or event.created_ms < unix_ms(end))
        and all(text is None or value in (_listed(text) or ()) for text, value in wanted)
    )


def _listed(text: Any) -> list[str] | None:
    """Return the parts of a list that is written with commas, None where there is none."""
    return None if text is None else [part.strip() for part in text.split(",")]
