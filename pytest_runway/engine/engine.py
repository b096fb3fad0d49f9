"""``Engine.handle``: one request, one answer. The order of the checks is the product."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from pytest_runway.contract.schema import Compiler
from pytest_runway.engine import elsewhere, gate, striking
from pytest_runway.engine.behaviours import behave
from pytest_runway.engine.billing import Cashier
from pytest_runway.engine.context import Context
from pytest_runway.engine.journal import Exchange
from pytest_runway.engine.lifecycle import Lifecycle
from pytest_runway.engine.quotas import Quotas
from pytest_runway.engine.replies import with_request_id
from pytest_runway.engine.resources.families import SESSIONS
from pytest_runway.engine.telling import status_told, wait_asked_ms
from pytest_runway.wire import Break, Reply

if TYPE_CHECKING:
    from pytest_runway.contract import Contract
    from pytest_runway.engine.state import State
    from pytest_runway.wire import Request


class Engine:
    """A fake of Runway: ``handle`` is a function of state, request and virtual time.

    Nothing here reads a clock, talks to anyone or knows an HTTP client; one caller at a time.
    """

    def __init__(
        self,
        contract: Contract,
        state: State,
        *,
        closed: bool = False,
        conformance: bool = False,
    ) -> None:
        """Make an engine over ``state``; ``closed`` refuses unknown keys for every model.

        ``conformance`` is for the SDKs' own test suites: the ids in their examples exist, whatever
        happens to them.
        """
        self.contract = contract
        self.state = state
        self.quotas = Quotas(contract, state.account)
        self.lifecycle = Lifecycle(contract, state, self.quotas)
        self.cashier = Cashier(contract, state, self.quotas, self.fill_slots)
        self.closed = closed
        self.conformance = conformance
        state.store.at_once = conformance

    @cached_property
    def compiler(self) -> Compiler:
        """What checks a value against a schema of the contract, without the rules beside it."""
        return Compiler(self.contract.document.get("components", {}).get("schemas", {}))

    def advance(self, now_ms: int) -> None:
        """Let everything happen that is due by ``now_ms`` (Unix milliseconds)."""
        while (look_ms := self.cashier.next_due_ms) is not None and look_ms <= now_ms:
            self._catch_up(look_ms)
            self.cashier.look(look_ms)
        self._catch_up(now_ms)

    @property
    def next_due_ms(self) -> int | None:
        """When a task moves on next by itself (Unix milliseconds), None where none will."""
        schedule = self.state.schedule
        return schedule[0][0] if schedule else None

    def _catch_up(self, now_ms: int) -> None:
        SESSIONS.advance(self, now_ms)
        self.lifecycle.advance(now_ms)
        self.cashier.watch(now_ms)

    def fill_slots(self, at_ms: int) -> None:
        """Start what waits, as far as a tier that has just changed lets it."""
        self.lifecycle.fill_slots(at_ms)
        SESSIONS.start_waiting(self, at_ms)

    def handle(self, request: Request, now_ms: int) -> Reply | Break:
        """Answer one request as Runway would, or as a planned fault says.

        The order (facts §9.2): host, version, route, planned fault, key, JSON, schema, media,
        model, credits, daily count, creation. The first that objects answers. Uploads and
        downloads go to hosts of their own, where nothing of this holds.
        """
        self.advance(now_ms)
        if elsewhere.is_elsewhere(request.host):
            return elsewhere.answer(self.contract, self.state, request)
        context = Context(self, request, self._open(request))
        gate.report_real_key(context)
        answer = self._answer(context)
        self.cashier.watch(self.state.now_ms)
        self._close(context, answer)
        if isinstance(answer, Break):
            return self._watched(context.exchange, answer)
        return with_request_id(answer, context.exchange.number)

    def _watched(self, exchange: Exchange, broken: Break) -> Break:
        """Take note of how long a client waits for an answer that never comes."""
        if broken.kind != "hang":
            return broken
        started = self.state.started_ms / 1000
        exchange.left_at = float("inf")

        def gone(now: float) -> None:
            exchange.left_at = round(now - started, 3)

        return replace(broken, gone=gone)

    def _answer(self, context: Context) -> Reply | Break:
        refusal = gate.check_address(context)
        if refusal is not None:
            return refusal
        strike = striking.choose(context)
        if strike is None:
            answer: Reply | Break = self._honest(context)
        else:
            answer = striking.answer(context, strike, lambda: self._honest(context))
        if self.state.faults.remembers:
            striking.remember(context, answer)
        return answer

    @staticmethod
    def _honest(context: Context) -> Reply:
        return gate.check_caller(context) or behave(context)

    def _open(self, request: Request) -> Exchange:
        journal = self.state.journal
        exchange = Exchange(
            number=len(journal.exchanges) + 1,
            at=self.state.elapsed,
            method=request.method,
            path=request.path,
            operation=None,
            headers=journal.redacted(request.headers),
            flow=request.flow,
        )
        journal.exchanges.append(exchange)
        return exchange

    def _close(self, context: Context, answer: Reply | Break) -> None:
        exchange = context.exchange
        name = exchange.operation or exchange.path
        where = f"{exchange.method} {name}"
        # A create is addressed before its task is there: by the how-manieth create it is.
        if exchange.task is not None and exchange.method != "POST":
            where += f" task#{exchange.task}"
        if context.has_body:
            exchange.body = context.shown_body
        told = answer.reply if isinstance(answer, Break) and answer.kind == "drip" else answer
        if isinstance(told, Reply):
            exchange.status = told.status
            if told.status >= 400:
                exchange.retry_after_ms = wait_asked_ms(told, self.state.now_ms)
        if exchange.fault is not None:
            exchange.told = status_told(told) if isinstance(told, Reply) else None
        exchange.site = self.state.journal.site(where)  # the last: it is answered
