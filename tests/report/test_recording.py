"""From what a fake has seen to the record of a test."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from runwayml import APIStatusError, RunwayML

from pytest_runway import FakeRunway
from pytest_runway.report.cleaning import Cleaner
from pytest_runway.report.finding import Finding
from pytest_runway.report.record import TestRecord
from pytest_runway.report.recording import record_of

KEY = "key_" + "fa4e" * 32


def record(fake: FakeRunway, **more: Any) -> TestRecord:
    given = {"test": "t.py::t", "outcome": "passed", "seconds": 1.0, **more}
    return record_of(fake.engine.state, **given)


def test_requests_tasks_events_and_faults_are_recorded() -> None:
    with FakeRunway() as fake:
        fake.on("image_to_video").loses_reply(by="504")
        fake.next_task.by_hand()
        fake.next_task.running("10s").succeeds()
        client: Any = RunwayML(max_retries=0)
        clip = {
            "model": "gen4_turbo",
            "prompt_image": "https://example.com/a.jpg",
            "ratio": "1280:720",
            "duration": 5,
        }
        with pytest.raises(APIStatusError):
            client.image_to_video.create(**clip)
        task = client.image_to_video.create(**clip)
        fake.clock.advance("10s")
        httpx.get(client.tasks.retrieve(task.id).output[0])
    found = record(fake)
    assert [
        (each.number, each.at, each.method, each.status, each.task, each.fault, each.transfer)
        for each in found.requests
    ] == [
        (1, 0.0, "POST", 504, 1, "loses_reply(504)", False),
        (2, 0.0, "POST", 200, 2, None, False),
        (3, 10.0, "GET", 200, 2, None, False),
        (1, 10.0, "GET", 200, None, None, True),
    ]
    assert [each.model for each in found.requests] == ["gen4_turbo", "gen4_turbo", None, None]
    second = found.tasks[1]
    assert (second.number, second.id, second.credits) == (2, task.id, 25)
    assert second.history == ((0.0, "RUNNING"), (10.0, "SUCCEEDED"))
    assert [(each.kind, each.task) for each in found.events][:3] == [
        ("credits", 1),
        ("transition", 1),
        ("fault", 1),
    ]
    assert found.faults == ("on('image_to_video') loses_reply(504)",)
    assert TestRecord.of_json(json.loads(json.dumps(found.to_json()))) == found


def test_all_that_has_words_is_cleaned() -> None:
    with FakeRunway() as fake:
        with pytest.raises(APIStatusError):
            RunwayML(max_retries=0).get(f"/v1/{KEY}", cast_to=object)
    found = record(
        fake,
        test=f"/srv/shop/t.py::t[{KEY}]",
        findings=[Finding("no_jitter", "warning", f"in /srv/shop/a.py: {KEY}")],
        problems=[f"/srv/shop/a.py:3 sent {KEY}"],
        evidence={"keys": [{"sent": KEY}, 3, None], "where": ("/srv/shop/a.py",)},
        cleaner=Cleaner({"/srv/shop": ""}),
    )
    assert found.test == "t.py::t[key_fa4e…]"
    assert found.requests[0].path == "/v1/key_fa4e…"
    assert found.findings[0].message == "in a.py: key_fa4e…"
    assert found.problems == ("a.py:3 sent key_fa4e…",)
    assert found.evidence == {"keys": [{"sent": "key_fa4e…"}, 3, None], "where": ["a.py"]}
