"""What the checklist must know of a test and no record of requests and tasks says."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pytest_runway.contract import load
from pytest_runway.engine.files import task_of
from pytest_runway.report.intents import intent_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from pytest_runway.engine.journal import Exchange
    from pytest_runway.engine.state import State

# Which of the contract's messages about media say what the checklist asks for (facts §3.6, §8).
_MEANINGS = {
    "bad_url": "url",
    "not_https": "url",
    "not_a_domain": "url",
    "unreachable": "url",
    "bad_status": "url",
    "slow": "url",
    "too_big": "oversized",
    "bad_dimensions": "oversized",
    "aspect_too_small": "oversized",
    "aspect_too_big": "oversized",
    "too_long": "oversized",
    "bad_type": "unsupported",
}


def evidence_of(state: State) -> dict[str, Any]:
    """Return the evidence in a test's fake, as values that JSON can hold.

    ``tier`` is the account's; ``intents`` says of each create, by number, which of them ask for
    the same; ``refusals`` what was wrong with a refused body (``url``, ``oversized``,
    ``unsupported``); ``queued`` are the tasks that the tier held back, ``keys`` the names of the
    keys that tasks were created with, ``mails`` each mail's kind and whether somebody reads it,
    ``downloads`` the transfers and their tasks, ``looked_at`` what the test read, ``real_keys``
    how many keys arrived that are no fake's.
    """
    exchanges = state.journal.exchanges
    return {
        "tier": state.account.tier,
        "intents": _intents(exchanges),
        "refusals": {
            str(each.number): sorted(meanings)
            for each in exchanges
            if each.reasons and (meanings := _meanings(each.reasons))
        },
        "queued": [
            task.number
            for task in state.tasks
            if not task.scripted and any(status == "THROTTLED" for _, status in task.history)
        ],
        "keys": sorted({task.key for task in state.tasks if task.key is not None}),
        "mails": [[mail.kind, mail.received] for mail in state.outbox.mails],
        "downloads": [
            [each.number, task.number]
            for each in state.journal.transfers
            if each.status in (200, 206)
            and each.method == "GET"
            and (task := task_of(state, urlsplit(each.path).path)) is not None
        ],
        "looked_at": sorted(state.journal.looked_at),
        "real_keys": len(state.account.keys.reported),
    }


def _intents(exchanges: Iterable[Exchange]) -> dict[str, int]:
    """Return the same number for creates that ask for the same, as the verdict sees it."""
    known: dict[Hashable, int] = {}
    return {
        str(each.number): known.setdefault(intent_of(each), len(known))
        for each in exchanges
        if each.method == "POST" and each.body is not None
    }


def _meanings(reasons: Iterable[str]) -> set[str]:
    return {
        meaning
        for reason in reasons
        for start, meaning in _beginnings()
        if reason.startswith(start)
    }


@lru_cache
def _beginnings() -> tuple[tuple[str, str], ...]:
    messages = load().limits["media_messages"]
    return tuple((messages[name].partition("{")[0], meaning) for name, meaning in _MEANINGS.items())
