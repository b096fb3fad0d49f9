"""``pytest-runway``: the fake for people and programs outside of pytest."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from pytest_runway.counting import counted
from pytest_runway.errors import RunwayFakeError, UsageError
from pytest_runway.fake import Settings
from pytest_runway.keys.command import add_keys_command
from pytest_runway.media_command import add_media_command
from pytest_runway.served import RunwayServer

if TYPE_CHECKING:
    from collections.abc import Sequence

_TIME = (
    'how time passes: "real" (default), "speed=60" for 60 times as fast, or "virtual", which '
    "stands still until the control interface moves it on"
)
_CONFORMANCE = (
    "answer an SDK's own test suite: the ids in its examples exist whatever happens to them, any "
    "key opens, nothing is limited, no asset is fetched"
)
_LOOK_SECONDS = 0.25


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    given = _parser().parse_args(arguments)
    try:
        status: int = given.command(given)
    except RunwayFakeError as error:
        _say(f"pytest-runway: {error}")
        return 2
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pytest-runway", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    about_serve = "serve the fake for every client on this machine, until Ctrl-C"
    serve = commands.add_parser("serve", help=about_serve, description=about_serve)
    serve.set_defaults(command=_serve)
    about_run = "run a command on the fake; fail where it fails, or where the fake noticed misuse"
    run = commands.add_parser("run", help=about_run, description=about_run)
    run.set_defaults(command=_run)
    for command in (serve, run):
        _add_options(command)
    serve.add_argument("--conformance", action="store_true", help=_CONFORMANCE)
    run.set_defaults(conformance=False)
    run.add_argument("words", nargs=argparse.REMAINDER, metavar="-- CMD …", help="the command")
    add_media_command(commands)
    add_keys_command(commands)
    return parser


def _add_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="127.0.0.1 (default) or ::1")
    add("--port", type=int, default=0, help="the port to listen on (default: any that is free)")
    add("--token", help='the control interface\'s token (default: random; "" asks for none)')
    add("--tier", type=int, help="the account's tier, 1 to 5 (default: no limits)")
    add("--credits", type=int, help="the credits to start with (default: plenty)")
    add("--seed", default=0, help="decides all chance in the fake (default: 0)")
    add("--time", default="real", metavar="real|virtual|speed=N", help=_TIME)
    add(
        "--keys",
        default="shape",
        help="accept keys of Runway's shape only, or any (default: shape)",
    )
    add("--faults", metavar="PLAN", help="a fault plan, such as '503 on create: 2'")
    add("--closed", action="store_true", help="refuse unknown keys in every body")


def _server(given: argparse.Namespace) -> RunwayServer:
    names = ("tier", "credits", "seed", "keys", "closed", "conformance", "faults")
    settings: dict[str, Any] = {name: getattr(given, name) for name in names}
    Settings.of(settings)
    return RunwayServer(
        host=given.host,
        port=given.port,
        token=given.token,
        speed=_speed(given.time),
        **settings,
    )


def _speed(text: str) -> float:
    if text in ("real", "virtual"):
        return 1.0 if text == "real" else 0.0
    name, _, number = text.partition("=")
    try:
        if name == "speed":
            return float(number)
    except ValueError:
        pass
    raise UsageError(f"--time {text!r} is not valid; expected real, virtual or speed=60")


def _serve(given: argparse.Namespace) -> int:
    server = _server(given).start()
    _say(f"a fake Runway at {server.url}")
    _say(f"  RUNWAYML_BASE_URL={server.url}")
    _say(f"  RUNWAYML_API_SECRET={server.api_key}")
    _say(f"  RUNWAY_FAKE_TOKEN={server.token}")
    _say(f"  {server.url}/ shows what happens; Ctrl-C ends it")
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, signal.default_int_handler)
    try:
        _watch(server)
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()
    _report(server)
    return 0


def _watch(server: RunwayServer) -> None:
    if sys.stdout.isatty():
        from pytest_runway.served import live

        live.show(server, _LOOK_SECONDS)
        return
    seen = 0
    engine = server.engine
    while True:
        if server.engine is not engine:  # reset
            engine, seen = server.engine, 0
        for exchange in engine.state.journal.answered(seen):
            print(exchange.line(), flush=True)
            seen += 1
        time.sleep(_LOOK_SECONDS)


def _run(given: argparse.Namespace) -> int:
    words = given.words[1:] if given.words[:1] == ["--"] else given.words
    if not words:
        raise UsageError("run takes a command, as in: pytest-runway run -- npm test")
    server = _server(given).start()
    try:
        try:
            done = subprocess.run(words, env=server.environment, check=False)  # noqa: S603
            status = done.returncode
        except OSError as error:
            _say(f"pytest-runway: {words[0]!r} cannot be run: {error}")
            status = 127
        except KeyboardInterrupt:
            status = 130
    finally:
        server.stop()
    problems = _report(server)
    return status or (1 if problems else 0)


def _report(server: RunwayServer) -> list[str]:
    numbers = server.totals()
    counts = ", ".join(counted(numbers[f"{noun}s"], noun) for noun in ("request", "task", "credit"))
    fired, armed = numbers["faults fired"], numbers["faults armed"]
    _say(f"runway: {counts}, {fired} of {armed} faults fired")
    problems = [*server.earlier_problems, *server.problems]
    if problems:
        _say("pytest-runway noticed:" + "".join(f"\n  - {problem}" for problem in problems))
    return problems


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
