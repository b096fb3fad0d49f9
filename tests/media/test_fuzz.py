"""Whatever the bytes, there is a verdict, and soon.

Some thousand mutants at each run; ``tox run -e fuzz`` makes 100,000, ``RUNWAY_FUZZ`` any number.
"""

from __future__ import annotations

import os
import random
import time
from base64 import b64encode

import pytest

from pytest_runway.media.judging import judge, judge_data_uri
from pytest_runway.media.library import sample, samples
from pytest_runway.media.limits import Limits
from tests.media.rules import RULES

MUTANTS = int(os.environ.get("RUNWAY_FUZZ", "3000"))
CHUNK = 500
BOUND_S = 0.2
LIMITS = Limits(aspect=(0.5, 2), seconds=(2, 30), max_fps=30, min_side_px=300)
SEEDS = [(name, sample(name)) for name in samples()]


def mutant(dice: random.Random, data: bytes) -> bytes:
    """Return a file with bytes flipped, numbers made huge, parts cut, doubled or exchanged."""
    made = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        if not made:
            break
        near = dice.choice((len(made), min(len(made), 200)))  # headers are where it hurts
        at = dice.randrange(near)
        kind = dice.randrange(6)
        if kind == 0:
            made[at] ^= 1 << dice.randrange(8)
        elif kind == 1:
            made[at : at + 4] = dice.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"))
        elif kind == 2:
            made[at:] = b""
        elif kind == 3:
            made[at:at] = made[at : at + dice.randrange(1, 400)] * dice.choice((1, 1, 50))
        elif kind == 4:
            del made[at : at + dice.randrange(1, 64)]
        else:
            other = dice.choice(SEEDS)[1].data
            made[at : at + 64] = other[at : at + 64]
    return bytes(made)


@pytest.mark.parametrize("chunk", range(-(-MUTANTS // CHUNK)))
def test_every_mutant_gets_a_verdict_in_time(chunk: int) -> None:
    dice = random.Random(chunk)
    slowest, culprit = 0.0, ""
    for _ in range(min(CHUNK, MUTANTS - chunk * CHUNK)):
        name, seed = dice.choice(SEEDS)
        data = mutant(dice, seed.data)
        start = time.thread_time()  # of this thread: other programs do not count
        if data and dice.random() < 0.3:
            uri = f"data:{seed.content_type};base64,{b64encode(data).decode()}"
            judge_data_uri(uri, kind=seed.kind, limits=LIMITS, rules=RULES)
        else:
            judge(data, kind=seed.kind, limits=LIMITS, rules=RULES)
        taken = time.thread_time() - start
        if taken > slowest:
            slowest, culprit = taken, name
    assert slowest < BOUND_S, f"{slowest:.3f} s for a mutant of {culprit}"
