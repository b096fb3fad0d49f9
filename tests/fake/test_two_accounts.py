"""Two fakes at once, and many threads at each."""

from __future__ import annotations

import json
from threading import Thread

from pytest_runway import FakeRunway
from pytest_runway.engine.keys import FAKE_KEY
from pytest_runway.wire import Reply, Request

HEADERS = {
    "authorization": f"Bearer {FAKE_KEY}",
    "x-runway-version": "2024-11-06",
    "content-type": "application/json",
}
CLIP = {
    "model": "gen4_turbo",
    "promptImage": "https://example.com/a.jpg",
    "ratio": "1280:720",
    "duration": 2,
}


def test_a_hundred_threads_do_not_cross_accounts_nor_lose_a_credit() -> None:
    fakes = [FakeRunway(tier=1, credits=1_000, time="real", seed=n) for n in range(2)]
    answers: list[list[int]] = [[], []]
    body = json.dumps(CLIP).encode()
    request = Request("POST", "api.dev.runwayml.com", "/v1/image_to_video", "", HEADERS, body)

    def create(turn: int) -> None:
        answer = fakes[turn % 2].handle(request)
        assert isinstance(answer, Reply)
        answers[turn % 2].append(answer.status)

    with fakes[0], fakes[1]:
        threads = [Thread(target=create, args=(turn,)) for turn in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for fake, statuses in zip(fakes, answers, strict=True):
            assert statuses == [200] * 50
            assert fake.credits.charged == 500
            assert [task.status for task in fake.tasks] == ["PENDING", *["THROTTLED"] * 49]
        first, second = ({task.id for task in fake.tasks} for fake in fakes)
        assert len(first) == len(second) == 50
        assert not first & second
