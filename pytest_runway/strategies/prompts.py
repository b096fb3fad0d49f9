"""Strategies for prompts, in the scripts that people write, around the limits that they meet."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from faker import Faker

LOCALES = (
    "en_US",
    "de_DE",
    "fr_FR",
    "ja_JP",
    "zh_CN",
    "ko_KR",
    "ru_RU",
    "ar_AA",
    "he_IL",
    "hi_IN",
    "th_TH",
    "el_GR",
    "ka_GE",
    "hy_AM",
    "ta_IN",
)
_LETTERS = {
    "en_US": "abcdefghijklmnopqrstuvwxyz",
    "de_DE": "abcdefghijklmnopqrstuvwxyzäöüß",
    "fr_FR": "abcdefghijklmnopqrstuvwxyzàâçéèêëîïôû",
    "ja_JP": "あいうえおかきくけこさしすせそアイウエオ日本語春夏秋冬",
    "zh_CN": "天地玄黄宇宙洪荒日月盈昃辰宿列张",
    "ko_KR": "가나다라마바사아자차카타파하",
    "ru_RU": "абвгдежзийклмнопрстуфхцчшщыэюя",
    "ar_AA": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "he_IL": "אבגדהוזחטיכלמנסעפצקרשת",
    "hi_IN": "अआइईउऊएऐओऔकखगघचछजझटठडढ",
    "th_TH": "กขคฆงจฉชซญฎฏฐฑฒณดตถทธน",
    "el_GR": "αβγδεζηθικλμνξοπρστυφχψω",
    "ka_GE": "აბგდევზთიკლმნოპჟრსტუფქღ",
    "hy_AM": "աբգդեզէըթժիլխծկհձղճմյնշ",
    "ta_IN": "அஆஇஈஉஊஎஏஐஒஓகஙசஞடணத",
}
_ONLY_NAMES = frozenset({"ko_KR", "hi_IN", "ka_GE", "ta_IN"})  # Faker's texts there are Latin
_TEXTS = 24
_ASTRAL = "\N{CLAPPER BOARD}\N{FIRE}\N{VARIATION SELECTOR-16}\N{MATHEMATICAL BOLD SMALL A}"


def utf16_units(text: str) -> int:
    """Return the length of a text as Runway counts it: characters beyond U+FFFF count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@st.composite
def prompts(draw: st.DrawFn, *, min_units: int = 1, max_units: int = 1000) -> str:
    """Prompts of ``min_units`` to ``max_units`` UTF-16 code units, both ends often.

    Words of fifteen languages from Faker, and now and then emoji, which count twice: a text may
    have fewer characters than the limit says and still be too long. Without Faker, words are
    letters of the same scripts.
    """
    room = max(0, max_units - min_units)
    offset = draw(st.integers(0, room))
    length = draw(
        st.sampled_from(
            (
                min_units + min(offset, 80),
                min_units + offset,
                max(min_units, max_units - min(offset, 3)),
                max(min_units, max_units),
            )
        )
    )
    words = _words(draw(st.sampled_from(LOCALES)), draw(st.integers(0, _TEXTS - 1)))
    if draw(st.integers(0, 3)) == 3:
        words = f"{_ASTRAL} {words}"
    return _cut(words, length)


def _cut(words: str, units: int) -> str:
    """Return words, over and over, of exactly so many units; no character is split in two."""
    text = (f"{words} " * (units // max(1, len(words)) + 1))[:units]
    while utf16_units(text) > units:
        text = text[: len(text) - max(1, (utf16_units(text) - units) // 2)]
    text += "." * (units - utf16_units(text))
    return text if not text or text[-1] != " " else f"{text[:-1]}."


@lru_cache(maxsize=len(LOCALES) * _TEXTS)
def _words(locale: str, number: int) -> str:
    try:
        fake = _faker(locale)
    except ImportError:
        return _made_up(_LETTERS[locale], number)
    fake.seed_instance(number)
    if locale in _ONLY_NAMES:
        return " ".join(str(fake.name()) for _ in range(12))
    return str(fake.text(max_nb_chars=160)).replace("\n", " ").strip()


def _made_up(letters: str, number: int) -> str:
    """Return words of so many letters of a script, other ones for each number."""
    dice = Random(number)  # noqa: S311 - repeatable on purpose
    words = ("".join(dice.choices(letters, k=dice.randint(2, 8))) for _ in range(24))
    return " ".join(words)


@lru_cache(maxsize=len(LOCALES))
def _faker(locale: str) -> Faker:
    from faker import Faker

    return Faker(locale)
