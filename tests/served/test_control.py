"""The control interface: a suite in any language scripts the fake over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.served.conftest import BODY

if TYPE_CHECKING:
    from pytest_runway import RunwayServer
    from tests.served.conftest import Visitor


def test_a_fault_is_armed_strikes_and_is_counted(visitor: Visitor) -> None:
    fault = {"operation": "image_to_video", "reply": {"status": 429, "retry_after": "3s"}}
    assert visitor.control("POST", "faults", fault)[0] == 200
    assert visitor.api("POST", "image_to_video", BODY)[0] == 429
    assert visitor.api("POST", "image_to_video", BODY)[0] == 200
    (found,) = visitor.control("GET", "faults")[1]["faults"]
    assert (found["operation"], found["times"], found["fired"]) == ("image_to_video", 1, 1)


@pytest.mark.parametrize(
    ("action", "tasks"),
    [
        ({"loses_reply": {"by": "502"}}, 1),
        ({"loses_reply": {"by": "504", "times": 2}}, 1),
        ({"reply": {"status": 500, "after_commit": True}}, 1),
        ({"reply": 503}, 0),
    ],
)
def test_every_kind_of_fault_that_answers_can_be_armed(
    visitor: Visitor, action: dict[str, Any], tasks: int
) -> None:
    visitor.control("POST", "faults", {"operation": "image_to_video", **action})
    assert visitor.api("POST", "image_to_video", BODY)[0] >= 500
    assert len(visitor.control("GET", "tasks")[1]["tasks"]) == tasks


def test_a_break_can_be_armed(visitor: Visitor, served: RunwayServer) -> None:
    visitor.control("POST", "faults", {"operation": "organization", "breaks": "reset"})
    with pytest.raises(ConnectionError):
        visitor.api("GET", "organization")
    assert served.requests("organization")[0].status is None


def test_every_garbling_and_a_script_can_be_armed(visitor: Visitor) -> None:
    for fault in ({"garbles": "html"}, {"replies": [429, "break reset", 200]}):
        assert visitor.control("POST", "faults", {"operation": "*", **fault})[0] == 200
    assert "<!DOCTYPE" in visitor.api("GET", "organization")[1]
    assert visitor.api("GET", "organization")[0] == 429


def test_a_plan_is_armed_and_shown(visitor: Visitor) -> None:
    armed = visitor.control("POST", "faults", {"plan": "503 on create, 429 on organization: 2"})
    assert armed[0] == 200
    assert [visitor.api("GET", "organization")[0] for _ in range(3)] == [429, 429, 200]
    found = visitor.control("GET", "faults")[1]["faults"]
    assert [(each["fault"], each["fired"]) for each in found] == [
        ("'503 on create'", 0),
        ("'429 on organization: 2'", 2),
    ]


def test_a_reset_can_arm_a_plan(visitor: Visitor) -> None:
    assert visitor.control("POST", "reset", {"faults": "503 on organization"})[0] == 200
    assert [visitor.api("GET", "organization")[0] for _ in range(2)] == [503, 200]


def test_faults_are_disarmed(visitor: Visitor) -> None:
    visitor.control("POST", "faults", {"operation": "*", "reply": 500})
    assert visitor.control("DELETE", "faults") == (200, {"faults": []})
    assert visitor.api("GET", "organization")[0] == 200


def test_a_timeline_scripts_the_next_task_and_time_is_moved(visitor: Visitor) -> None:
    steps = [{"throttled": "30s"}, {"running": "9m"}, {"fails": "INTERNAL"}]
    assert visitor.control("POST", "timelines", {"steps": steps})[0] == 200
    task = visitor.api("POST", "image_to_video", BODY)[1]["id"]
    seen = []
    for pause in ("29s", "2s", "10m"):
        visitor.control("POST", "clock", {"advance": pause})
        seen.append(visitor.api("GET", f"tasks/{task}")[1]["status"])
    assert seen == ["THROTTLED", "RUNNING", "FAILED"]
    assert visitor.control("GET", "clock")[1]["elapsed"] == 631


def test_a_timeline_may_count_polls(visitor: Visitor) -> None:
    visitor.control("POST", "timelines", {"steps": [{"pending": {"polls": 2}}, {"succeeds": True}]})
    task = visitor.api("POST", "image_to_video", BODY)[1]["id"]
    seen = [visitor.api("GET", f"tasks/{task}")[1]["status"] for _ in range(3)]
    assert seen == ["PENDING", "PENDING", "SUCCEEDED"]


def test_a_task_is_moved_by_hand(visitor: Visitor) -> None:
    visitor.control("POST", "timelines", {"steps": [{"by_hand": None}]})
    task = visitor.api("POST", "image_to_video", BODY)[1]["id"]
    assert visitor.control("POST", "tasks/1", {"run": {"progress": 0.25}})[1]["status"] == "RUNNING"
    assert visitor.api("GET", f"tasks/{task}")[1]["progress"] == 0.25
    found = visitor.control("POST", "tasks/1", {"fail": "SAFETY.INPUT.TEXT"})[1]
    assert (found["status"], found["failure_code"]) == ("FAILED", "SAFETY.INPUT.TEXT")
    status, said = visitor.control("POST", "tasks/1", {"succeed": True})
    assert (status, "a terminal status never changes" in said["error"]) == (400, True)


def test_the_account_is_shown_and_changed(visitor: Visitor, served: RunwayServer) -> None:
    visitor.api("POST", "image_to_video", BODY)
    found = visitor.control("GET", "account")[1]
    assert (found["tier"], found["credits"]["charged"]) == (1, 25)
    assert found["api_key"] == served.api_key
    visitor.control("POST", "account", {"suspend": True})
    assert visitor.api("GET", "organization")[0] == 401
    changes = {"appeal": True, "withholds": ["gen4_turbo"], "tier": 3, "buy": 1000}
    found = visitor.control("POST", "account", changes)[1]
    assert (found["tier"], found["withheld_models"]) == (3, ["gen4_turbo"])
    assert visitor.api("POST", "image_to_video", BODY)[0] == 403


def test_a_prompt_is_moderated_and_the_mails_are_shown(visitor: Visitor) -> None:
    visitor.control("POST", "account", {"tolerates": {"warn_at": 1, "suspend_at": 2}})
    assert visitor.control("POST", "moderation", {"prompt": "dolly"})[1] == {"rules": 1}
    visitor.api("POST", "image_to_video", BODY)
    visitor.control("POST", "clock", {"advance": "1h"})
    (task,) = visitor.control("GET", "tasks")[1]["tasks"]
    assert task["failure_code"] == "SAFETY.INPUT.TEXT"
    assert len(visitor.control("GET", "outbox")[1]["mails"]) == 1


def test_the_journal_tells_what_was_asked(visitor: Visitor) -> None:
    visitor.api("POST", "image_to_video", BODY)
    visitor.api("GET", "nothing")
    first, second = visitor.control("GET", "journal")[1]["requests"]
    assert (first["method"], first["operation"], first["status"]) == ("POST", "image_to_video", 200)
    assert first["body"]["promptText"] == BODY["promptText"]
    assert second["status"] == 404
    assert visitor.control("GET", "journal?since=1")[1]["requests"] == [second]


def test_the_report_tells_what_would_fail_a_test(visitor: Visitor) -> None:
    visitor.control("POST", "faults", {"operation": "image_to_video", "reply": 500})
    report = visitor.control("GET", "report")[1]
    assert report["numbers"]["faults armed"] == 1
    assert "a fault was armed and never fired" in report["problems"][0]


def test_a_reset_gives_a_fresh_account_and_keeps_what_was_noticed(visitor: Visitor) -> None:
    visitor.control("POST", "faults", {"operation": "image_to_video", "reply": 500})
    task = visitor.api("POST", "text_to_video", BODY)
    ended = visitor.control("POST", "reset", {"credits": 7})[1]
    assert ended["numbers"]["requests"] == 1
    assert visitor.control("GET", "account")[1]["credits"]["balance"] == 7
    assert visitor.control("GET", "journal")[1]["requests"] == []
    assert "never fired" in visitor.control("GET", "report")[1]["problems"][0], task
    assert visitor.server.totals()["requests"] == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("GET", "nothing", None, 404, "there are faults, timelines, tasks"),
        ("GET", "faults/1", None, 404, "no such path"),
        ("PUT", "faults", {}, 405, "takes GET and POST and DELETE"),
        ("POST", "faults", [], 400, "the body is a JSON object, got list"),
        (
            "POST",
            "faults",
            {},
            400,
            "exactly one of reply, replies, loses_reply, breaks, garbles; got",
        ),
        ("POST", "faults", {"reply": 500}, 400, "a fault: missing a required argument"),
        ("POST", "faults", {"operation": "*", "reply": 500, "breaks": "cut"}, 400, "exactly one"),
        ("POST", "faults", {"operation": "*", "answers": 500}, 400, "got operation, answers"),
        ("POST", "faults", {"operation": "nothing", "reply": 500}, 400, "'nothing'"),
        ("POST", "faults", {"operation": "*", "reply": 42}, 400, "not an HTTP status: 42"),
        ("POST", "faults", {"operation": "*", "reply": {"status": 500, "retry": 1}}, 400, "retry_"),
        ("POST", "faults", {"operation": 7, "reply": 500}, 400, "operation=7 is not valid"),
        (
            "POST",
            "faults",
            {"operation": "*", "reply": {"status": 500, "headers": 7}},
            400,
            "reply:",
        ),
        ("POST", "faults", {"plan": "503 on craete"}, 400, "did you mean 'create'?"),
        ("POST", "faults", {"plan": 503}, 400, "expected a FaultPlan or its text"),
        ("POST", "faults", {"plan": "503", "operation": "*"}, 400, "give nothing beside it"),
        ("POST", "timelines", {}, 400, "a timeline is"),
        ("POST", "timelines", {"steps": ["pending"]}, 400, "a step is an object"),
        ("POST", "timelines", {"steps": [{"sleeps": 1}]}, 400, "expected exactly one of throttled"),
        ("POST", "timelines", {"steps": [{"pending": "soon"}]}, 400, "not a duration: 'soon'"),
        ("POST", "timelines", {"steps": [{"fails": "NOTHING"}]}, 400, "NOTHING"),
        ("POST", "tasks/1", {"succeed": True}, 404, "no task 1: 0 were created"),
        ("GET", "tasks/1", None, 405, "takes POST"),
        ("POST", "clock", {"go": 1}, 400, 'the clock takes {"advance": "10m"}'),
        ("POST", "clock", {"advance": "-1s"}, 400, "not a duration"),
        ("POST", "account", {"tier": 9}, 400, "tier=9 is not valid"),
        ("POST", "account", {"suspended": 1}, 400, "the account takes tier, suspend"),
        ("POST", "account", {"withholds": ["nothing"]}, 400, "nothing"),
        ("POST", "account", {"buy": "all"}, 400, "credits='all' is not valid"),
        ("POST", "moderation", {}, 400, "moderat"),
        ("POST", "reset", {"credits": -1}, 400, "credits=-1 is not valid"),
        ("GET", "journal?since=x", None, 400, "since='x'"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    visitor: Visitor, method: str, path: str, body: Any, status: int, said: str
) -> None:
    got, answer = visitor.control(method, path, body)
    assert (got, answer["error"][:15]) == (status, "pytest-runway: ")
    assert said in answer["error"]
    assert visitor.control("GET", "timelines")[1] == {"waiting": []}


def test_a_body_that_is_no_json_is_refused(visitor: Visitor) -> None:
    headers = {"X-Runway-Token": visitor.server.token, "Content-Length": "1"}
    visitor._connection.request("POST", "/__runway/faults", b"{", headers)
    response = visitor._connection.getresponse()
    assert (response.status, b"the body is not JSON" in response.read()) == (400, True)


# Who may ask.


@pytest.mark.parametrize("path", ["", "faults", "journal", "account", "nothing"])
@pytest.mark.parametrize("token", ["", "wrong", "\u00e9"])
def test_without_the_token_nothing_is_told(visitor: Visitor, path: str, token: str) -> None:
    status, said = visitor.ask("GET", f"/__runway/{path}", headers={"X-Runway-Token": token})
    assert (status, "asks for its token" in said["error"]) == (401, True)


def test_the_token_can_be_done_without() -> None:
    from pytest_runway import RunwayServer
    from tests.served.conftest import Visitor

    with RunwayServer(time="real", token="") as server:
        visitor = Visitor(server)
        assert visitor.ask("GET", "/__runway/clock")[0] == 200
        visitor.close()


@pytest.mark.parametrize("path", ["/", "/openapi.json", "/__runway/health", "/__runway/account"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example.com"},
        {"Host": "rebound.example.com:80"},
        {"Host": "127.0.0.1"},
        {"Host": "localhost:1"},
        {"Origin": "https://example.com"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1.example.com"},
        {"Origin": "http://[x"},
    ],
)
def test_a_page_of_the_web_is_refused(visitor: Visitor, path: str, headers: dict[str, str]) -> None:
    given = {"X-Runway-Token": visitor.server.token, **headers}
    assert visitor.ask("GET", path, headers=given)[0] == 403


def test_a_page_of_this_machine_may_ask(visitor: Visitor) -> None:
    port = visitor.server.url.rpartition(":")[2]
    headers = {"Host": f"localhost:{port}", "Origin": "http://localhost:3000"}
    assert visitor.control("GET", "clock", **headers)[0] == 200


# What is there without one.


def test_health_the_document_and_the_page_need_no_token(visitor: Visitor) -> None:
    assert visitor.ask("GET", "/__runway/health") == (200, {"status": "ok"})
    document = visitor.ask("GET", "/openapi.json")[1]
    assert (document["openapi"][:3], "/v1/tasks/{id}" in document["paths"]) == ("3.1", True)
    status, page = visitor.ask("GET", "/")
    assert (status, visitor.server.token in page) == (200, True)


def test_runways_names_have_none_of_the_servers_own_paths(visitor: Visitor) -> None:
    headers = {"Host": "api.dev.runwayml.com", "X-Runway-Token": visitor.server.token}
    for path in ("/", "/openapi.json", "/__runway/health"):
        assert visitor.ask("GET", path, headers=headers)[0] == 404
