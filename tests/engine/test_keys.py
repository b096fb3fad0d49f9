"""Which key opens the account, and what is said of one that does not."""

from __future__ import annotations

import random
import re

import pytest

from pytest_runway.engine.keys import FAKE_KEY, ApiKey, looks_real
from tests.engine.conftest import KEY, Caller, new_caller


def real_looking(seed: int) -> str:
    return f"key_{random.Random(seed).getrandbits(512):0128x}"


def ask(call: Caller, key: str | None, *, scheme: str = "Bearer") -> int:
    said = None if key is None else f"{scheme} {key}"
    return call.reply("GET", "/v1/organization", headers={"authorization": said}).status


def add(call: Caller, name: str) -> ApiKey:
    ring = call.engine.state.account.keys
    made = ApiKey(f"id-{name}", name, ring.next_secret())
    ring.keys.append(made)
    return made


@pytest.mark.parametrize(
    ("key", "status"),
    [
        (FAKE_KEY, 200),
        (KEY, 200),
        (None, 401),
        ("", 401),
        ("sk-123", 401),
        ("key_", 401),
        (KEY[:-1], 401),
        (KEY + "0", 401),
        (KEY.upper(), 401),
        (KEY.replace("0", "g"), 401),
        (f'"{KEY}"', 401),
    ],
)
def test_a_key_has_runways_shape(call: Caller, key: str | None, status: int) -> None:
    assert ask(call, key) == status


def test_the_scheme_may_be_written_in_any_case_and_no_other_will_do(call: Caller) -> None:
    assert [ask(call, KEY, scheme=scheme) for scheme in ("bearer", "BEARER", "Basic")] == [
        200,
        200,
        401,
    ]


def test_any_key_will_do_where_the_test_says_so() -> None:
    call = new_caller(any_key=True)
    assert [ask(call, key) for key in ("My API Key", "x", None)] == [200, 200, 401]


def test_only_the_accounts_own_keys_will_do_where_the_test_says_so() -> None:
    call = new_caller(known_keys_only=True)
    assert [ask(call, key) for key in (FAKE_KEY, KEY)] == [200, 401]


def test_each_key_is_disabled_and_rotated_by_itself(call: Caller) -> None:
    staging, laptop = add(call, "staging"), add(call, "laptop")
    assert staging.secret != laptop.secret
    assert [ask(call, key.secret) for key in (staging, laptop)] == [200, 200]
    staging.disabled = True
    former = laptop.secret
    laptop.former.add(former)
    laptop.secret = call.engine.state.account.keys.next_secret()
    asked = (staging.secret, former, laptop.secret, FAKE_KEY)
    assert [ask(call, key) for key in asked] == [401, 401, 200, 200]


def test_an_unknown_key_is_told_from_a_malformed_one_and_from_a_suspension(call: Caller) -> None:
    def said(key: str) -> str:
        reply = call.reply("GET", "/v1/organization", headers={"authorization": f"Bearer {key}"})
        assert reply.status == 401
        return str(reply.json()["error"])

    staging = add(call, "staging")
    staging.disabled = True
    texts = {said("sk-1"), said(staging.secret)}
    call.engine.state.account.suspended = True
    texts.add(said(FAKE_KEY))
    assert len(texts) == 3


@pytest.mark.parametrize("seed", range(20))
def test_a_key_that_looks_real_is_reported_once_and_not_shown_whole(seed: int) -> None:
    call, key = new_caller(), real_looking(seed)
    for _ in range(3):
        assert ask(call, key) == 200
    (problem,) = call.engine.state.problems
    assert key not in problem
    assert key[:8] in problem
    assert "GET /v1/organization" in problem
    assert not any(
        re.search(re.escape(key[:20]), str(e)) for e in call.engine.state.journal.exchanges
    )


def test_a_real_key_is_reported_also_where_it_goes_to_the_wrong_host(call: Caller) -> None:
    headers = {"authorization": f"Bearer {real_looking(1)}"}
    call.reply("GET", "/v1/organization", host="api.runwayml.com", headers=headers)
    assert len(call.engine.state.problems) == 1


@pytest.mark.parametrize(
    "key",
    [
        FAKE_KEY,
        KEY,
        "key_" + "0" * 128,
        "key_" + "ab" * 64,
        "key_" + "deadbeef" * 16,
        "key_" + "0123456789abcdef0fedcba987654321" * 4,
        "key_" + "1" * 127,
        "My API Key",
    ],
)
def test_a_key_that_somebody_made_up_does_not_look_real(key: str) -> None:
    assert not looks_real(key)


def test_the_accounts_own_keys_are_never_reported(call: Caller) -> None:
    for name in "abc":
        ask(call, add(call, name).secret)
    assert call.engine.state.problems == []
    assert re.fullmatch(r"key_[0-9a-f]{128}", add(call, "d").secret)


def test_what_a_key_spends_is_known(call: Caller) -> None:
    staging = add(call, "staging")
    body = {"model": "gen4_turbo", "promptImage": "https://example.com/a.jpg", "ratio": "1280:720"}
    headers = {"authorization": f"Bearer {staging.secret}"}
    for said in (headers, {"authorization": f"Bearer {FAKE_KEY}"}):
        call.reply("POST", "/v1/image_to_video", {**body, "duration": 2}, headers=said)
    spent = [(entry.key, entry.credits) for entry in call.engine.state.ledger.entries]
    assert spent == [("staging", 10), ("default", 10)]
