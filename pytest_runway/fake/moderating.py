"""What is moderated, as a test says it: ``runway.moderate(prompt="…")``."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_runway.engine.moderation import Looked, Rule, is_moderation
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.contract import Contract

Flags: TypeAlias = "str | bytes | re.Pattern[str] | Callable[[Any], bool] | bool"
"""What is flagged: a word, a pattern, a sample's bytes, a predicate, or everything (True)."""

_LONGEST_SHOWN = 60
_USUAL_CODES: dict[Looked, str] = {
    "prompt": "SAFETY.INPUT.TEXT",
    "image": "SAFETY.INPUT.IMAGE",
    "video": "SAFETY.INPUT.VIDEO",
    "audio": "SAFETY.INPUT.AUDIO",
    "output": "SAFETY.OUTPUT.VIDEO",
}


def rules_of(
    contract: Contract,
    flagged: dict[Looked, Flags | None],
    *,
    code: str | None,
    public_figure: bool,
    times: int | None,
    must_strike: bool = True,
) -> list[Rule]:
    """Return the rules that a call of ``moderate`` asks for.

    Raises:
        UsageError: for nothing to look at, a code that says nothing of moderation, or a count
            below 1.
    """
    chosen = {part: flags for part, flags in flagged.items() if flags not in (None, False)}
    if not chosen:
        raise UsageError(
            f"moderate() looks at nothing; expected one of {', '.join(_USUAL_CODES)}, "
            'for example moderate(prompt="violence")'
        )
    if code is not None:
        contract.failure(code)
        if not is_moderation(code):
            raise UsageError(f"{code!r} is no verdict of moderation; expected a SAFETY code")
    if times is not None and (isinstance(times, bool) or times < 1):
        raise UsageError(f"times={times!r} is not valid; expected a whole number of at least 1")
    return [
        Rule(
            part,
            _predicate(part, flags),
            code or _USUAL_CODES[part],
            public_figure,
            times,
            name=f"moderate({part}={_shown(flags)})",
            must_strike=must_strike,
        )
        for part, flags in chosen.items()
    ]


def _predicate(part: Looked, flags: Any) -> Callable[[Any], bool]:
    if flags is True:
        return lambda _: True
    if isinstance(flags, bytes):
        return lambda sent: _payload(sent) == flags
    if isinstance(flags, re.Pattern):
        return lambda sent: bool(flags.search(str(sent)))
    if isinstance(flags, str):
        if part == "prompt":
            word = re.compile(rf"(?<!\w){re.escape(flags)}(?!\w)", re.IGNORECASE)
            return lambda sent: bool(word.search(sent))
        return lambda sent: flags == sent
    if callable(flags):
        return lambda sent: bool(flags(sent))
    raise UsageError(
        f"{part}={flags!r} is not valid; expected a word, a pattern, bytes, a predicate or True"
    )


def _shown(flags: Any) -> str:
    said = repr(flags)
    return said if len(said) <= _LONGEST_SHOWN else f"{said[:_LONGEST_SHOWN]}…"


def _payload(sent: Any) -> bytes | None:
    """Return the bytes of a data URI, None for what has none or is no base64."""
    head, found, data = str(sent).partition(";base64,")
    if not found or not head.startswith("data:"):
        return None
    try:
        return base64.b64decode(data)
    except ValueError:
        return None
