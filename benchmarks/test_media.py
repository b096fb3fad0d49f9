"""What media cost: to draw them, to judge them, to give them back.

Run with ``pytest benchmarks``. A create with a 4 MB data URI is set beside the floor, the same SDK
call on a trivial MockTransport; the rounds alternate, and the ratio of the medians is what counts.
"""

from __future__ import annotations

import statistics
import time
import tracemalloc
from base64 import b64encode
from typing import TYPE_CHECKING, Any, cast

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from runwayml import RunwayML

from pytest_runway import FakeRunway
from pytest_runway.media import Refusal, examine, examine_data_uri, forge
from pytest_runway.media.outputs import render
from pytest_runway.media_fields import media_rules
from pytest_runway.strategies import oversized_images

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_benchmark.fixture import BenchmarkFixture

    from pytest_runway.media import FlawedMedia

KEY = "key_" + "fa4e" * 32
MIB = 1024 * 1024
RULES = media_rules()
EXAMPLES = 600


def medians(*calls: Callable[[], object], rounds: int = 15) -> list[float]:
    """Median seconds of each call, in alternating rounds, of this thread: others do not count."""
    spent: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for place, call in enumerate(calls):
            started = time.thread_time()
            call()
            spent[place].append(time.thread_time() - started)
    return [statistics.median(each) for each in spent]


def test_oversized_images_are_drawn(benchmark: BenchmarkFixture) -> None:
    largest = {"bytes": 0, "side": 0}

    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(image=oversized_images())
    def drawn(image: FlawedMedia) -> None:
        largest["bytes"] = max(largest["bytes"], len(image.data))
        if isinstance(image.expected, Refusal) and "Got " in image.expected.message:
            side = image.expected.message.rsplit("Got ", 1)[1].partition("x")[0]
            largest["side"] = max(largest["side"], int(side))

    started = time.perf_counter()
    cast("Any", benchmark).pedantic(drawn, rounds=1)
    rate = EXAMPLES / (time.perf_counter() - started)
    benchmark.extra_info["examples_a_second"] = rate
    print(f"\noversized_images: {rate:,.0f} examples a second")
    assert largest["bytes"] > 16 * MIB
    assert largest["side"] >= 20_000
    assert rate >= 300


def test_a_create_with_a_data_uri_of_four_megabytes(benchmark: BenchmarkFixture) -> None:
    picture = forge.image("jpeg", 1280, 720, size=3 * MIB).data
    uri = "data:image/jpeg;base64," + b64encode(picture).decode()
    clip: dict[str, Any] = {
        "model": "gen4_turbo",
        "prompt_image": uri,
        "ratio": "1280:720",
        "duration": 5,
    }
    answer = {"id": "17f20503-6c24-4c16-946b-35dbbce2af2f", "estimatedCost": {"credits": 25}}
    trivial = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    floor_client = RunwayML(api_key=KEY, http_client=httpx.Client(transport=trivial))
    with FakeRunway():
        client = RunwayML()
        floor, faked = medians(
            lambda: floor_client.image_to_video.create(**clip),
            lambda: client.image_to_video.create(**clip),
        )
    benchmark.extra_info["ratio"] = faked / floor
    times = f"floor {floor * 1e3:.1f} ms, fake {faked * 1e3:.1f} ms"
    print(f"\n4 MB data URI: {times}: {faked / floor:.2f} times")
    untyped = cast("Any", benchmark)
    untyped.pedantic(examine_data_uri, (uri,), {"kind": "image", "rules": RULES}, rounds=20)
    assert faked / floor <= 1.6


def test_an_upload_of_200_megabytes_is_kept_once(
    benchmark: BenchmarkFixture, tmp_path: Path
) -> None:
    file = tmp_path / "clip.mp4"
    file.write_bytes(forge.video("mp4", 1280, 720, 5000, size=200 * MIB).data)
    size = file.stat().st_size

    def upload() -> None:
        with file.open("rb") as stream:
            uri = client.uploads.create_ephemeral(file=stream).uri
        client.video_to_video.create(model="aleph2", video_uri=uri, prompt_text="at night")

    with FakeRunway():
        client = RunwayML()
        tracemalloc.start()
        cast("Any", benchmark).pedantic(upload, rounds=1)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    benchmark.extra_info["peak_bytes"] = peak
    print(f"\n200 MB upload: {peak / size:.2f} times its size at most")
    assert peak <= 1.2 * size


def test_an_upload_of_200_megabytes_is_judged_where_it_lies(benchmark: BenchmarkFixture) -> None:
    data = forge.video("mp4", 1280, 720, 5000, size=200 * MIB).data
    tracemalloc.start()
    cast("Any", benchmark).pedantic(
        examine, (data,), {"kind": "video", "transport": "upload", "rules": RULES}, rounds=5
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    benchmark.extra_info["peak_bytes"] = peak
    print(f"\n200 MB upload: {peak / MIB:.2f} MB more while it is judged")
    assert peak < 0.2 * len(data)


def test_a_small_picture_is_judged(benchmark: BenchmarkFixture) -> None:
    data = forge.image("jpeg", 1280, 720).data
    benchmark(examine, data, kind="image", rules=RULES)


def test_a_clip_is_judged(benchmark: BenchmarkFixture) -> None:
    data = forge.video("mp4", 1280, 720, 5000, audio=True).data
    benchmark(examine, data, kind="video", rules=RULES)


def test_a_clip_is_given_back(benchmark: BenchmarkFixture) -> None:
    seeds = iter(range(1_000_000))  # another shade and length each time: nothing is remembered

    def fresh() -> None:
        seed = next(seeds)
        render("video", "mp4", width=1280, height=720, seconds=5 + seed / 1000, seed=seed)

    benchmark(fresh)


def test_a_picture_of_4k_is_given_back(benchmark: BenchmarkFixture) -> None:
    seeds = iter(range(1_000_000))
    benchmark(lambda: render("image", "png", width=3840, height=2160, seed=next(seeds)))
