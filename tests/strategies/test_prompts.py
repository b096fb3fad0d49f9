"""Prompts have the length asked for, in the units that Runway counts."""

from __future__ import annotations

import unicodedata
from functools import partial

from hypothesis import find, given, settings
from hypothesis import strategies as st

from pytest_runway.strategies import prompts, utf16_units


@given(data=st.data(), low=st.integers(0, 60), room=st.integers(0, 1000))
def test_a_prompt_is_as_long_as_asked_in_utf16_units(
    data: st.DataObject, low: int, room: int
) -> None:
    text = data.draw(prompts(min_units=low, max_units=low + room))
    assert low <= utf16_units(text) <= low + room
    assert len(text.encode("utf-16-le")) // 2 == utf16_units(text)  # no half of a character


def test_units_are_not_characters() -> None:
    assert utf16_units("a") == 1
    assert utf16_units("\N{LATIN SMALL LETTER E WITH ACUTE}") == 1
    assert utf16_units("\N{FIRE}") == 2
    assert utf16_units("\ud800") == 1


def scripts_of(text: str) -> set[str]:
    return {unicodedata.name(character, "?").split()[0] for character in text}


def is_in(script: str, text: str) -> bool:
    return script in scripts_of(text)


def test_prompts_come_in_many_scripts() -> None:
    for script in (
        "CJK",
        "HIRAGANA",
        "HANGUL",
        "CYRILLIC",
        "ARABIC",
        "HEBREW",
        "DEVANAGARI",
        "THAI",
    ):
        find(
            prompts(max_units=200),
            partial(is_in, script),
            settings=settings(database=None, max_examples=3000),
        )


def test_prompts_of_exactly_the_limit_with_fewer_characters_occur() -> None:
    found = find(
        prompts(max_units=100),
        lambda text: utf16_units(text) == 100 and len(text) < 100,
        settings=settings(database=None, max_examples=2000),
    )
    assert len(found) < 100


def test_the_simplest_prompt_is_one_letter() -> None:
    assert utf16_units(find(prompts(), lambda _: True, settings=settings(database=None))) == 1
