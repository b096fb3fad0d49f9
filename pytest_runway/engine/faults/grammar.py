"""From text to faults: ``429: 5%, 503 on create for 2m, lost reply on image_to_video#1``.

plan    = fault { ("," | ";" | newline) fault }
fault   = action { "then" action } { clause } [ ":" amount ]
action  = STATUS [ "after commit" ] [ wait ] | ERROR [ "after commit" ] [ wait ]
        | "break" KIND [ "after commit" ] | "lost reply" [ "by" LOSS ] | GARBLING
        | "fails" [ CODE | "null" | "codeless" ] | "cancelled" | "sticks" STATE
        | "throttled" DURATION | "output" WRONG
wait    = "retry-after" ( DURATION | "date" DURATION | "TEXT" ) | "retry-after-ms" DURATION
clause  = "on" [ METHOD ] PLACE [ "of" MODEL ] [ "#" N ]
        | "from" DURATION | "for" DURATION | "exactly"
amount  = N | P "%" [ "up to" N ] | "always"
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from pytest_runway.contract import load
from pytest_runway.durations import milliseconds
from pytest_runway.engine.faults.actions import LOSSES, Answer, Broken, Garbled, Lost, Untouched
from pytest_runway.engine.faults.armed import spots_of
from pytest_runway.engine.faults.dooms import DOOMS, Doomed
from pytest_runway.engine.faults.garbling import GARBLE_KINDS
from pytest_runway.engine.faults.places import check_model, spots
from pytest_runway.engine.faults.plan import Fault, ppm
from pytest_runway.engine.faults.reading import Reader, Token
from pytest_runway.engine.faults.retry_after import RetryAfter
from pytest_runway.engine.timeline import LIVE_STATUSES, OUTPUT_FAULTS
from pytest_runway.errors import UsageError
from pytest_runway.suggesting import guess, nearest
from pytest_runway.wire import BREAK_KINDS

if TYPE_CHECKING:
    from pytest_runway.engine.faults.actions import Action

_METHODS = ("GET", "POST", "PATCH", "DELETE", "PUT", "HEAD")
_CLAUSES = ("on", "from", "for", "exactly")
_AFTER_A_STEP = ("", "then", ":", ",", ";", "\n", "\r", *_CLAUSES)
_DETAILS = {
    "sticks": f"a live status: {', '.join(LIVE_STATUSES)}",
    "throttled": "a duration such as 30s or 2m",
    "output": f"what is wrong with an output: {', '.join(OUTPUT_FAULTS)}",
}


@lru_cache(maxsize=64)
def parse(text: str) -> tuple[Fault, ...]:
    """Return the faults that a text says; see the module for the grammar.

    Raises:
        UsageError: which names the place in the text, what was expected and what was found.
    """
    reader = Reader(text)
    faults = []
    while reader.skip_separators():
        faults.append(_fault(reader))
    return tuple(faults)


def parse_step(text: str) -> Action:
    """Return the one action that a text says.

    Raises:
        UsageError: as ``parse`` does.
    """
    reader = Reader(text)
    action = _action(reader)
    if reader.peek():
        raise reader.error(reader.here, "the end of a step")
    return action


def _fault(reader: Reader) -> Fault:
    begun = reader.here
    steps = [_action(reader)]
    while reader.take("then"):
        steps.append(_action(reader))
    said: dict[str, Any] = {}
    while reader.peek() in _CLAUSES:
        clause = reader.next("a clause")
        found = _clause(reader, clause.text)
        if said.keys() & found.keys():
            raise reader.error(clause, "each clause once", f"another {clause.text!r}")
        said |= found
    if reader.take(":"):
        said |= _amount(reader)
    elif "lasts_ms" in said:
        said["times"] = None
    reader.expect_end(", ".join(map(repr, (*_CLAUSES, "then", ":", ","))))
    return _made(reader, begun, steps, said)


def _made(reader: Reader, begun: Token, steps: list[Action], said: dict[str, Any]) -> Fault:
    try:
        fault = Fault(steps=tuple(steps), **said)
        spots_of(load(), fault)
    except UsageError as error:
        raise reader.refusal(begun, str(error)) from error
    return fault


def _action(reader: Reader) -> Action:
    word = reader.next("an action such as 429, break reset, lost reply or html")
    if word.text == "break":
        return _break(reader)
    if word.text == "lost":
        reader.expect("reply")
        return Lost(_one_of(reader, "a way", LOSSES)) if reader.take("by") else Lost()
    if word.text in GARBLE_KINDS:
        return Garbled(cast("Any", word.text))
    if word.text in DOOMS:
        return _doom(reader, word)
    status = _status(reader, word)
    if status == 200:
        return Untouched()
    after_commit = _after_commit(reader)
    return Answer(status, _wait(reader), after_commit)


def _status(reader: Reader, word: Token) -> int | str:
    errors = load().document["x-runway-errors"]
    if word.text in errors:
        return word.text
    if not word.text.isdecimal():
        hint = guess(word.text, ("break", "lost", *GARBLE_KINDS, *DOOMS, *errors))
        if word.text in BREAK_KINDS:
            hint = f"did you mean 'break {word.text}'?"
        raise reader.error(
            word, "an action such as 429, break reset, lost reply or html", hint=hint
        )
    status = int(word.text)
    if not 200 <= status <= 599:
        raise reader.error(word, "a status of 200 to 599")
    return status


def _break(reader: Reader) -> Broken:
    word = reader.here
    kind = _one_of(reader, "a break", BREAK_KINDS)
    try:
        return Broken(kind, _after_commit(reader))
    except UsageError as error:
        raise reader.refusal(word, str(error)) from error


def _doom(reader: Reader, word: Token) -> Doomed:
    doom, detail = word.text, ""
    if doom in _DETAILS or (doom == "fails" and reader.peek() not in _AFTER_A_STEP):
        word = reader.next(_DETAILS.get(doom, "a failure code"))
        detail = word.text
    try:
        return Doomed(cast("Any", doom), detail)
    except UsageError as error:
        raise reader.refusal(word, str(error)) from error


def _after_commit(reader: Reader) -> bool:
    if not reader.take("after"):
        return False
    reader.expect("commit")
    return True


def _wait(reader: Reader) -> RetryAfter | None:
    if reader.take("retry-after-ms"):
        return RetryAfter("milliseconds", _duration(reader))
    if not reader.take("retry-after"):
        return None
    if reader.take("date"):
        return RetryAfter("date", _duration(reader))
    if reader.peek().startswith('"'):
        word = reader.next("a text")
        try:
            return RetryAfter.of(json.loads(word.text), "text")
        except ValueError as error:  # of json, and UsageError, which is one
            raise reader.refusal(word, str(error)) from error
    return RetryAfter("seconds", _duration(reader))


def _clause(reader: Reader, word: str) -> dict[str, Any]:
    if word == "from":
        return {"starts_ms": _duration(reader)}
    if word == "for":
        return {"lasts_ms": _duration(reader)}
    return {"exactly": True} if word == "exactly" else _place(reader)


def _place(reader: Reader) -> dict[str, Any]:
    said: dict[str, Any] = {}
    contract = load()
    if reader.peek().upper() in _METHODS:
        said["method"] = reader.next("a method").text.upper()
    word = reader.next("an operation")
    said["operation"] = word.text
    try:
        spots(contract, word.text, said.get("method"))
        if reader.take("of"):
            word = reader.next("a model")
            said["model"] = word.text
            check_model(contract, word.text)
    except UsageError as error:
        raise reader.refusal(word, str(error)) from error
    if reader.take("#"):
        said["nth"] = _count(reader)
    return said


def _amount(reader: Reader) -> dict[str, Any]:
    if reader.take("always"):
        return {"times": None}
    word = reader.next("how often: a count, a chance such as 5%, or always")
    if not reader.take("%"):
        return {"times": _whole(reader, word, "a count, a chance such as 5%, or always")}
    try:
        said: dict[str, Any] = {"chance_ppm": ppm(float(word.text) / 100), "times": None}
    except ValueError as error:
        raise reader.error(word, "a chance above 0% and up to 100%") from error
    if reader.take("up"):
        reader.expect("to")
        said["times"] = _count(reader)
    return said


def _count(reader: Reader) -> int:
    return _whole(reader, reader.next("a whole number of at least 1"))


def _whole(reader: Reader, word: Token, expected: str = "a whole number of at least 1") -> int:
    if not (word.text.isascii() and word.text.isdecimal()) or int(word.text) < 1:
        raise reader.error(word, expected)
    return int(word.text)


def _duration(reader: Reader) -> int:
    word = reader.next("a duration such as 30s or 2m")
    try:
        return milliseconds(word.text)
    except UsageError as error:
        raise reader.error(word, "a duration such as 500ms, 30s, 2m or 24h") from error


def _one_of(reader: Reader, what: str, known: tuple[str, ...]) -> Any:
    word = reader.next(f"{what}: {', '.join(known)}")
    if word.text not in known:
        raise reader.error(word, what, hint=nearest(word.text, known))
    return word.text
