"""One request on its way through the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.contract import InvalidJson, parse_json
from pytest_runway.engine.assets import NOTHING_KNOWN
from pytest_runway.engine.conformance import without_stand_ins
from pytest_runway.engine.journal import shorten
from pytest_runway.engine.keys import sent_secret
from pytest_runway.engine.replies import error_reply
from pytest_runway.engine.resources.families import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_runway.contract import Operation, Variant
    from pytest_runway.engine.engine import Engine
    from pytest_runway.engine.journal import Exchange
    from pytest_runway.engine.keys import ApiKey
    from pytest_runway.engine.state import State
    from pytest_runway.engine.timeline import Timeline
    from pytest_runway.wire import Reply, Request


class Context:
    """A request, what is known of it so far, and the engine that answers it.

    ``fate`` is how the life of the task goes that it makes, None where nothing says so.
    ``operation`` and ``params`` are there once the address was found good, ``variant`` and
    ``assets`` once the body was, ``key`` once it was found to open the account; the body is parsed
    when somebody first asks for it. ``secret`` is the API key as it was sent, "" where none was.
    """

    __slots__ = (
        *("_body", "_query", "_shown", "assets", "bad_json", "engine", "exchange", "fate", "key"),
        *("operation", "params", "request", "secret", "variant"),
    )

    operation: Operation
    params: Mapping[str, str]
    variant: Variant
    key: ApiKey | None

    def __init__(self, engine: Engine, request: Request, exchange: Exchange) -> None:
        self.engine = engine
        self.request = request
        self.exchange = exchange
        self.key = None
        self.secret = sent_secret(request.headers.get("authorization", ""))
        self.fate: Timeline | None = None
        self.assets = NOTHING_KNOWN
        self.bad_json: InvalidJson | None = None
        self._body: Any = self
        self._query: dict[str, Any] | None = None
        self._shown: Any = self

    @property
    def state(self) -> State:
        """The engine's state."""
        return self.engine.state

    @property
    def body(self) -> Any:
        """The parsed JSON; ``{}`` for an empty body, None where it is not JSON."""
        if self._body is self:
            try:
                parsed = parse_json(self.request.body) if self.request.body else {}
                self._body = without_stand_ins(parsed) if self.engine.conformance else parsed
            except InvalidJson as error:
                self.bad_json = error
                self._body = None
        return self._body

    @property
    def shown_body(self) -> Any:
        """The body as it is kept and shown: long strings cut, keys redacted."""
        if self._shown is self:
            self._shown = shorten(self.body)
        return self._shown

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

    @property
    def late_failure(self) -> str | None:
        """What is said of an asset that was found to be damaged too late to refuse the body."""
        late = self.assets.late
        return self.engine.contract.failure(late.code).failure if late else None

    def query(self, name: str) -> Any:
        """Return a value of a query that was found good; its default or None where it is absent."""
        if self._query is None:
            texts = self.request.query_values()
            self._query = {
                each.name: each.read(texts[each.name])
                if each.name in texts
                else each.schema.get("default")
                for each in self.operation.query
            }
        return self._query.get(name)

    def exists(self, collection: str, id_: str) -> bool:
        """Whether a collection has something of an id."""
        return FAMILIES[collection].find(self, id_) is not None

    def error(self, name: str, **values: Any) -> Reply:
        """Return an error of the contract by name, and note it in the journal."""
        self.exchange.error = name
        return error_reply(self.engine.contract.error(name, **values))

    def not_found(self, collection: str) -> Reply:
        """Return the 404 for something that a collection does not have."""
        named = self.engine.contract.values("resources")
        return self.error("not_found", resource=named[collection]["name"])
