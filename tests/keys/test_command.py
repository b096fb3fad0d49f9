"""``pytest-runway keys``, as a person types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_runway.cli import main
from pytest_runway.engine.keys import FAKE_KEY
from pytest_runway.keys.rule import gitleaks_rule
from tests.keys.conftest import a_key

if TYPE_CHECKING:
    from collections.abc import Callable

Capture = pytest.CaptureFixture[str]


def test_a_finding_is_told_with_its_line_and_fails(
    git: Callable[..., str], key: str, capsys: Capture, tmp_path: Path
) -> None:
    Path("app.py").write_text(f"\nKEY = '{key}'\n")
    git("add", ".")
    assert main(["keys"]) == 1
    told = capsys.readouterr()
    assert told.out == f"app.py:2: a Runway key, {key[:8]}…\n"
    assert "1 finding in 1 file (0.0 MB)" in told.err
    assert "Disable each at Runway first" in told.err
    for text in told:
        assert key[:9] not in text
        assert str(tmp_path) not in text


def test_no_finding_passes_and_says_how_much_was_looked_at(
    git: Callable[..., str], capsys: Capture
) -> None:
    Path("app.py").write_text(f"KEY = '{FAKE_KEY}'\n")
    git("add", ".")
    assert main(["keys"]) == 0
    assert capsys.readouterr().err == "no Runway key in 1 file (0.0 MB)\n"


def test_json_has_everything_under_the_names_that_the_docs_tell(
    git: Callable[..., str], key: str, capsys: Capture
) -> None:
    Path(".env").write_text(f"A={key}\n")
    git("add", "-f", ".env")
    Path("link").symlink_to(".env")
    assert main(["keys", "--json"]) == 1
    nothing = {"line": None, "commit": None, "shown": ""}
    assert json.loads(capsys.readouterr().out) == {
        "format": 1,
        "leaks": [
            {**nothing, "kind": "env", "path": ".env"},
            {**nothing, "kind": "key", "path": ".env", "line": 1, "shown": f"{key[:8]}…"},
        ],
        "skipped": [{"path": "link", "why": "a link: what it leads to is looked at where it is"}],
        "notes": [],
        "files": 1,
        "objects": 0,
        "bytes": 135,
    }


def test_the_history_is_looked_at_when_asked(
    git: Callable[..., str], key: str, capsys: Capture
) -> None:
    Path("a.py").write_text(key)
    git("add", ".")
    git("commit", "--quiet", "-m", "Begin")
    commit = git("rev-parse", "HEAD")
    Path("a.py").write_text("")
    assert main(["keys", "--history"]) == 1
    told = capsys.readouterr()
    assert told.out == f"{commit[:12]} a.py:1: a Runway key, {key[:8]}…\n"
    assert "1 finding in 1 file, 2 objects of git" in told.err


def test_a_console_that_knows_few_letters_is_told_all_the_same(
    git: Callable[..., str], key: str
) -> None:
    Path("日本語.py").write_text(key)
    done = subprocess.run(
        [sys.executable, "-m", "pytest_runway", "keys"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 1
    assert done.stdout == f"\\u65e5\\u672c\\u8a9e.py:1: a Runway key, {key[:8]}\\u2026\n"


def test_many_files_that_were_not_looked_at_are_counted(
    git: Callable[..., str], capsys: Capture
) -> None:
    for number in range(25):
        Path(f"link{number:02}").symlink_to("/nowhere")
    git("add", ".")
    assert main(["keys"]) == 0
    assert "not looked at: 5 more; --json has all" in capsys.readouterr().err


def test_the_gitleaks_rule_goes_to_standard_output(capsys: Capture) -> None:
    assert main(["keys", "--gitleaks"]) == 0
    assert capsys.readouterr().out == gitleaks_rule()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nowhere"], "there is no 'nowhere' to look for keys in"),
        (["--gitleaks", "--json"], "give it alone"),
        (["--history"], "--history reads git's, and this is no git repository"),
    ],
)
def test_misuse_ends_with_status_2(
    words: list[str],
    says: str,
    capsys: Capture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["keys", *words]) == 2
    assert says in capsys.readouterr().err


def test_a_path_with_a_key_in_it_is_told_without(capsys: Capture) -> None:
    key = a_key(4)
    assert main(["keys", f"/nowhere/{key}"]) == 2
    assert key[:9] not in capsys.readouterr().err


def test_without_the_extra_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.delitem(sys.modules, "pytest_runway.keys.detector", raising=False)
    monkeypatch.setitem(sys.modules, "detect_secrets.plugins.base", None)
    assert main(["keys"]) == 2
    assert capsys.readouterr().err == (
        'pytest-runway: looking for keys needs detect-secrets: pip install "pytest-runway[keys]"\n'
    )
    assert main(["keys", "--gitleaks"]) == 0  # which needs nothing


def test_the_media_commands_are_there_too(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "a.png"
    assert main(["media", "make", "image.too_wide", "--out", str(out)]) == 0
    assert main(["media", "check", str(out), "--model", "gen4_turbo"]) == 1
    assert "refused, 400" in capsys.readouterr().out
    assert main(["media", "check", "nowhere.png", "--model", "gen4_turbo"]) == 2
    assert "nowhere.png cannot be read: No such file" in capsys.readouterr().err


def test_detect_secrets_takes_the_rule_as_its_own_plugin(git: Callable[..., str], key: str) -> None:
    from detect_secrets.core.secrets_collection import SecretsCollection
    from detect_secrets.settings import transient_settings

    from pytest_runway.keys import detector

    Path("a.py").write_text(f"KEY = '{key}'\nFAKE = '{FAKE_KEY}'\n")
    plugin = {"name": "RunwayKeyDetector", "path": f"file://{detector.__file__}"}
    with transient_settings({"plugins_used": [plugin]}):
        secrets = SecretsCollection()
        secrets.scan_file("a.py")
    assert [(name, each.line_number, each.type) for name, each in secrets] == [
        ("a.py", 1, "Runway API Key")
    ]
