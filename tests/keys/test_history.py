"""Keys that were committed once, whatever happened to them after."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_runway.errors import UsageError
from pytest_runway.keys.leaks import Leak
from pytest_runway.keys.scanning import scan
from tests.keys.conftest import a_key

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = [Path()]


def commit(git: Callable[..., str], message: str = "Change") -> str:
    """Commit all there is; return the commit's id."""
    git("add", "--all")
    git("commit", "--quiet", "--allow-empty", "-m", message)
    return git("rev-parse", "HEAD")


def test_a_key_that_was_taken_out_is_found_where_it_came_in(
    git: Callable[..., str], key: str
) -> None:
    commit(git, "Begin")
    Path("app.py").write_text(f"a = 1\nKEY = '{key}'\n")
    first = commit(git)
    Path("app.py").write_text(f"a = 2\n\nKEY = '{key}'\n")
    commit(git)
    Path("app.py").unlink()
    commit(git)
    assert scan(HERE).leaks == []
    assert scan(HERE, history=True).leaks == [Leak("key", "app.py", 2, first, f"{key[:8]}…")]


def test_a_key_that_a_merge_brought_is_found(git: Callable[..., str], key: str) -> None:
    Path("a.txt").write_text("a")
    commit(git)
    git("checkout", "--quiet", "-b", "side")
    Path("b.txt").write_text("b")
    commit(git)
    git("checkout", "--quiet", "main")
    Path("c.txt").write_text("c")
    commit(git)
    git("merge", "--quiet", "--no-commit", "side")
    Path("a.txt").write_text(key)
    merge = commit(git, "Merge")
    Path("a.txt").write_text("a")
    commit(git)
    assert [(leak.path, leak.commit) for leak in scan(HERE, history=True).leaks] == [
        ("a.txt", merge)
    ]


def test_a_key_on_another_branch_or_in_a_message_is_found(
    git: Callable[..., str], key: str
) -> None:
    commit(git, "Begin")
    git("checkout", "--quiet", "-b", "side")
    Path("日本語.bin").write_bytes(b"\0" + key.encode())
    side = commit(git)
    git("checkout", "--quiet", "main")
    other = a_key(2)
    said = commit(git, f"Try {other}")
    assert scan(HERE, history=True).leaks == [
        Leak("key", "(the commit's message)", None, said, f"{other[:8]}…"),
        Leak("key", "日本語.bin", None, side, f"{key[:8]}…"),
    ]


def test_a_key_that_only_a_detached_head_leads_to_is_found(
    git: Callable[..., str], key: str
) -> None:
    commit(git, "Begin")
    git("checkout", "--quiet", "--detach")
    Path("a.py").write_text(key)
    head = commit(git, f"With {a_key(2)}")
    found = scan(HERE, history=True).leaks
    assert {(leak.path, leak.commit) for leak in found if leak.commit} == {
        ("a.py", head),
        ("(the commit's message)", head),
    }


def test_what_was_never_committed_is_no_history(git: Callable[..., str], key: str) -> None:
    commit(git, "Begin")
    Path("a.py").write_text(key)
    git("add", ".")
    git("rm", "--quiet", "--cached", "-f", "a.py")
    Path("a.py").unlink()
    Path("b.py").write_text(key)
    commit(git, f"With {a_key(3)}")
    git("reset", "--quiet", "--hard", "HEAD~1")
    assert scan(HERE, history=True).leaks == []


def test_a_shallow_history_is_said_to_be_one(
    git: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        commit(git)
    git("clone", "--quiet", "--depth=1", f"file://{tmp_path}", "copy")
    monkeypatch.chdir("copy")
    assert "shallow" in " ".join(scan(HERE, history=True).notes)


def test_history_without_git_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--history reads git's, and this is no git repository"):
        scan([tmp_path], history=True)


def test_a_history_without_commits_has_no_keys(git: Callable[..., str]) -> None:
    assert scan(HERE, history=True).leaks == []


def test_a_key_in_a_file_that_was_renamed_is_found_under_both_names(
    git: Callable[..., str], key: str
) -> None:
    Path("old name.txt").write_text(f"{key}\n")
    first = commit(git)
    git("mv", "old name.txt", "new.txt")
    second = commit(git)
    Path("new.txt").unlink()
    commit(git)
    found = {(leak.path, leak.commit) for leak in scan(HERE, history=True).leaks}
    assert found == {("old name.txt", first), ("new.txt", second)}


def test_a_key_in_the_message_of_a_tag_is_found_as_long_as_the_tag_is_there(
    git: Callable[..., str], key: str
) -> None:
    commit(git)
    git("tag", "--annotate", "v1", "-m", f"the key is {key}")
    tag = git("rev-parse", "v1")
    assert scan(HERE, history=True).leaks == [
        Leak("key", "(the tag's message)", None, tag, f"{key[:8]}…")
    ]
    git("tag", "--delete", "v1")
    assert scan(HERE, history=True).leaks == []
