"""The samples are what their manifest says, cover the contract, and are small."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pytest_runway.media import samples
from pytest_runway.media.library import manifest, sample
from pytest_runway.media.reading import read
from pytest_runway.media_fields import media_rules

FOLDER = Path(__file__).parents[2] / "sample_media"


@pytest.mark.parametrize("name", samples())
def test_a_sample_is_the_file_that_was_made(name: str) -> None:
    row, data = manifest()[name], sample(name).data
    assert len(data) == row["size"]
    assert hashlib.sha256(data).hexdigest() == row["sha256"]
    assert row["says"]
    assert row["made"]


def test_all_of_them_are_under_three_megabytes() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 3_000_000
    assert {path.name for path in FOLDER.iterdir()} == {*samples(), "manifest.json"}


ACCEPTED = [
    (kind, container.name, codec)
    for kind, containers in media_rules().containers.items()
    for container in containers.values()
    for codec in container.codecs or (container.name,)
]


@pytest.mark.parametrize(("kind", "container", "codec"), ACCEPTED)
def test_there_is_a_sample_of_everything_that_is_taken(
    kind: str, container: str, codec: str
) -> None:
    there = {
        (found.kind, found.container, found.codec)
        for name in samples(verdict="accepted")
        if (found := read(sample(name).data))
    }
    assert (kind, container, codec) in there


def test_samples_are_chosen_by_kind_and_verdict() -> None:
    assert "h264.mp4" in samples("video", verdict="accepted")
    assert "h264.mp4" not in samples("audio")
    assert set(samples(verdict="late")) >= {"cut.png", "cut.jpg", "cut.webp", "cut.mp4"}
