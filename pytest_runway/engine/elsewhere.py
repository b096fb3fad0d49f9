"""The hosts beside the API: storage and downloads, which know neither key nor version."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_runway.engine import downloads, storage, striking
from pytest_runway.engine.journal import Exchange
from pytest_runway.engine.resources.uploads import STORAGE_HOST
from pytest_runway.wire import Break, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.contract import Contract
    from pytest_runway.engine.state import State
    from pytest_runway.wire import Request

    Answerer = Callable[[Contract, State, Request], Reply | Break]


def is_elsewhere(host: str) -> bool:
    """Whether a host is one of those that stand beside the API."""
    return host in _answerers()


def answer(contract: Contract, state: State, request: Request) -> Reply | Break:
    """Answer an upload or a download, and note it in the journal beside the requests."""
    journal = state.journal
    exchange = Exchange(
        number=len(journal.transfers) + 1,
        at=state.elapsed,
        method=request.method,
        path=f"https://{request.host}{request.path}",
        operation=None,
        headers=journal.redacted(request.headers),
    )
    journal.transfers.append(exchange)
    place, answerer = _answerers()[request.host]
    given: Reply | Break
    if state.faults.faults:
        given = striking.answer_beside_the_api(
            contract,
            state,
            request,
            exchange,
            place,
            lambda: answerer(contract, state, request),
        )
    else:
        given = answerer(contract, state, request)
    exchange.site = journal.site(f"{request.method} {request.host}")
    if isinstance(given, Reply):
        exchange.status = given.status
    return given


@lru_cache
def _answerers() -> dict[str, tuple[str, Answerer]]:
    """Return the place and the answerer of each host; faults know the place by its name."""
    files: tuple[str, Answerer] = ("downloads", downloads.serve)
    return {STORAGE_HOST: ("storage", storage.receive), **dict.fromkeys(downloads.hosts(), files)}
