"""Without Hypothesis a clear sentence; without Faker letters of the same scripts."""

from __future__ import annotations

import subprocess
import sys
import unicodedata


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_without_hypothesis_the_strategies_say_what_to_install() -> None:
    ran = run("import sys; sys.modules['hypothesis'] = None; import pytest_runway.strategies")
    last = ran.stderr.strip().splitlines()[-1]
    assert last == (
        "ImportError: pytest_runway.strategies needs Hypothesis, which is not installed; "
        'pip install "pytest-runway[strategies]"'
    )


def test_without_faker_prompts_are_letters_of_the_same_scripts() -> None:
    ran = run(
        "import sys; sys.modules['faker'] = None\n"
        "from pytest_runway.strategies.prompts import LOCALES, _words\n"
        "print(' '.join(_words(locale, 1) for locale in LOCALES))"
    )
    assert ran.returncode == 0, ran.stderr
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in ran.stdout}
    assert scripts >= {
        *("LATIN", "HIRAGANA", "CJK", "HANGUL", "CYRILLIC", "ARABIC", "HEBREW", "DEVANAGARI"),
        *("THAI", "GREEK", "GEORGIAN", "ARMENIAN", "TAMIL"),
    }


def test_without_faker_an_account_has_a_contact_all_the_same() -> None:
    ran = run(
        "import sys; sys.modules['faker'] = None\n"
        "from pytest_runway.fake.persona import persona\n"
        "assert persona('a') == persona('a') != persona('b')\n"
        "print(persona('a').email)"
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip().endswith("@billing.example")
