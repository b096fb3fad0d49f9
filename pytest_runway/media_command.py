"""``pytest-runway media``: the judge and the forge for a person."""

from __future__ import annotations

import sys
from ast import literal_eval
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_runway.errors import UsageError
from pytest_runway.media import Late, Refusal, judge, read
from pytest_runway.media_fields import media_fields, media_rules
from pytest_runway.suggesting import nearest

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction
    from collections.abc import Iterator

    from pytest_runway.media import Facts, FlawedMedia, Verdict


def add_media_command(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Mount ``media make``, ``media check`` and ``media flaws`` under a program's commands."""
    media = commands.add_parser("media", help="make media with one flaw, or check a file")
    actions = media.add_subparsers(required=True, metavar="make | check | flaws")
    make = actions.add_parser("make", help="write a file with exactly one flaw")
    make.add_argument("flaw", help="such as image.too_wide; see `media flaws`")
    make.add_argument("knobs", nargs="*", metavar="KNOB=VALUE", help="such as excess=50")
    make.add_argument("--out", type=Path, required=True, metavar="FILE")
    make.add_argument("--operation", help="whose limits to break, such as image_to_video")
    make.add_argument("--model", help="whose limits to break, such as gen4_turbo")
    make.set_defaults(command=_make)
    check = actions.add_parser("check", help="say what Runway would say of a file")
    check.add_argument("file", type=Path)
    check.add_argument("--model", required=True)
    check.add_argument("--type", metavar="TYPE", help="the Content-Type it is served with")
    check.set_defaults(command=_check)
    actions.add_parser("flaws", help="list what can be wrong").set_defaults(command=_flaws)


def make_flawed(
    flaw: str, knobs: dict[str, Any], *, operation: str | None = None, model: str | None = None
) -> FlawedMedia:
    """Return media with a flaw; the field whose limits it breaks is named, or any that has them.

    Raises:
        UsageError: for a flaw or a knob that there is not, or where no such field can have it.
    """
    from pytest_runway.media.forge import FLAWS, flawed

    found = FLAWS.get(flaw)
    if found is None:
        return flawed(flaw)  # which says what there is
    there = media_fields(operation=operation, model=model)
    fitting = [f.limits for f in there if f.kind == found.kind and found.breaks(f.limits)]
    if not fitting:
        whose = " of ".join(filter(None, (operation, model)))
        kinds = ", ".join(sorted({f.kind for f in there})) or "no media"
        raise UsageError(f"no field of {whose} can have {flaw}; it takes {kinds}")
    return flawed(flaw, limits=fitting[0], **knobs)


def check_file(
    data: bytes, *, model: str, declared_type: str | None = None
) -> Iterator[tuple[str, Facts | None, Verdict]]:
    """Yield each field of a model that takes this kind of file, what was read, and the verdict.

    Where none takes it, each refuses it.

    Raises:
        UsageError: for a model that takes no media.
    """
    there = media_fields(model=model)
    if not there:
        end = nearest(model, sorted({field.model for field in media_fields()}))
        raise UsageError(f"no field of a model called {model!r} takes media; {end}")
    facts = read(data)
    fitting = [field for field in there if facts is not None and field.kind == facts.kind]
    for field in fitting or there:
        verdict = judge(
            data,
            kind=field.kind,
            declared_type=declared_type,
            limits=field.limits,
            rules=media_rules(),
        )
        yield f"{field.operation} {field.path}", facts, verdict


def _make(arguments: Namespace) -> int:
    knobs = dict(_knob(word) for word in arguments.knobs)
    made = make_flawed(arguments.flaw, knobs, operation=arguments.operation, model=arguments.model)
    try:
        arguments.out.write_bytes(made.data)
    except OSError as error:
        raise UsageError(f"{arguments.out} cannot be written: {error.strerror}") from None
    _say(f"{arguments.out}: {len(made.data):,} bytes, declared as {made.content_type}")
    _say(f"expected: {_told(made.expected)}")
    _say(f"again: {made!r}")
    return 0


def _check(arguments: Namespace) -> int:
    worst = 0
    most = max(size for ways in media_rules().max_bytes.values() for size in ways.values())
    try:
        with arguments.file.open("rb") as file:  # enough to refuse it, and no more
            data = file.read(most + 1)
    except OSError as error:
        raise UsageError(f"{arguments.file} cannot be read: {error.strerror}") from None
    for place, facts, verdict in check_file(
        data, model=arguments.model, declared_type=arguments.type
    ):
        _say(f"{place}: {_told(verdict)}")
        if facts is not None:
            _say(f"  {facts}")
        worst = max(worst, verdict is not None)
    return worst


def _flaws(_: Namespace) -> int:
    from pytest_runway.media.forge import FLAWS

    for found in FLAWS.values():
        knobs = "  ".join(f"{knob}={values[0]!r}" for knob, values in found.knobs.items())
        _say(f"{found.name:30} {found.says}  {knobs}".rstrip())
    return 0


def _knob(word: str) -> tuple[str, Any]:
    name, equals, value = word.partition("=")
    if not equals:
        raise UsageError(f"not a knob: {word!r}; expected KNOB=VALUE, such as excess=50")
    try:
        return name, literal_eval(value)
    except (SyntaxError, ValueError):  # a word: sample=still.gif
        return name, value


def _told(verdict: Verdict) -> str:
    if isinstance(verdict, Refusal):
        return f'refused, 400: "{verdict.message}"'
    if isinstance(verdict, Late):
        return f"accepted, then FAILED with {verdict.code}: {verdict.reason}"
    return "accepted"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
