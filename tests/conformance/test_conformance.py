"""The same statuses, bodies, journal, faults and times, whatever client asks over what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.conformance.exchanges import CLIP, TIMEOUT_SECONDS, Lost

if TYPE_CHECKING:
    from tests.conformance.conftest import Place

# aiohttp, on Python 3.10, leaves a TLS transport behind when its connection breaks.
pytestmark = pytest.mark.filterwarnings(
    "ignore:.*_SSLProtocolTransport:pytest.PytestUnraisableExceptionWarning"
)

UNKNOWN = "/v1/tasks/0d1f2e3c-4b5a-4678-8796-a5b4c3d2e1f0"
BLAME = "Validation of body failed"


def journal(place: Place) -> list[tuple[str, float, int | None]]:
    return [(exchange.site, exchange.at, exchange.status) for exchange in place.fake.requests()]


def test_a_task_lives_its_life(place: Place) -> None:
    place.fake.next_task.throttled("30s").pending("5s").running("10s").succeeds()
    created = place("POST", "/v1/image_to_video", CLIP)
    assert created.status == 200
    body = created.json()
    assert body == {"id": place.fake.tasks[0].id, "estimatedCost": {"credits": 25}}
    path = f"/v1/tasks/{body['id']}"
    seen = []
    for pause in (29, 2, 10, 10):
        place.fake.clock.advance(pause)
        seen.append(place("GET", path).json())
    assert [each["status"] for each in seen] == ["THROTTLED", "PENDING", "RUNNING", "SUCCEEDED"]
    assert (seen[2]["progress"], seen[3]["cost"]) == (0.6, {"credits": 25})
    assert len(seen[3]["output"]) == 1
    gone = place("DELETE", path)
    assert (gone.status, gone.body) == (204, b"")
    assert place("GET", path).json() == {"error": "Could not find Task"}
    assert journal(place) == [
        ("POST image_to_video#1", 0, 200),
        ("GET tasks task#1#1", 29, 200),
        ("GET tasks task#1#2", 31, 200),
        ("GET tasks task#1#3", 41, 200),
        ("GET tasks task#1#4", 51, 200),
        ("DELETE tasks task#1#1", 51, 204),
        ("GET tasks task#1#5", 51, 404),
    ]


@pytest.mark.parametrize(
    ("method", "path", "body", "changes", "status", "error"),
    [
        ("GET", "/v1/organization", None, {"Authorization": "Bearer sk-1"}, 401, "key_"),
        ("POST", "/v1/image_to_video", {}, {}, 400, BLAME),
        ("POST", "/v1/image_to_video", {**CLIP, "duration": 99}, {}, 400, BLAME),
        ("POST", "/v1/image_to_video", {**CLIP, "promptText": "é" * 1001}, {}, 400, BLAME),
        ("GET", UNKNOWN, None, {}, 404, "Could not find Task"),
    ],
)
def test_what_runway_refuses_is_refused(
    place: Place,
    method: str,
    path: str,
    body: Any,
    changes: dict[str, str | None],
    status: int,
    error: str,
) -> None:
    answer = place(method, path, body, **changes)
    assert answer.status == status
    assert error in answer.json()["error"]
    assert [exchange.status for exchange in place.fake.requests()] == [status]


def test_a_route_that_is_none_is_a_404_in_html(place: Place) -> None:
    answer = place("POST", "/v1/nothing", {})
    assert (answer.status, b"Cannot POST /v1/nothing" in answer.body) == (404, True)


@pytest.mark.filterwarnings("ignore:Sending a large body directly:ResourceWarning")  # aiohttp's
def test_a_body_of_four_megabytes_arrives_whole(place: Place) -> None:
    clip = {**CLIP, "promptImage": "https://example.com/" + "a" * 4_000_000}
    answer = place("POST", "/v1/image_to_video", clip)
    assert answer.status == 400
    assert answer.json()["issues"][0]["path"][0] == "promptImage"


@pytest.mark.parametrize("status", [400, 429, 503])
def test_a_planned_reply_is_what_the_client_is_told(place: Place, status: int) -> None:
    place.fake.on("image_to_video").reply(status, times=2)
    told = [place("POST", "/v1/image_to_video", CLIP).status for _ in range(3)]
    assert told == [status, status, 200]
    assert journal(place) == [
        ("POST image_to_video#1", 0, status),
        ("POST image_to_video#2", 0, status),
        ("POST image_to_video#3", 0, 200),
    ]


def test_a_page_with_status_200_is_not_json(place: Place) -> None:
    place.fake.on("organization").reply(200, body="<html>All is well</html>")
    answer = place("GET", "/v1/organization")
    assert (answer.status, answer.body) == (200, b"<html>All is well</html>")


@pytest.mark.parametrize("by", ["502", "504"])
def test_a_lost_reply_is_committed(place: Place, by: Any) -> None:
    place.fake.on("image_to_video").loses_reply(by=by)
    assert place("POST", "/v1/image_to_video", CLIP).status == int(by)
    assert place.fake.credits.charged == 25


@pytest.mark.parametrize(
    ("kind", "charged", "waited"),
    [("refuse", 0, 0), ("reset", 0, 0), ("cut", 25, 0), ("hang", 0, TIMEOUT_SECONDS)],
)
def test_a_break_is_an_answer_that_never_comes(
    place: Place, kind: Any, charged: int, waited: float
) -> None:
    place.fake.on("image_to_video").breaks(kind)
    with pytest.raises(Lost):
        place("POST", "/v1/image_to_video", CLIP)
    if not place.has_real_time:
        assert waited <= place.fake.clock.elapsed <= waited * 1.02
    assert place.fake.credits.charged == charged
    assert [exchange.status for exchange in place.fake.requests()] == [None]
    assert place("POST", "/v1/image_to_video", CLIP).status == 200


def test_a_drip_is_slow_and_whole(place: Place) -> None:
    if place.has_real_time:
        pytest.skip("a drip takes the fake's time, in which this client does not live")
    place.fake.on("tasks").breaks("drip")
    answer = place("GET", UNKNOWN)
    assert answer.json() == {"error": "Could not find Task"}
    assert place.fake.clock.elapsed == 4  # 31 bytes, 8 a second
