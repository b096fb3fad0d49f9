"""When and where faults strike, and plans of them, in process and over a socket."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pytest_runway import FakeRunway, FaultPlan, RunwayServer
from tests.fake.asking import BODY, ask, poll, post, statuses, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=[FakeRunway, RunwayServer], ids=["in process", "over loopback"])
def runway(request: pytest.FixtureRequest) -> Iterator[FakeRunway]:
    with request.param() as fake:
        yield fake


# Windows, chance, scripts


def test_a_window_is_open_for_its_time_and_no_longer(runway: FakeRunway) -> None:
    runway.on("organization").reply(503, starts="10m", lasts="2m")
    seen = []
    for pause in (0, 599.999, 0.001, 119.999, 0.001):
        runway.clock.advance(pause)
        seen.append(ask(runway, "GET", "organization").status_code)
    assert seen == [200, 200, 503, 503, 200]


def test_a_window_is_counted_from_when_it_was_armed(runway: FakeRunway) -> None:
    runway.clock.advance("1h")
    runway.on("organization").reply(503, starts="10s", lasts="2m")
    runway.arm("429 on voices for 10s")
    seen = []
    for pause in (9, 1, 119, 1):
        runway.clock.advance(pause)
        seen.append(ask(runway, "GET", "organization").status_code)
        seen.append(ask(runway, "GET", "voices").status_code)
    assert seen == [200, 429, 503, 200, 503, 200, 200, 200]


def test_a_window_may_have_a_count(runway: FakeRunway) -> None:
    runway.on("organization").reply(503, lasts="2m", times=2)
    assert [ask(runway, "GET", "organization").status_code for _ in range(3)] == [503, 503, 200]


def test_a_script_answers_in_turn(runway: FakeRunway) -> None:
    runway.on("organization").replies(429, "break reset", "html", 200, 503)
    answers = [text_of(runway) for _ in range(6)]
    assert [answers[1], answers[2]] == ["lost", "<!DOCTYPE"]
    assert statuses(runway) == [429, None, 200, 200, 503, 200]
    assert [each.fault for each in runway.requests()] == [
        "429",
        "break reset",
        "html",
        None,
        "503",
        None,
    ]


def test_chance_strikes_as_often_as_it_says_and_the_same_every_time() -> None:
    def struck(seed: int) -> list[int | None]:
        with FakeRunway(seed=seed, faults="429: 10%") as runway:
            for _ in range(300):
                ask(runway, "GET", "organization")
            return statuses(runway)

    first = struck(1)
    assert 15 <= first.count(429) <= 50
    assert struck(1) == first
    assert struck(2) != first


def test_what_chance_strikes_does_not_depend_on_other_faults_or_other_requests() -> None:
    def struck(faults: str, *, others: bool) -> list[int | None]:
        with FakeRunway(background_faults=faults) as runway:
            for _ in range(60):
                if others:
                    ask(runway, "GET", "voices")
                ask(runway, "GET", "organization")
            return [each.status for each in runway.requests("organization")]

    alone = struck("429: 20%", others=False)
    assert 429 in alone
    assert struck("503 on workflows: 50%, 429: 20%", others=True) == alone


def test_two_equal_chances_are_two_rolls() -> None:
    with FakeRunway(faults="429: 50%, 429: 50%") as runway:
        for _ in range(200):
            ask(runway, "GET", "organization")
        assert 130 <= statuses(runway).count(429) <= 170


def test_chance_of_one_always_strikes_and_a_count_ends_it(runway: FakeRunway) -> None:
    runway.on("organization").reply(503, chance=1, times=2)
    assert [ask(runway, "GET", "organization").status_code for _ in range(3)] == [503, 503, 200]


# Places


def test_create_is_every_request_that_makes_a_task_and_poll_every_look_at_one(
    runway: FakeRunway,
) -> None:
    runway.arm("503 on create: 2, 502 on poll")
    assert post(runway).status_code == 503
    assert ask(runway, "POST", "generate/video", {}).status_code == 503
    post(runway)
    path = f"tasks/{runway.tasks[0].id}"
    assert ask(runway, "POST", "voices/preview", {}).status_code == 400
    assert ask(runway, "DELETE", path).status_code == 204
    assert ask(runway, "GET", path).status_code == 502


def test_a_poll_has_the_model_of_its_task(runway: FakeRunway) -> None:
    runway.on("tasks", model="gen4.5").reply(503)
    post(runway)
    ask(runway, "POST", "image_to_video", {**BODY, "model": "gen4.5"})
    first, second = (ask(runway, "GET", f"tasks/{task.id}") for task in runway.tasks)
    assert (first.status_code, second.status_code) == (200, 503)


def test_a_download_fails_and_the_next_one_does_not(runway: FakeRunway) -> None:
    runway.on("downloads").reply(503).garbles("truncated")
    runway.on("*").reply(500, chance=0.000001)
    post(runway)
    runway.clock.advance("20s")
    (url,) = poll(runway)["output"]
    busy, half, whole = (httpx.get(url) for _ in range(3))
    assert (busy.status_code, b"<Code>ServiceUnavailable</Code>" in busy.content) == (503, True)
    assert half.content == whole.content[: len(whole.content) // 2]
    assert [each.fault for each in runway.engine.state.journal.transfers] == [
        "reply(503)",
        "garbles('truncated')",
        None,
    ]


def test_the_storage_refuses_an_upload_and_then_takes_it(runway: FakeRunway) -> None:
    runway.on("storage").reply(500)
    told = ask(runway, "POST", "uploads", {"filename": "a.jpg", "type": "ephemeral"}).json()
    file = {"file": ("a.jpg", bytes(600), "image/jpeg")}
    sent = [httpx.post(told["uploadUrl"], data=told["fields"], files=file) for _ in range(2)]
    assert [each.status_code for each in sent] == [500, 204]


# Plans


def test_the_tests_own_faults_strike_before_those_in_the_background() -> None:
    with FakeRunway(background_faults="500: always", faults="502") as runway:
        runway.on("organization").reply(503)
        for _ in range(3):
            ask(runway, "GET", "organization")
        assert statuses(runway) == [502, 503, 500]


def test_what_is_armed_after_a_disarming_keeps_that_order() -> None:
    with FakeRunway(background_faults="500: always") as runway:
        runway.on("organization").reply(501)
        runway.engine.state.faults.clear()
        runway.arm("500: always", must_strike=False)
        runway.on("organization").reply(502).reply(503)
        for _ in range(3):
            ask(runway, "GET", "organization")
        assert statuses(runway) == [502, 503, 500]


def test_a_plan_and_its_text_are_the_same_to_a_fake() -> None:
    text = "429 on organization, 503 on organization"
    for faults in (text, FaultPlan.parse(text)):
        with FakeRunway(faults=faults) as runway:
            for _ in range(3):
                ask(runway, "GET", "organization")
            assert statuses(runway) == [429, 503, 200]
            assert runway.settings.faults == text


def test_a_fault_that_struck_is_an_event() -> None:
    with FakeRunway(faults="429 on organization") as runway:
        runway.clock.advance(2)
        ask(runway, "GET", "organization")
        (event,) = [each for each in runway.engine.state.journal.events if each.kind == "fault"]
        assert (event.at, event.task, event.detail) == (2, None, "'429 on organization'")


@pytest.mark.parametrize(
    ("arm", "message"),
    [
        (lambda r: r.on("craete"), "did you mean 'create'?"),
        (lambda r: r.on("*", model="gen5"), "no model 'gen5'; did you mean 'gen4.5'"),
        (lambda r: r.on("downloads", method="POST"), "expected one of GET, HEAD"),
        (lambda r: r.on("*").garbles("htm"), "no such garbling: 'htm'; did you mean 'html'?"),
        (lambda r: r.on("*").reply("not_enough_credit"), "no error 'not_enough_credit'; did you"),
        (lambda r: r.on("*").reply("daily_limit", body={}), "has its own body"),
        (lambda r: r.on("*").reply(429, chance=0), "chance=0 is not valid"),
        (lambda r: r.on("*").reply(429, chance=1.5), "chance=1.5 is not valid"),
        (lambda r: r.on("*").reply(429, chance=True), "chance=True is not valid"),
        (lambda r: r.on("*").reply(429, chance=1e-9), "chance=1e-09 is not valid"),
        (lambda r: r.on("*").reply(429, lasts=0), "lasts no time"),
        (lambda r: r.on("*").reply(429, starts="soon"), "not a duration: 'soon'"),
        (lambda r: r.on("*").reply(429, retry_after="x\n", retry_after_as="text"), "in a header"),
        (lambda r: r.on("*").reply(429, retry_after=1, retry_after_as="hours"), "milliseconds"),
        (lambda r: r.on("*").replies(), "nothing but 200"),
        (lambda r: r.on("*").replies(200), "nothing but 200"),
        (lambda r: r.on("*").replies("reset"), "did you mean 'break reset'?"),
        (lambda r: r.on("*").replies("429, 503"), "expected the end of a step, got ','"),
        (lambda r: r.arm("503 on craete"), "wrong at character 8"),
        (lambda r: r.arm(429), "expected a FaultPlan or its text"),
        (lambda _: FakeRunway(faults=7), "faults=7 is not valid"),  # type: ignore[arg-type]
        (lambda _: FakeRunway(background_faults="7"), "a status of 200 to 599"),
    ],
)
def test_misuse_is_refused_at_the_call(arm: Any, message: str) -> None:
    runway = FakeRunway().start()
    try:
        with pytest.raises(ValueError, match=r".") as raised:
            arm(runway)
        assert message in str(raised.value)
        assert runway.engine.state.faults.faults == []
    finally:
        runway.stop()


def test_the_settings_of_a_plan_travel_as_json() -> None:
    from dataclasses import asdict

    from pytest_runway.fake import Settings

    settings = Settings(faults=FaultPlan.parse("429:5%"), background_faults=None)
    again = Settings.of(json.loads(json.dumps(asdict(settings))))
    assert (again, again.faults, again.background_faults) == (settings, "429: 5%", "")
