"""What is a key, and what only looks like one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_runway.engine.keys import FAKE_KEY, KeyRing
from pytest_runway.keys.rule import PATTERN, find_keys, gitleaks_rule, without_keys
from tests.keys.conftest import a_key

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = a_key(1)
HEX = KEY[4:]


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        f"RUNWAYML_API_SECRET={KEY}",
        f'"Authorization": "Bearer {KEY}",',
        f'{{"log": "sent\\n{KEY}\\n"}}',
        f"\\u0022{KEY}\\u0022",
        f"\\x22{KEY}",
        f"?auth=Bearer%20{KEY}&x=1",
        f"日本語{KEY}日本語",
        f"<{KEY}>",
    ],
)
def test_a_key_is_found_whatever_stands_around_it(text: str) -> None:
    assert [found[1] for found in find_keys(text)] == [KEY]


@pytest.mark.parametrize(
    "text",
    [
        KEY[:-1],
        f"{KEY}0",
        f"cache_{KEY}",  # a SHA-512 behind a word is no key
        KEY.upper(),
        "key_" + HEX.upper(),
        "key_" + "z" * 128,
        HEX,
        "key_",
        "",
    ],
)
def test_what_only_looks_like_a_key_is_none(text: str) -> None:
    assert not list(find_keys(text))


@pytest.mark.parametrize(
    "made_up",
    [
        FAKE_KEY,
        KeyRing([]).next_secret(),
        "key_" + "0" * 128,
        "key_" + "0123456789abcdef" * 8,
        "key_" + "deadbeef" * 16,
    ],
)
def test_the_keys_of_the_fake_and_made_up_ones_are_no_leaks(made_up: str) -> None:
    assert not list(find_keys(made_up))


def test_keys_side_by_side_are_all_found() -> None:
    keys = [a_key(number) for number in range(3)]
    assert [found[1] for found in find_keys(",".join(keys))] == keys


@given(st.text(alphabet=st.characters(codec="utf-8")), st.integers(0, 10_000))
def test_no_text_with_a_key_keeps_it_when_it_is_cut(before: str, number: int) -> None:
    key = a_key(number)
    cut = without_keys(f"{before}{key}{before}")
    assert key[:9] not in cut
    assert key[4:20] not in cut


def test_the_gitleaks_rule_is_toml_with_the_pattern_and_the_fakes_keys_left_out() -> None:
    tomllib = pytest.importorskip("tomllib", reason="from Python 3.11")
    rule = tomllib.loads(gitleaks_rule())
    assert rule["extend"] == {"useDefault": True}
    (ours,) = rule["rules"]
    assert ours["regex"] == PATTERN
    assert re.compile(ours["regex"], re.ASCII).search(KEY)[ours["secretGroup"]] == KEY  # type: ignore[index]
    assert ours["keywords"] == ["key_"]
    (left_out,) = ours["allowlists"]
    assert re.search(left_out["regexes"][0], FAKE_KEY)
    assert not re.search(left_out["regexes"][0], KEY)


def test_the_pattern_has_nothing_that_re2_does_not_read() -> None:
    parser: Any = pytest.importorskip("re._parser", reason="it has another name before 3.11")
    names = set(_names(parser.parse(PATTERN)))
    assert {"MAX_REPEAT", "AT_BOUNDARY", "BRANCH"} <= names  # we did walk it
    assert not names & {"ASSERT", "ASSERT_NOT", "ATOMIC_GROUP", "POSSESSIVE_REPEAT"}
    assert not [name for name in names if name.startswith("GROUPREF")]


def _names(parsed: Any) -> Iterator[str]:
    if hasattr(parsed, "name"):
        yield parsed.name
    elif not isinstance(parsed, (int, str, type(None))):
        for part in parsed:
            yield from _names(part)
