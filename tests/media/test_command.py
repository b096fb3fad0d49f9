"""``pytest-runway media``, as a person types it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_runway.cli import main
from pytest_runway.media import sample
from pytest_runway.media.forge import image, video
from pytest_runway.media_fields import limits_of, media_fields


def run(*words: str) -> int:
    return main(["media", *words])


def test_a_flaw_is_written_and_its_refusal_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "wide.png"
    words = ("--operation", "image_to_video", "--model", "gen4_turbo", "--out", str(out))
    assert run("make", "image.too_wide", "excess=50", *words) == 0
    told = capsys.readouterr().out
    assert out.read_bytes().startswith(b"\x89PNG")
    assert "width / height ratio must be at most 2.358" in told
    assert "again: flawed('image.too_wide', limits=Limits(aspect=(0.5, 2.358)), excess=50)" in told


def test_a_flaw_without_a_field_breaks_the_limit_of_any(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("make", "video.too_fast", "--out", str(tmp_path / "fast.mp4")) == 0
    assert "at most 30 frames per second" in capsys.readouterr().out


def test_a_knob_may_be_a_word(tmp_path: Path) -> None:
    out = tmp_path / "a.bmp"
    assert run("make", "image.unsupported_format", "sample=rgb.bmp", "--out", str(out)) == 0
    assert out.read_bytes() == sample("rgb.bmp").data


def test_a_file_is_checked_against_every_field_of_a_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(image("png", 300, 1000).data)
    assert run("check", str(file), "--model", "gen4_turbo") == 1
    told = capsys.readouterr().out
    assert 'image_to_video promptImage: refused, 400: "Invalid asset aspect ratio.' in told
    assert "width=300, height=1000" in told


def test_a_good_file_is_accepted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.mp4"
    file.write_bytes(video("mp4", 640, 640, 5000).data)
    assert run("check", str(file), "--model", "aleph2", "--type", "video/mp4") == 0
    assert "video_to_video videoUri: accepted" in capsys.readouterr().out


def test_a_file_that_fails_later_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(sample("cut.jpg").data)
    assert run("check", str(file), "--model", "gen4_turbo") == 1
    assert "accepted, then FAILED with ASSET.INVALID" in capsys.readouterr().out


def test_the_flaws_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("flaws") == 0
    told = capsys.readouterr().out
    assert "image.too_many_bytes" in told
    assert "larger than its transport allows" in told


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("make", "image.ugly"), "no flaw is called 'image.ugly'; there are image."),
        (("make", "image.cut", "percent"), "not a knob: 'percent'; expected KNOB=VALUE"),
        (("make", "image.cut", "colour=red"), "image.cut has no ['colour']; it has"),
        (("make", "image.cut", "percent=100"), "expected a whole number from 90 to 99"),
        (
            ("make", "image.cut", "--operation", "sound_effect", "--model", "gen4"),
            "no field of sound_effect of gen4 can have image.cut; it takes no media",
        ),
        (
            ("make", "video.too_long", "--model", "gen4_turbo"),
            "no field of gen4_turbo can have video.too_long; it takes image",
        ),
    ],
)
def test_what_cannot_be_made_is_said(
    words: tuple[str, ...], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words, "--out", str(tmp_path / "x")) == 2
    assert message in capsys.readouterr().err


def test_a_file_that_cannot_be_written_or_read_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("make", "image.cut", "--out", str(tmp_path / "no" / "x.png")) == 2
    assert "x.png cannot be written: No such file or directory" in capsys.readouterr().err
    assert run("check", str(tmp_path), "--model", "gen4_turbo") == 2
    assert f"{tmp_path} cannot be read: " in capsys.readouterr().err


def test_a_model_without_media_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(b"")
    assert run("check", str(file), "--model", "zzz") == 2
    assert "no field of a model called 'zzz' takes media; there are " in capsys.readouterr().err
    assert run("check", str(file), "--model", "gen4_turb") == 2
    assert "takes media; did you mean 'gen4_turbo'" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no endless file")
def test_a_file_without_an_end_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "/dev/zero", "--model", "gen4_turbo") == 1
    assert "Asset size exceeds 16.0MB" in capsys.readouterr().out


def test_the_fields_of_the_contract_are_found() -> None:
    found = {(f.path, f.kind) for f in media_fields(operation="text_to_video", model="hailuo3")}
    assert found == {
        ("references[].uri", "image"),
        ("referenceVideos[].uri", "video"),
        ("referenceAudio[].uri", "audio"),
    }
    assert limits_of("image_to_video", model="gen4_turbo").aspect == (0.5, 2.358)
    assert limits_of("character_performance", model="act_two", field="reference.uri").seconds == (
        3,
        30,
    )
