"""What a task that succeeded gives to download, and what can be wrong with it."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from PIL import Image
from runwayml import RunwayML

from pytest_runway import FakeRunway
from pytest_runway.contract import Operation, Variant, load
from pytest_runway.engine.files import file_at
from pytest_runway.errors import UsageError
from pytest_runway.media import read
from pytest_runway.media.outputs import CONTENT_TYPES
from pytest_runway.media.sources import Whole
from tests.sdk.test_every_model import a_valid_body

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIP: dict[str, Any] = {
    "model": "gen4.5",
    "prompt_text": "a slow dolly-in",
    "ratio": "720:1280",
    "duration": 8,
}
DAY = 86_400


@pytest.fixture
def runway() -> Iterator[FakeRunway]:
    with FakeRunway() as fake:
        yield fake


def finished(task: Any) -> list[str]:
    return list(task.wait_for_task_output().output)


def finished_clip() -> Any:
    return RunwayML().text_to_video.create(**CLIP).wait_for_task_output()


def link() -> str:
    (found,) = finished_clip().output
    return str(found)


@pytest.mark.usefixtures("runway")
class TestFiles:
    def test_a_clip_has_the_sides_and_the_length_asked_for(self) -> None:
        reply = httpx.get(link())
        assert reply.headers["content-type"] == "video/mp4"
        assert int(reply.headers["content-length"]) == len(reply.content)
        facts = read(Whole(reply.content))
        assert facts is not None
        assert (facts.container, facts.width, facts.height) == ("mp4", 720, 1280)
        assert facts.duration_ms == 8_000
        assert facts.complete

    def test_pictures_are_as_many_as_asked_for_and_all_different(self) -> None:
        task = RunwayML().text_to_image.create(
            model="gpt_image_2",
            prompt_text="a lighthouse",
            ratio="1920:1088",
            output_count=3,
        )
        files = [httpx.get(url).content for url in finished(task)]
        assert len(set(files)) == 3
        for file in files:
            picture = Image.open(io.BytesIO(file))
            picture.load()
            assert picture.size == (1920, 1088)

    def test_a_sequence_is_a_zip_and_its_sound_a_file_of_its_own(self) -> None:
        task = RunwayML().video_to_video.create(
            model="aleph2",
            video_uri="https://example.com/a.mp4",
            prompt_text="at night",
            extra_body={"outputFormat": "png_sequence"},
        )
        frames, sound = (httpx.get(url) for url in finished(task))
        assert frames.headers["content-type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(frames.content)) as archive:
            assert archive.namelist()[0].endswith(".png")
        facts = read(Whole(sound.content))
        assert facts is not None
        assert (facts.kind, facts.container) == ("audio", "wav")

    def test_the_same_link_gives_the_same_bytes_and_another_task_others(self) -> None:
        first = link()
        assert httpx.get(first).content == httpx.get(first).content
        assert httpx.get(first).content != httpx.get(link()).content


def generations() -> list[Any]:
    return [
        pytest.param(operation, variant, id=f"{operation.name}-{variant.name}-{place}")
        for operation in load().operations
        if operation.behaviour == "generate"
        for place, variant in enumerate(operation.variants)
    ]


@pytest.mark.parametrize(("operation", "variant"), generations())
def test_every_generation_has_files_that_can_be_made(
    operation: Operation, variant: Variant, runway: FakeRunway
) -> None:
    body = a_valid_body(operation, variant)
    client: Any = RunwayML()
    made = client.post(f"/v1/{operation.name}", body=body, cast_to=object)
    runway.clock.advance(60)
    for url in client.tasks.retrieve(made["id"]).output:
        file = file_at(runway.engine.state, httpx.URL(url).path.lstrip("/"))
        assert file is not None
        if (file.seconds or 0) <= 30 or file.format != "zip":
            assert file.data()
        assert file.content_type == CONTENT_TYPES[httpx.URL(url).path.rpartition(".")[2]]


class TestLinks:
    def test_a_link_lasts_24_to_48_hours_and_the_next_get_has_a_new_one(
        self, runway: FakeRunway
    ) -> None:
        task = finished_clip()
        old = task.output[0]
        runway.clock.advance(DAY)
        assert httpx.get(old).status_code == 200
        runway.clock.advance(DAY)
        assert httpx.get(old).status_code == 401
        (new,) = RunwayML().tasks.retrieve(task.id).output  # type: ignore[union-attr]
        assert new != old
        assert httpx.get(new).status_code == 200

    @pytest.mark.usefixtures("runway")
    def test_a_token_opens_its_own_file_and_no_other(self) -> None:
        one, other = link(), link()
        path, token = one.split("?")[0], other.split("?")[1]
        assert httpx.get(f"{path}?{token}").status_code == 403
        assert httpx.get(path).status_code == 403
        assert httpx.get(f"{one[:-1]}x").status_code == 403
        assert httpx.get(f"{path}?_jwt=a.b.c").status_code == 403

    @pytest.mark.usefixtures("runway")
    def test_a_deleted_task_takes_its_files_along(self) -> None:
        task = finished_clip()
        RunwayML().tasks.delete(task.id)
        assert httpx.get(task.output[0]).status_code == 404

    @pytest.mark.usefixtures("runway")
    def test_head_and_ranges(self) -> None:
        url = link()
        whole = httpx.get(url)
        size = len(whole.content)
        head = httpx.head(url)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(size)
        assert head.headers["accept-ranges"] == "bytes"
        for asked, start, end in (
            ("bytes=0-99", 0, 100),
            ("bytes=100-", 100, size),
            ("bytes=-7", size - 7, size),
            (f"bytes=5-{size * 2}", 5, size),
        ):
            part = httpx.get(url, headers={"range": asked})
            assert part.status_code == 206
            assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
            assert part.content == whole.content[start:end]
        for ignored in ("bytes=9-3", "bytes=-", "items=0-1", "bytes=0-1,3-4"):
            assert httpx.get(url, headers={"range": ignored}).status_code == 200
        beyond = httpx.get(url, headers={"range": f"bytes={size}-"})
        assert beyond.status_code == 416
        assert beyond.headers["content-range"] == f"bytes */{size}"
        assert httpx.post(url).status_code == 405

    @pytest.mark.usefixtures("runway")
    def test_previews_of_voices_and_pictures_of_avatars_can_be_downloaded(self) -> None:
        told: Any = RunwayML().post(
            "/v1/voices/preview",
            body={"model": "eleven_ttv_v3", "prompt": "A warm, slow voice for bedtime stories"},
            cast_to=object,
        )
        reply = httpx.get(told["url"])
        assert reply.headers["content-type"] == "audio/mpeg"
        facts = read(Whole(reply.content))
        assert facts is not None
        assert facts.container == "mp3"


class TestFaults:
    def test_the_first_links_are_old_and_those_of_the_next_get_good(
        self, runway: FakeRunway
    ) -> None:
        runway.next_task.succeeds(output="expired")
        task = finished_clip()
        assert httpx.get(task.output[0]).status_code == 401
        (new,) = RunwayML().tasks.retrieve(task.id).output  # type: ignore[union-attr]
        assert httpx.get(new).status_code == 200

    def test_forbidden(self, runway: FakeRunway) -> None:
        runway.next_task.succeeds(output="forbidden")
        assert httpx.get(link()).status_code == 403

    def test_truncated(self, runway: FakeRunway) -> None:
        runway.next_task.succeeds(output="truncated")
        reply = httpx.get(link())
        facts = read(Whole(reply.content))
        assert reply.status_code == 200
        assert facts is None or not facts.complete

    def test_cut(self, runway: FakeRunway) -> None:
        runway.next_task.succeeds(output="cut")
        url = link()
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(url)

    def test_empty(self, runway: FakeRunway) -> None:
        runway.next_task.succeeds(output="empty")
        reply = httpx.get(link())
        assert (reply.status_code, reply.content) == (200, b"")
        assert reply.headers["content-type"] == "video/mp4"

    def test_html(self, runway: FakeRunway) -> None:
        runway.next_task.succeeds(output="html")
        reply = httpx.get(link())
        assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html")
        assert reply.text.startswith("<!DOCTYPE html>")

    def test_wrong_type(self, runway: FakeRunway) -> None:
        runway.next_task.succeeds(output="wrong_type")
        reply = httpx.get(link())
        assert reply.headers["content-type"] == "application/octet-stream"
        assert read(Whole(reply.content)) is not None

    def test_slow(self, runway: FakeRunway) -> None:
        runway.next_task.succeeds(output="slow")
        url, before = link(), runway.clock.elapsed
        assert read(Whole(httpx.get(url).content)) is not None
        assert 30 <= runway.clock.elapsed - before <= 90

    def test_a_fault_that_there_is_not_is_told(self, runway: FakeRunway) -> None:
        with pytest.raises(UsageError, match="expected one of expired, forbidden, truncated"):
            runway.next_task.succeeds(output="burnt")  # type: ignore[arg-type]
        assert finished_clip().status == "SUCCEEDED"
