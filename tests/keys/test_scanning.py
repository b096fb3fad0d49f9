"""Which files are looked at, and what is said of those that are not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_runway.engine.keys import FAKE_KEY
from pytest_runway.errors import UsageError
from pytest_runway.keys.leaks import Leak, Skipped
from pytest_runway.keys.scanning import scan
from tests.keys.conftest import a_key

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = [Path()]


def test_a_key_in_a_tracked_file_is_found_with_its_line(git: Callable[..., str], key: str) -> None:
    Path("src").mkdir()
    Path("src/app.py").write_text(f"import os\nKEY = '{key}'\n")
    git("add", ".")
    assert scan(HERE).leaks == [Leak("key", "src/app.py", 2, shown=f"{key[:8]}…")]


def test_the_fakes_key_is_no_leak(git: Callable[..., str]) -> None:
    Path("conftest.py").write_text(f"KEY = '{FAKE_KEY}'\n")
    git("add", ".")
    assert scan(HERE).leaks == []


def test_new_files_are_looked_at_and_ignored_ones_only_where_others_read_them(
    git: Callable[..., str], key: str
) -> None:
    Path(".gitignore").write_text("*.log\ncassettes/\n__snapshots__/\nbuild/\nnode_modules/\n")
    there = ["run.log", "tests/cassettes/a.yaml", "t/__snapshots__/b.ambr", "new.py"]
    for name in [*there, "build/out.txt", "node_modules/a/run.log"]:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(key)
    git("add", ".gitignore")
    assert sorted(leak.path for leak in scan(HERE).leaks) == sorted(there)


def test_a_folder_that_git_ignores_is_read_whole_when_it_is_named(
    git: Callable[..., str], key: str
) -> None:
    Path(".gitignore").write_text("build/\n")
    Path("build").mkdir()
    Path("build/out.txt").write_text(key)
    assert [leak.path for leak in scan([Path("build")]).leaks] == ["build/out.txt"]


@pytest.mark.parametrize("name", [".env", "deploy/.env", ".env.production", ".ENV.local"])
def test_an_env_file_that_git_tracks_is_a_finding_whatever_is_in_it(
    git: Callable[..., str], name: str
) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text("A=1\n")
    git("add", "-f", name)
    assert scan(HERE).leaks == [Leak("env", name)]


@pytest.mark.parametrize("name", [".env.example", ".env.sample", ".env.vault", "env", "a.env.py"])
def test_templates_of_env_files_are_no_finding(git: Callable[..., str], name: str) -> None:
    Path(name).write_text("A=\n")
    git("add", "-f", name)
    assert scan(HERE).leaks == []


def test_an_env_file_that_git_ignores_is_as_it_should_be(git: Callable[..., str], key: str) -> None:
    Path(".gitignore").write_text(".env\n")
    Path(".env").write_text(f"RUNWAYML_API_SECRET={key}\n")
    assert scan(HERE).leaks == []


def test_without_git_every_file_is_read_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.py", "node_modules/b.js", "venv/c.py"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(key)
    Path("venv/pyvenv.cfg").touch()
    found = scan(HERE)
    assert [leak.path for leak in found.leaks] == ["a.py"]
    assert "this is no git repository: every file was read" in found.notes[0]
    assert {each.path for each in found.skipped} == {"node_modules", "venv"}


def test_without_the_program_git_every_file_is_read(
    git: Callable[..., str], monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    Path("a.py").write_text(key)
    monkeypatch.setenv("PATH", "/nowhere")
    found = scan(HERE)
    assert [leak.path for leak in found.leaks] == ["a.py"]
    assert found.notes[0].startswith("git is not installed")
    with pytest.raises(UsageError, match="git is not installed"):
        scan(HERE, history=True)


def test_links_are_not_followed_in_circles_nor_read_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("folder/loop").symlink_to("..")
    Path("self").symlink_to("self")
    Path("a.py").write_text(key)
    Path("b.py").symlink_to("a.py")
    found = scan(HERE)
    assert [leak.path for leak in found.leaks] == ["a.py"]
    assert {each.path for each in found.skipped} == {"b.py", "self"}


def test_a_link_that_is_named_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text(key)
    Path("b.py").symlink_to("a.py")
    assert [leak.path for leak in scan([Path("b.py")]).leaks] == ["b.py"]


def test_what_cannot_be_read_is_said(git: Callable[..., str], key: str) -> None:
    Path("gone.py").write_text(key)
    Path("sub").mkdir()
    git("add", ".")
    Path("gone.py").unlink()
    os.mkfifo("pipe")
    assert scan([Path(), Path("pipe")]).skipped == [
        Skipped("gone.py", "it is gone from the working tree"),
        Skipped("pipe", "not a regular file"),
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_said(git: Callable[..., str]) -> None:
    Path("secret.txt").write_text("x")
    git("add", ".")
    Path("secret.txt").chmod(0)
    assert scan(HERE).skipped == [Skipped("secret.txt", "Permission denied")]


def test_of_a_huge_file_the_beginning_is_read_and_that_is_said(
    git: Callable[..., str], key: str
) -> None:
    Path("huge.txt").write_text(f"{key}\n{'.' * 5000}\n{a_key(2)}\n")
    git("add", ".")
    found = scan(HERE, most_bytes=1000)
    assert [leak.line for leak in found.leaks] == [1]
    assert found.skipped == [Skipped("huge.txt", "only its first 1,000 bytes were read")]
    assert found.bytes == 1000


def test_what_is_packed_is_said(git: Callable[..., str]) -> None:
    Path("a.zip").write_bytes(b"PK\x03\x04rest")
    Path("b.gz").write_bytes(b"\x1f\x8b\x08rest")
    git("add", ".")
    assert [(each.path, each.why) for each in scan(HERE).skipped] == [
        ("a.zip", "zip: not unpacked"),
        ("b.gz", "gzip: not unpacked"),
    ]


def test_names_may_be_anything(git: Callable[..., str], key: str) -> None:
    names = ["日本語.py", "a b\n.py", "emoji-🎬.txt", "'q\".py"]
    for name in names:
        Path(name).write_text(key)
    with Path(os.fsdecode(b"latin-\xe9.py")).open("w") as file:
        file.write(key)
    git("add", ".")
    shown = {leak.path for leak in scan(HERE).leaks}
    assert shown == {"日本語.py", "a b\\n.py", "emoji-🎬.txt", "'q\".py", "latin-\\udce9.py"}


def test_a_key_in_a_files_name_is_found_and_not_told(git: Callable[..., str], key: str) -> None:
    Path(f"dump-{key}.json").touch()
    git("add", ".")
    assert scan(HERE).leaks == [Leak("key", f"dump-{key[:8]}….json", shown=f"{key[:8]}…")]


def test_a_file_below_two_paths_is_looked_at_once(git: Callable[..., str], key: str) -> None:
    Path("a.py").write_text(key)
    git("add", ".")
    found = scan([Path(), Path("a.py"), Path()])
    assert (found.files, len(found.leaks)) == (1, 1)


def test_a_folder_elsewhere_is_told_without_where_it_is(
    git: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    Path("project").mkdir()
    Path("project/a.py").write_text(key)
    Path("other").mkdir()
    monkeypatch.chdir("other")
    assert [leak.path for leak in scan([tmp_path / "project"]).leaks] == ["project/a.py"]


def test_a_path_that_there_is_not_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no 'nowhere' to look for keys in"):
        scan([Path("nowhere")])
