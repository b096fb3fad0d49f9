"""Bytes to a JSON value, as a JavaScript server reads them."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn

from pytest_runway.ascii_text import put_back, take_out

MAX_DEPTH: Final = 256
"""Assumed: deeper bodies are refused here, so that nothing behind can run out of stack."""

_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")
_EXACT_DIGITS = 15


class InvalidJson(ValueError):
    """The body is no JSON that a server would take; the message says why, in one line."""


def parse_json(body: bytes) -> Any:
    """Return the value of a JSON text in UTF-8.

    Of a key that comes twice the last value counts; an integer that JavaScript cannot hold becomes
    the nearest that it can; lone surrogates stay. An empty body is ``{}``, as Express reads it.

    Raises:
        InvalidJson: for bytes that are not UTF-8, text that is not JSON (``NaN`` and ``Infinity``
            are not), and values nested deeper than ``MAX_DEPTH``.
    """
    if not body:
        return {}
    body, taken = take_out(body)
    if _depth_over(body, MAX_DEPTH):
        raise InvalidJson(f"the body is nested deeper than {MAX_DEPTH} levels")
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(text, parse_int=_integer, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise InvalidJson(f"the body is not UTF-8: {error.reason} at byte {error.start}") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise InvalidJson(f"the body is not JSON: {error.msg} at {place}") from None
    return value if taken is None else put_back(value, taken)


def _integer(digits: str) -> float:
    if len(digits) <= _EXACT_DIGITS:
        return int(digits)
    nearest = float(digits)
    return int(nearest) if nearest - nearest == 0 else nearest


def _refuse(literal: str) -> NoReturn:
    raise InvalidJson(f"the body is not JSON: {literal} is no JSON value")


def _depth_over(body: bytes, limit: int) -> bool:
    # Most bodies have few brackets and some have megabytes: looking for them is fast, counting not.
    if not any(_comes_more_often(each, body, limit // 2) for each in (b"[", b"{")):
        return False
    depth = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub(b"", body)):
        depth += 1 if bracket in b"[{" else -1
        if depth > limit:
            return True
    return False


def _comes_more_often(what: bytes, body: bytes, times: int) -> bool:
    at = -1
    for _ in range(times + 1):
        at = body.find(what, at + 1)
        if at < 0:
            return False
    return True
