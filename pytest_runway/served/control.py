"""The control interface: what a test in Python says by method calls, said in JSON over HTTP.

A request's body names the method and its arguments, as in
``{"operation": "image_to_video", "reply": {"status": 429, "times": 2}}``. What Python would raise
as ``UsageError`` is a 400 with the same sentence.
"""

from __future__ import annotations

import inspect
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pytest_runway.clock import VirtualClock
from pytest_runway.errors import UsageError
from pytest_runway.fake import Settings, TaskScript
from pytest_runway.served import showing

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.served.server import RunwayServer

    Query = dict[str, list[str]]

_ACTIONS = ("reply", "replies", "loses_reply", "breaks", "garbles")
_PLACE = ("operation", "method", "model", "nth")
_STEPS = (
    "throttled",
    "pending",
    "running",
    "succeeds",
    "fails",
    "cancelled",
    "sticks",
    "by_hand",
)
_CHANGES = (
    "suspend",
    "appeal",
    "tolerates",
    "withholds",
    "unlimited",
    "ranks",
    "buy",
    "autobilling",
    "card_declines",
    "warns_below",
)
_MOVES = ("throttle", "pend", "run", "succeed", "fail", "cancel")


class Refused(Exception):
    """A control request that is answered with an error status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        """Refuse with a status."""
        super().__init__(sentence)
        self.status = status


def control(fake: RunwayServer, method: str, path: str, query: Query, body: Any) -> Any:
    """Carry out one control request; return what it answers, as JSON. The lock is held.

    Raises:
        Refused: 400 for arguments that are none, 404 for a path, 405 for a method, 409 for what
            is not possible now.
    """
    name, _, rest = path.partition("/")
    if name == "tasks" and rest:
        return _move(fake, method, rest, body)
    verbs = _ROUTES.get(name) if not rest else None
    if verbs is None:
        raise Refused(404, f"no such path: /__runway/{path}; there are {_paths()}")
    handler = verbs.get(method)
    if handler is None:
        raise Refused(405, f"/__runway/{name} takes {' and '.join(verbs)}")
    if not isinstance(body, dict):
        raise Refused(400, f"the body is a JSON object, got {type(body).__name__}")
    try:
        return handler(fake, query, body)
    except UsageError as error:
        raise Refused(400, str(error)) from error


def _index(_fake: RunwayServer, _query: Query, _body: Any) -> Any:
    return {f"/__runway/{name}": list(verbs) for name, verbs in _ROUTES.items()}


def _faults(fake: RunwayServer, _query: Query, _body: Any) -> Any:
    return {"faults": showing.faults(fake)}


def _arm(fake: RunwayServer, _query: Query, body: dict[str, Any]) -> Any:
    if "plan" in body:
        if set(body) != {"plan"}:
            raise UsageError("a plan says where its faults strike; give nothing beside it")
        _call("a plan", fake.arm, [body["plan"]])
        return _faults(fake, {}, {})
    action = _only_one(body, _ACTIONS, besides=_PLACE)
    place = {key: body[key] for key in _PLACE if key in body}
    for key, value in place.items():
        if key != "nth" and not isinstance(value, str):
            raise UsageError(f"{key}={value!r} is not valid; expected a string")
    chosen = _call("a fault", fake.on, place)
    _call(action, getattr(chosen, action), body[action])
    return _faults(fake, {}, {})


def _disarm(fake: RunwayServer, _query: Query, _body: Any) -> Any:
    fake.engine.state.faults.clear()
    return _faults(fake, {}, {})


def _timelines(fake: RunwayServer, _query: Query, _body: Any) -> Any:
    return {"waiting": [repr(script) for script in fake.engine.state.scripts]}


def _script(fake: RunwayServer, _query: Query, body: dict[str, Any]) -> Any:
    steps = body.get("steps")
    if not isinstance(steps, list) or set(body) != {"steps"}:
        raise UsageError('a timeline is {"steps": [{"pending": "5s"}, {"fails": "INTERNAL"}]}')
    script = TaskScript(fake.engine.contract)
    for step in steps:
        if not isinstance(step, dict):
            raise UsageError(f'a step is an object such as {{"pending": "5s"}}, got {step!r}')
        name = _only_one(step, _STEPS)
        _call(name, getattr(script, name), step[name])
    fake.script(script)
    return _timelines(fake, {}, {})


def _tasks(fake: RunwayServer, _query: Query, _body: Any) -> Any:
    return {"tasks": showing.tasks(fake)}


def _move(fake: RunwayServer, method: str, number: str, body: Any) -> Any:
    if method != "POST":
        raise Refused(405, "/__runway/tasks/NUMBER takes POST")
    if not number.isdecimal() or not 1 <= int(number) <= len(fake.tasks):
        raise Refused(404, f"no task {number}: {len(fake.tasks)} were created, counted from 1")
    if not isinstance(body, dict):
        raise Refused(400, f"the body is a JSON object, got {type(body).__name__}")
    try:
        name = _only_one(body, _MOVES)
        _call(name, getattr(fake.tasks[int(number) - 1], name), body[name])
    except UsageError as error:
        raise Refused(400, str(error)) from error
    return showing.tasks(fake)[int(number) - 1]


def _clock(fake: RunwayServer, _query: Query, _body: Any) -> Any:
    return showing.clock(fake)


def _advance(fake: RunwayServer, _query: Query, body: dict[str, Any]) -> Any:
    if set(body) != {"advance"}:
        raise UsageError('the clock takes {"advance": "10m"}')
    if isinstance(fake.clock, VirtualClock):
        raise Refused(
            409,
            "this time is a Python test's own, and moves when the test waits: call "
            "runway_server.clock.advance() there, or serve with --time virtual",
        )
    fake.clock.advance(body["advance"])
    return showing.clock(fake)


def _account(fake: RunwayServer, _query: Query, _body: Any) -> Any:
    return showing.account(fake)


def _change_account(fake: RunwayServer, _query: Query, body: dict[str, Any]) -> Any:
    if not body or not body.keys() <= {*_CHANGES, "tier"}:
        said = f"got {', '.join(body) or 'nothing'}"
        raise UsageError(f"the account takes tier, {', '.join(_CHANGES)}; {said}")
    for name, value in body.items():
        if name == "tier":
            fake.account.tier = value
        else:
            _call(name, getattr(fake.account, name), value)
    return showing.account(fake)


def _outbox(fake: RunwayServer, _query: Query, _body: Any) -> Any:
    return {"mails": [asdict(mail) for mail in fake.outbox]}


def _moderate(fake: RunwayServer, _query: Query, body: dict[str, Any]) -> Any:
    _call("moderation", fake.moderate, body)
    return {"rules": len(fake.engine.state.rules)}


def _journal(fake: RunwayServer, query: Query, _body: Any) -> Any:
    since = query.get("since", ["0"])[0]
    if not since.isdecimal():
        raise UsageError(f"since={since!r} is not valid; expected the number of a request")
    return showing.journal(fake, int(since))


def _report(fake: RunwayServer, _query: Query, _body: Any) -> Any:
    return showing.report(fake)


def _reset(fake: RunwayServer, _query: Query, body: dict[str, Any]) -> Any:
    ended = showing.report(fake)
    if body:
        fake.settings = Settings.of({**asdict(fake.settings), **body})
    fake.reset()
    return ended


_ROUTES: dict[str, dict[str, Callable[[RunwayServer, Query, dict[str, Any]], Any]]] = {
    "": {"GET": _index},
    "faults": {"GET": _faults, "POST": _arm, "DELETE": _disarm},
    "timelines": {"GET": _timelines, "POST": _script},
    "tasks": {"GET": _tasks},
    "clock": {"GET": _clock, "POST": _advance},
    "account": {"GET": _account, "POST": _change_account},
    "moderation": {"POST": _moderate},
    "outbox": {"GET": _outbox},
    "journal": {"GET": _journal},
    "report": {"GET": _report},
    "reset": {"POST": _reset},
}


def _paths() -> str:
    return ", ".join(name for name in _ROUTES if name)


def _only_one(body: dict[str, Any], names: tuple[str, ...], besides: tuple[str, ...] = ()) -> str:
    given = [name for name in names if name in body]
    strange = [name for name in body if name not in names and name not in besides]
    if len(given) != 1 or strange:
        said = f"got {', '.join(body) or 'nothing'}"
        raise UsageError(f"expected exactly one of {', '.join(names)}; {said}")
    return given[0]


def _call(name: str, method: Callable[..., Any], arguments: Any) -> Any:
    """Call a method with the items of a JSON object or list, with one value, or with none.

    ``true`` and ``null`` stand for none.
    """
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = {}
    if isinstance(arguments, dict):
        kwargs = arguments
    elif isinstance(arguments, list):
        args = tuple(arguments)
    elif arguments not in (None, True):
        args = (arguments,)
    try:
        inspect.signature(method).bind(*args, **kwargs)
    except TypeError as error:
        takes = ", ".join(inspect.signature(method).parameters)
        raise UsageError(f"{name}: {error}; it takes {takes or 'nothing'}") from error
    try:
        return method(*args, **kwargs)
    except (TypeError, AttributeError) as error:  # an argument of another type than the method's
        raise UsageError(f"{name}: {error}") from error
