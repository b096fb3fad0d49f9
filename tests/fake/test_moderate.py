"""``runway.moderate``: what is flagged, and what is refused to be."""

from __future__ import annotations

import re
from typing import Any

import pytest
from runwayml import RunwayML

from pytest_runway import FakeRunway
from pytest_runway.errors import UsageError
from pytest_runway.media import forge
from tests.fake.conftest import CLIP

PICTURE = forge.image("png", 640, 640)
PNG, DATA = PICTURE.data, PICTURE.data_uri


def flagged(asked: dict[str, Any], **said: Any) -> bool:
    with FakeRunway(time="real") as runway:
        runway.moderate(**said, must_strike=False)
        RunwayML(max_retries=0).image_to_video.create(**{**CLIP, **asked})
        return runway.engine.state.rules[0].struck == 1


@pytest.mark.parametrize(
    ("said", "asked", "struck"),
    [
        ({"prompt": "gun"}, {"prompt_text": "a Gun, smoking"}, True),
        ({"prompt": "gun"}, {"prompt_text": "a gunnel"}, False),
        ({"prompt": "c++"}, {"prompt_text": "a book about C++"}, True),
        ({"prompt": re.compile("g.n")}, {"prompt_text": "gin"}, True),
        ({"prompt": lambda text: len(text) > 5}, {"prompt_text": "123456"}, True),
        ({"prompt": lambda text: len(text) > 5}, {"prompt_text": "12345"}, False),
        ({"prompt": True}, {}, True),
        ({"image": "https://example.com/a.jpg"}, {}, True),
        ({"image": "https://example.com/b.jpg"}, {}, False),
        ({"image": PNG}, {"prompt_image": DATA}, True),
        ({"image": PNG + b"x"}, {"prompt_image": DATA}, False),
        ({"image": PNG}, {}, False),
        ({"video": True}, {}, False),
        ({"output": lambda body: body["duration"] == 5}, {}, True),
        ({"output": lambda body: body["duration"] == 6}, {}, False),
        ({"prompt": True, "public_figure": True}, {}, True),
        (
            {"prompt": True, "public_figure": True},
            {"content_moderation": {"public_figure_threshold": "low"}},
            False,
        ),
    ],
)
def test_a_word_a_pattern_a_sample_or_a_predicate_flags(
    said: dict[str, Any], asked: dict[str, Any], struck: bool
) -> None:
    assert flagged(asked, **said) is struck


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({}, "looks at nothing"),
        ({"prompt": False}, "looks at nothing"),
        ({"prompt": 5}, "expected a word, a pattern"),
        ({"prompt": "x", "code": "INTERNAL"}, "no verdict of moderation"),
        ({"prompt": "x", "code": "SAFTEY"}, "no failure code"),
        ({"prompt": "x", "times": 0}, "at least 1"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(said: dict[str, Any], message: str) -> None:
    with FakeRunway(time="real") as runway:
        with pytest.raises(UsageError, match=message):
            runway.moderate(**said)
        assert runway.engine.state.rules == []
