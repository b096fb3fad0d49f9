"""What the API says was used: by the ledger, and in the web app."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_runway.engine.resources.families import AUDIT_LOGS
from pytest_runway.engine.resources.webapp import AuditEvent, WebCharge
from pytest_runway.engine.timeline import failed
from tests.engine.conftest import START_MS, Caller, new_caller
from tests.engine.test_collections import UNKNOWN

DAY = 86_400


def usage(call: Caller, **said: str) -> dict[str, Any]:
    reply = call.reply("POST", "/v1/organization/usage", said)
    assert reply.status == 200, reply.body
    body: dict[str, Any] = reply.json()
    return body


def test_usage_adds_up_by_day_and_model_net_of_refunds() -> None:
    call = new_caller(credits_=1_000)
    call.create()
    image = {"model": "gen4_image", "promptText": "a meadow", "ratio": "1920:1080"}
    call.reply("POST", "/v1/text_to_image", image)
    call.at(DAY).create()
    # Refunded on the day after it was charged.
    late = call.at(2 * DAY - 5 * 3_600).create()
    call.at(2 * DAY + 16 * 3_600).engine.advance(call.now_ms)
    task = call.engine.state.by_id[late]
    assert task.is_final
    call.create()
    ending = failed(call.engine.contract, "INTERNAL", None)
    call.engine.lifecycle.end(call.engine.state.tasks[-1], ending)
    body = usage(call, startDate="2027-01-15", beforeDate="2027-01-19")
    assert body == {
        "results": [
            {
                "date": "2027-01-15",
                "usedCredits": [
                    {"model": "gen4_image", "amount": 8},
                    {"model": "gen4_turbo", "amount": 25},
                ],
            },
            {"date": "2027-01-16", "usedCredits": [{"model": "gen4_turbo", "amount": 25}]},
            {"date": "2027-01-17", "usedCredits": [{"model": "gen4_turbo", "amount": 25}]},
            {"date": "2027-01-18", "usedCredits": [{"model": "gen4_turbo", "amount": 0}]},
        ],
        "models": ["gen4_image", "gen4_turbo"],
    }


def test_a_refund_on_a_later_day_is_a_negative_amount() -> None:
    call = new_caller(credits_=1_000)
    call.at(15 * 3_600).create()  # 23:00
    task = call.engine.state.tasks[0]
    call.engine.lifecycle.move(task, "PENDING")
    call.at(17 * 3_600).engine.advance(call.now_ms)
    call.reply("DELETE", f"/v1/tasks/{task.id}")
    results = usage(call, startDate="2027-01-15")["results"]
    assert [(day["date"], day["usedCredits"][0]["amount"]) for day in results] == [
        ("2027-01-15", 25),
        ("2027-01-16", -25),
    ]


def test_by_default_the_thirty_days_before_today_are_meant(call: Caller) -> None:
    call.create()
    call.at(DAY).create()
    assert [day["date"] for day in usage(call)["results"]] == ["2027-01-15"]
    assert usage(call.at(31 * DAY))["results"][0]["date"] == "2027-01-16"


@pytest.mark.parametrize(
    ("start", "before", "status"),
    [
        ("2027-01-01", "2027-04-01", 200),
        ("2027-01-01", "2027-04-02", 400),
        ("2027-01-02", "2027-01-01", 200),
        ("2027-01-01", "2027-01-01", 200),
        ("2027-13-01", "2027-01-01", 400),
        ("2027-02-29", "2027-03-01", 400),
        ("0000-01-01", "0000-01-02", 200),
        ("2027-01-01T00:00:00Z", "2027-01-02", 400),
    ],
)
def test_usage_covers_ninety_days_at_most(
    call: Caller, start: str, before: str, status: int
) -> None:
    body = {"startDate": start, "beforeDate": before}
    assert call.reply("POST", "/v1/organization/usage", body).status == status


def charge(call: Caller, at: int, amount: float, workspace: int = 1) -> None:
    shelf = call.engine.state.store.shelf("webapp_usage")
    at_ms, number = START_MS + at * 1000, shelf.next_number()
    id_ = call.engine.state.new_id()
    row = WebCharge(
        id_, number, at_ms, at_ms, "ann@example.com", "Gen-4.5", amount, workspace, "Films"
    )
    shelf[id_] = row


def test_web_app_usage_lies_in_the_window_and_in_the_workspaces(call: Caller) -> None:
    for at, credits_, workspace in ((0, 12, 1), (60, -12, 1), (120, 0.5, 2), (180, 3, 3)):
        charge(call, at, credits_, workspace)

    def rows(query: str) -> list[tuple[float, str]]:
        window = "limit=10&from=2027-01-15T08:00:00Z&to=2027-01-15T08:03:00Z"
        reply = call.reply("GET", "/v1/organization/webapp/usage", query=window + query)
        return [(row["credits"], row["type"]) for row in reply.json()["data"]]

    assert rows("") == [(0.5, "charge"), (-12, "refund"), (12, "charge")]
    assert rows("&workspaceIds=2,3") == [(0.5, "charge")]
    assert rows("&workspaceIds=9") == []
    day = "limit=10&from=2027-01-15&to=2027-01-16"
    data = call.reply("GET", "/v1/organization/webapp/usage", query=day).json()["data"]
    assert len(data) == 4


def event(call: Caller, action: str, at: int, email: str | None = None) -> str:
    state = call.engine.state
    at_ms, number = START_MS + at * 1000, AUDIT_LOGS.shelf(state).next_number()
    made = AuditEvent(state.new_id(), number, at_ms, at_ms, action, email)
    return AUDIT_LOGS.keep(state, made).id


def test_the_audit_log_is_filtered_and_read_one_by_one(call: Caller) -> None:
    login = event(call, "UserLogin", 0, "ann@example.com")
    asset = event(call, "AssetCreated", 60, "bob@example.com")
    system = event(call, "WorkspaceDeleted", 120)

    def ids(query: str = "") -> list[str]:
        path = "/v1/organization/webapp/audit_logs"
        reply = call.reply("GET", path, query=f"limit=10{query}")
        return [item["eventId"] for item in reply.json()["data"]]

    assert ids() == [system, asset, login]
    assert ids("&actions=UserLogin,AssetCreated") == [asset, login]
    assert ids("&actorEmails=bob@example.com") == [asset]
    assert ids("&from=2027-01-15T08:01:00Z") == [system, asset]
    assert ids("&to=2027-01-15T08:01:00Z") == [login]
    assert ids("&workspaceIds=2") == []
    one = call.reply("GET", f"/v1/organization/webapp/audit_logs/{login}").json()
    assert (one["actorEmail"], one["metadata"]) == ("ann@example.com", {})
    assert call.reply("GET", f"/v1/organization/webapp/audit_logs/{UNKNOWN}").status == 404


def test_an_account_without_a_tier_shows_limits_that_do_not_bind(call: Caller) -> None:
    body = call.reply("GET", "/v1/organization").json()
    assert body["tier"]["maxMonthlyCreditSpend"] == 10_000_000
    assert body["tier"]["models"]["gen4_turbo"] == {
        "maxConcurrentGenerations": 20,
        "maxDailyGenerations": 25_000,
    }
    for _ in range(25):
        assert call.task(call.create())["status"] == "PENDING"


def test_an_unlimited_model_has_null_for_its_limits() -> None:
    call = new_caller(tier=1, credits_=1_000)
    call.engine.state.account.unlimited_models.add("gen4_turbo")
    models = call.reply("GET", "/v1/organization").json()["tier"]["models"]
    assert models["gen4_turbo"] == {"maxConcurrentGenerations": None, "maxDailyGenerations": None}
    assert models["gen4.5"]["maxConcurrentGenerations"] == 1
    assert [call.task(call.create())["status"] for _ in range(3)] == ["PENDING"] * 3
