"""Realtime sessions: in line, ready, joined, ended, charged; and the conversations they leave."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_runway.engine.resources.families import SESSIONS
from pytest_runway.engine.resources.store import Processing
from tests.engine.bodies import SESSION
from tests.engine.conftest import Caller, new_caller
from tests.engine.test_collections import make

if TYPE_CHECKING:
    from pytest_runway.engine.resources.sessions import Session


def opened(call: Caller, **said: object) -> Session:
    id_ = make(call, "realtime_sessions", **said)
    return SESSIONS.shelf(call.engine.state)[id_]


def told(call: Caller, session: Session) -> dict[str, object]:
    reply = call.reply("GET", f"/v1/realtime_sessions/{session.id}")
    assert reply.status == 200
    body: dict[str, object] = reply.json()
    return body


def joined(call: Caller, **said: object) -> Session:
    session = opened(call, **said)
    call.at(call.engine.state.elapsed + 3).engine.advance(call.now_ms)
    SESSIONS.join(call.engine, session)
    return session


def test_a_session_becomes_ready_and_says_with_what_to_join(call: Caller) -> None:
    session = opened(call)
    assert told(call, session)["status"] == "NOT_READY"
    ready = told(call.at(3), session)
    assert ready["status"] == "READY"
    assert ready["expiresAt"] == "2027-01-15T08:01:03.000Z"
    assert ready["sessionKey"]


@given(seconds=st.integers(0, 400), limit=st.integers(10, 300))
def test_a_joined_session_costs_two_and_two_for_each_six_seconds_begun(
    seconds: int, limit: int
) -> None:
    call = new_caller(credits_=1_000)
    session = joined(call, maxDuration=limit)
    call.at(3 + seconds).engine.advance(call.now_ms)
    lasted = min(seconds, limit)
    if seconds < limit:
        SESSIONS.finish(call.engine, session, call.now_ms)
    assert told(call, session) == {
        "id": session.id,
        "createdAt": "2027-01-15T08:00:00.000Z",
        "status": "COMPLETED",
        "duration": lasted,
    }
    assert call.engine.state.ledger.charged == 2 + 2 * math.ceil(lasted / 6)


def test_a_session_that_nobody_joins_costs_nothing(call: Caller) -> None:
    session = opened(call)
    assert told(call.at(10_000), session)["status"] == "READY"
    assert call.engine.state.ledger.charged == 0


def test_the_balance_never_falls_below_zero() -> None:
    call = new_caller(credits_=5)
    session = joined(call)
    call.at(200).engine.advance(call.now_ms)
    SESSIONS.finish(call.engine, session, call.now_ms)
    assert call.reply("GET", "/v1/organization").json()["creditBalance"] == 0
    assert call.reply("POST", "/v1/realtime_sessions", SESSION).status == 400


def test_a_session_with_no_credits_left_is_refused() -> None:
    assert [
        new_caller(credits_=credits_).reply("POST", "/v1/realtime_sessions", SESSION).status
        for credits_ in (0, 1, 2)
    ] == [400, 400, 200]


def test_delete_cancels_a_live_session_and_takes_a_finished_one_away(call: Caller) -> None:
    session = joined(call)
    path = f"/v1/realtime_sessions/{session.id}"
    assert call.reply("DELETE", path).status == 204
    assert told(call, session)["status"] == "CANCELLED"
    assert [call.reply("DELETE", path).status for _ in range(2)] == [204, 404]
    assert call.reply("GET", path).status == 404


def test_a_session_can_fail_while_it_is_made_and_while_it_runs(call: Caller) -> None:
    call.engine.state.store.script("realtime_sessions", Processing(1_000, "No worker was free."))
    early = opened(call)
    assert told(call.at(1), early)["failure"] == "No worker was free."
    late = joined(call)
    SESSIONS.fail(call.engine, late, "INTERNAL", "The worker is gone.")
    failed = told(call, late)
    assert (failed["status"], failed["failureCode"]) == ("FAILED", "INTERNAL")


def test_over_the_tiers_concurrency_a_session_waits_in_line() -> None:
    call = new_caller(tier=1, credits_=1_000)
    first = joined(call)
    second, third = opened(call), opened(call)
    assert [told(call, each)["queued"] for each in (second, third)] == [True, True]
    call.reply("DELETE", f"/v1/realtime_sessions/{second.id}")
    SESSIONS.finish(call.engine, first, call.now_ms)
    assert told(call, third)["queued"] is False
    assert told(call.at(6), third)["status"] == "READY"
    assert told(call, second)["status"] == "CANCELLED"


def test_cancelling_a_session_in_line_makes_no_room_for_the_next() -> None:
    call = new_caller(tier=1, credits_=1_000)
    _, second, third = opened(call), opened(call), opened(call)
    call.reply("DELETE", f"/v1/realtime_sessions/{second.id}")
    SESSIONS.fail(call.engine, opened(call), "INTERNAL", "Nobody knows.")
    assert told(call.at(60), third)["queued"] is True


def test_sessions_in_line_begin_when_the_tier_rises_and_only_as_far_as_it_lets_them() -> None:
    call = new_caller(tier=1, credits_=1_000)
    sessions = [opened(call) for _ in range(5)]
    call.engine.cashier.buy(5_000, call.now_ms)
    assert [told(call.at(3), each)["status"] for each in sessions] == [
        *["READY"] * 3,
        *["NOT_READY"] * 2,
    ]
    # Back on a tier that allows one: two that end make no room.
    call.engine.state.account.tier = 1
    for session in sessions[:2]:
        call.reply("DELETE", f"/v1/realtime_sessions/{session.id}")
    assert told(call.at(60), sessions[3])["queued"] is True
    call.reply("DELETE", f"/v1/realtime_sessions/{sessions[2].id}")
    assert told(call.at(63), sessions[3])["status"] == "READY"


def test_sessions_count_to_the_day_and_models_can_be_withheld() -> None:
    call = new_caller(tier=1, credits_=1_000)
    statuses = [call.reply("POST", "/v1/realtime_sessions", SESSION).status for _ in range(51)]
    assert statuses == [200] * 50 + [429]
    usage = call.reply("GET", "/v1/organization").json()["usage"]["models"]
    assert usage == {"gwm1_avatars": {"dailyGenerations": 50}}
    call.engine.state.account.withheld_models.add("gwm1_avatars")
    assert call.reply("POST", "/v1/realtime_sessions", SESSION).status == 403


def test_a_session_that_could_not_be_made_makes_room_for_the_next() -> None:
    call = new_caller(tier=1, credits_=1_000)
    call.engine.state.store.script("realtime_sessions", Processing(5_000, "No worker was free."))
    first, second = opened(call), opened(call)
    assert told(call.at(4), second)["queued"] is True
    # Free at 5 s, so the second is ready at 8 s.
    assert told(call.at(7.999), second)["status"] == "NOT_READY"
    assert told(call.at(8), second)["status"] == "READY"
    assert told(call, first)["status"] == "FAILED"


def test_a_session_that_lasts_its_time_makes_room_for_the_next() -> None:
    call = new_caller(tier=1, credits_=1_000)
    first = joined(call, maxDuration=60)
    second = opened(call)
    # Joined at 3 s, over at 63 s; the second is then made for 3 s.
    assert told(call.at(65), second)["status"] == "NOT_READY"
    assert told(call.at(66), second)["status"] == "READY"
    assert told(call, first)["duration"] == 60


def test_a_conversation_has_the_sessions_id_and_follows_it(call: Caller) -> None:
    avatar = make(call, "avatars")
    tool = {"type": "client_event", "name": "wave", "description": "Wave a hand"}
    said = {"avatar": {"type": "custom", "avatarId": avatar}, "tools": [tool]}
    session = opened(call, **said)
    path = f"/v1/avatar_conversations/{session.id}"
    assert call.reply("GET", path).status == 404
    call.at(20).engine.advance(call.now_ms)
    SESSIONS.join(call.engine, session)
    live = call.at(50).reply("GET", path).json()
    assert (live["status"], live["duration"], live["maxDuration"]) == ("in_progress", 30, 300)
    assert (live["avatar"]["id"], live["avatar"]["name"]) == (avatar, "Mina")
    assert live["tools"] == [tool]
    SESSIONS.finish(call.engine, session, call.now_ms)
    ended = call.reply("GET", path).json()
    assert (ended["status"], ended["endedAt"]) == ("ended", "2027-01-15T08:00:50.000Z")
    call.reply("DELETE", f"/v1/avatars/{avatar}")
    assert call.reply("GET", path).json()["avatar"] == {"type": "custom"}
    assert [call.reply("DELETE", path).status for _ in range(2)] == [204, 404]


def test_conversations_are_listed_by_avatar_and_by_time(call: Caller) -> None:
    avatar = make(call, "avatars")
    custom = joined(call, avatar={"type": "custom", "avatarId": avatar})
    preset = joined(call.at(600))

    def ids(query: str) -> list[str]:
        reply = call.reply("GET", "/v1/avatar_conversations", query=f"limit=10{query}")
        return [item["id"] for item in reply.json()["data"]]

    assert ids("") == [preset.id, custom.id]
    assert ids(f"&avatar={avatar}") == [custom.id]
    assert ids("&startDate=2027-01-15T08:10:00Z") == [preset.id]
    assert ids("&endDate=2027-01-15T08:10:00Z") == [custom.id]
    entry = call.reply("GET", "/v1/avatar_conversations", query="limit=1").json()["data"][0]
    assert entry["avatar"]["name"] == "Cat Character"
    assert entry["hasTools"] is False


def test_avatar_usage_adds_up_days_also_those_without_sessions(call: Caller) -> None:
    day = 86_400
    for start, lasted in ((0, 60), (100, 30), (2 * day, None)):
        session = joined(call.at(start))
        if lasted is not None:
            call.at(start + 3 + lasted).engine.advance(call.now_ms)
            SESSIONS.finish(call.engine, session, call.now_ms)
    query = "startDate=2027-01-15T00:00:00Z&endDate=2027-01-18T00:00:00Z"
    assert call.reply("GET", "/v1/avatar_usage", query=query).json() == {
        "totalSessions": 3,
        "totalSeconds": 90,
        "avgDurationSeconds": 45,
        "byDay": [
            {"date": "2027-01-15", "sessions": 2, "seconds": 90},
            {"date": "2027-01-16", "sessions": 0, "seconds": 0},
            {"date": "2027-01-17", "sessions": 1, "seconds": 0},
        ],
    }


@pytest.mark.parametrize(
    ("start", "end", "status", "days"),
    [
        ("2027-01-15T00:00:00Z", "2027-01-15T00:00:00Z", 200, 0),
        ("2027-01-16T00:00:00Z", "2027-01-15T00:00:00Z", 200, 0),
        ("2027-01-15T23:59:59.999Z", "2027-01-16T00:00:00.001Z", 200, 2),
        ("2026-01-15T00:00:00Z", "2027-01-16T00:00:00Z", 200, 366),
        ("2026-01-15T00:00:00Z", "2027-01-16T00:00:00.001Z", 400, 0),
        ("0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", 400, 0),
        ("2027-01-15", "2027-01-16", 400, 0),
    ],
)
def test_a_range_of_avatar_usage_is_at_most_a_year(
    call: Caller, start: str, end: str, status: int, days: int
) -> None:
    reply = call.reply("GET", "/v1/avatar_usage", query=f"startDate={start}&endDate={end}")
    assert reply.status == status
    if status == 200:
        assert len(reply.json()["byDay"]) == days
