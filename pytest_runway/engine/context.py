"""One request on its way through the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.contract import InvalidJson, parse_json
from pytest_runway.engine.replies import error_reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_runway.contract import Operation
    from pytest_runway.engine.engine import Engine
    from pytest_runway.engine.journal import Exchange
    from pytest_runway.engine.state import State
    from pytest_runway.wire import Reply, Request


class Context:
    """A request, what is known of it so far, and the engine that answers it.

    ``operation`` and ``params`` are there once the address was found good; the body is parsed
    when somebody first asks for it.
    """

    __slots__ = ("_body", "bad_json", "engine", "exchange", "operation", "params", "request")

    operation: Operation
    params: Mapping[str, str]

    def __init__(self, engine: Engine, request: Request, exchange: Exchange) -> None:
        self.engine = engine
        self.request = request
        self.exchange = exchange
        self.bad_json: InvalidJson | None = None
        self._body: Any = self

    @property
    def state(self) -> State:
        """The engine's state."""
        return self.engine.state

    @property
    def body(self) -> Any:
        """The parsed JSON; ``{}`` for an empty body, None where it is not JSON."""
        if self._body is self:
            try:
                self._body = parse_json(self.request.body) if self.request.body else {}
            except InvalidJson as error:
                self.bad_json = error
                self._body = None
        return self._body

    @property
    def has_body(self) -> bool:
        """Whether the client sent a body."""
        return bool(self.request.body)

    @property
    def model(self) -> str | None:
        """The model that the body names, whether or not it exists."""
        if not self.has_body:
            return None
        model = self.body.get("model") if isinstance(self.body, dict) else None
        return model if isinstance(model, str) else None

    def error(self, name: str, **values: str) -> Reply:
        """Return an error of the contract by name, and note it in the journal."""
        self.exchange.error = name
        return error_reply(self.engine.contract.error(name, **values))
