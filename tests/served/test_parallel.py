"""Many clients at once: nothing lost, nothing twice, and one time for all of them."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import requests
from runwayml import RunwayML

from pytest_runway import FakeRunway, RunwayServer
from tests.served.conftest import BODY, Visitor


def test_the_account_is_exact_after_eight_threads_have_created_tasks() -> None:
    with RunwayServer(speed=0) as server, ThreadPoolExecutor(8) as pool:

        def create(_worker: int) -> list[str]:
            visitor = Visitor(server)
            made = [visitor.api("POST", "image_to_video", BODY)[1]["id"] for _ in range(50)]
            visitor.close()
            return made

        made = [task for each in pool.map(create, range(8)) for task in each]
        assert len(set(made)) == len(server.tasks) == 400
        assert {task.id for task in server.tasks} == set(made)
        assert server.credits.charged == 400 * 25


def test_threads_that_poll_over_a_socket_share_one_virtual_time() -> None:
    with FakeRunway() as fake, ThreadPoolExecutor(8) as pool:
        headers = {"Authorization": f"Bearer {fake.api_key}", "X-Runway-Version": "2024-11-06"}

        def make_clip(_number: int) -> float:
            url = "https://api.dev.runwayml.com/v1"
            with requests.Session() as session:
                session.headers.update(headers)
                created = session.post(f"{url}/image_to_video", json=BODY, timeout=60).json()
                while True:
                    time.sleep(5)
                    found = session.get(f"{url}/tasks/{created['id']}", timeout=60).json()
                    if found["status"] == "SUCCEEDED":
                        return time.monotonic()

        ends = list(pool.map(make_clip, range(8)))
        assert len(fake.tasks) == 8
        assert max(ends) - min(ends) < 1
        assert 15 <= fake.clock.elapsed <= 21


def test_a_suite_in_threads_over_the_sdk_is_served_in_virtual_time() -> None:
    with RunwayServer() as server, ThreadPoolExecutor(4) as pool:

        def make_clip(_number: int) -> str:
            with RunwayML() as client:
                task = client.image_to_video.create(
                    model="gen4_turbo",
                    prompt_image="https://example.com/a.jpg",
                    ratio="1280:720",
                    duration=5,
                )
                return task.wait_for_task_output().status

        assert list(pool.map(make_clip, range(8))) == ["SUCCEEDED"] * 8
        assert server.clock.elapsed < 60
