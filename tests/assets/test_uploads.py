"""Uploads in their two steps, as the SDK takes them and as anybody could."""

from __future__ import annotations

import tracemalloc
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from runwayml import APIStatusError, AsyncRunwayML, BadRequestError, RunwayML

from pytest_runway import FakeRunway
from pytest_runway.media import sample

if TYPE_CHECKING:
    from pathlib import Path

MIB = 1024 * 1024
PHOTO = sample("alpha.png")


def create(uri: str) -> Any:
    return RunwayML(max_retries=0).image_to_video.create(
        model="gen4_turbo", prompt_image=uri, prompt_text="a dolly-in", ratio="1280:720"
    )


def placeholder() -> dict[str, Any]:
    body = {"filename": "a.png", "type": "ephemeral"}
    told: Any = RunwayML().post("/v1/uploads", body=body, cast_to=object)
    return dict(told)


def code_of(reply: httpx.Response) -> str | None:
    assert reply.headers["content-type"] == "application/xml"
    return ET.fromstring(reply.content).findtext("Code")  # noqa: S314 - our own


def test_the_sdk_uploads_a_file_and_uses_it_many_times(tmp_path: Path) -> None:
    file = tmp_path / "portrait.png"
    file.write_bytes(PHOTO.data)
    with FakeRunway(assets="strict") as runway:
        uri = RunwayML().uploads.create_ephemeral(file=file, file_metadata="from a test").uri
        assert uri.startswith("runway://")
        for _ in range(3):
            assert create(uri).wait_for_task_output().status == "SUCCEEDED"
        assert [each.status for each in runway.engine.state.journal.transfers] == [204]
        assert {each.operation for each in runway.requests()} == {
            "uploads",
            "image_to_video",
            "tasks",
        }


@pytest.mark.asyncio
async def test_the_async_sdk_uploads_too() -> None:
    with FakeRunway(assets="strict"):
        async with AsyncRunwayML() as client:
            made = await client.uploads.create_ephemeral(file=("a.png", PHOTO.data))
            task = await client.image_to_video.create(
                model="gen4_turbo", prompt_image=made.uri, prompt_text="x", ratio="1280:720"
            )
            assert (await task.wait_for_task_output()).status == "SUCCEEDED"


def test_an_upload_can_be_used_for_a_day() -> None:
    with FakeRunway() as runway:
        uri = RunwayML().uploads.create_ephemeral(file=("a.png", PHOTO.data)).uri
        runway.clock.advance(24 * 3600 - 1)
        create(uri)
        runway.clock.advance(1)
        with pytest.raises(BadRequestError, match="Failed to fetch asset"):
            create(uri)


def test_a_placeholder_without_a_file_is_no_asset() -> None:
    with FakeRunway():
        with pytest.raises(BadRequestError, match="Failed to fetch asset"):
            create(placeholder()["runwayUri"])


@pytest.mark.parametrize(
    ("size", "code"),
    [(511, "EntityTooSmall"), (512, None), (200 * MIB + 1, "EntityTooLarge")],
)
def test_the_storage_takes_512_bytes_to_200_megabytes(size: int, code: str | None) -> None:
    with FakeRunway():
        client = RunwayML()
        if code is None:
            client.uploads.create_ephemeral(file=("a.bin", bytes(size)))
            return
        with pytest.raises(APIStatusError, match="Upload failed with status 400") as refused:
            client.uploads.create_ephemeral(file=("a.bin", bytes(size)))
        assert code_of(refused.value.response) == code


def test_no_key_and_no_version_are_asked_for_at_the_storage() -> None:
    with FakeRunway():
        told = placeholder()
        reply = httpx.post(
            told["uploadUrl"], data=told["fields"], files={"file": ("a.png", PHOTO.data)}
        )
        assert (reply.status_code, reply.content) == (204, b"")
        create(told["runwayUri"])


def test_the_storage_refuses_what_the_placeholder_does_not_allow() -> None:
    file = {"file": ("a.png", PHOTO.data)}
    with FakeRunway() as runway:
        told = placeholder()
        url, fields = told["uploadUrl"], told["fields"]
        assert code_of(httpx.get(url)) == "MethodNotAllowed"
        assert code_of(httpx.post(url, json=fields)) == "MalformedPOSTRequest"
        assert code_of(httpx.post(url, files=file)) == "AccessDenied"
        changed = {**fields, "policy": "mine"}
        assert code_of(httpx.post(url, data=changed, files=file)) == "AccessDenied"
        no_file: list[Any] = [(name, (None, value)) for name, value in fields.items()]
        assert code_of(httpx.post(url, files=no_file)) == "InvalidArgument"
        first = [("file", PHOTO.data), *no_file]
        reply = httpx.post(url, files=first)
        assert (reply.status_code, code_of(reply)) == (403, "AccessDenied")  # the file goes last
        runway.clock.advance(24 * 3600)
        reply = httpx.post(url, data=fields, files=file)
        assert (reply.status_code, code_of(reply)) == (403, "AccessDenied")


def test_an_upload_of_200_megabytes_is_held_once(tmp_path: Path) -> None:
    file = tmp_path / "large.bin"
    size = 200 * MIB
    with file.open("wb") as target:
        target.truncate(size)
    with FakeRunway():
        client = RunwayML()
        client.uploads.create_ephemeral(file=("warm.bin", bytes(512)))
        tracemalloc.start()
        try:
            with file.open("rb") as source:
                client.uploads.create_ephemeral(file=source)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak <= 1.2 * size
