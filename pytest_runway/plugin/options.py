"""Options, ini keys and marker: what a run asks of its fakes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_runway.errors import UsageError
from pytest_runway.plugin import golive, verdict

if TYPE_CHECKING:
    from pytest_runway.fake import FakeRunway, Settings

MARKER = (
    "runway(tier=None, credits=None, seed=0, time='virtual', closed=False, keys='shape', "
    "budget=None, assets='lenient', faults=None, rules=None): "
    "the Runway account that this test is on"
)
_AMBIENT: pytest.StashKey[FakeRunway] = pytest.StashKey()

# name, what it takes, what it says
_VALUES = (
    ("tier", "N", "put every test on an account of this tier, 1 to 5 (default: no limits)"),
    ("credits", "N", "start every account with so many credits (default: plenty)"),
    ("seed", "SEED", "decide all chance in the fake by this seed (default: 0)"),
    ("time", "virtual|real", "let waiting cost virtual or real time (default: virtual)"),
    ("keys", "WHICH", "accept API keys by their shape, known ones only, or any (default: shape)"),
    ("assets", "WHICH", "take unknown URLs as good assets, lenient, or strict (default: lenient)"),
    ("budget", "N", "fail a test that spends more credits than this"),
    ("faults", "PLAN", "let faults strike every test: a plan such as '503 on create: 2'"),
)

_NUMBERS = ("tier", "credits", "budget")
# What the whole run is under may strike a test or not; what a test asks for must.
_SETTINGS = {"faults": "background_faults"}


def add(parser: pytest.Parser) -> None:
    """Add the options to a parser."""
    group = parser.getgroup("runway", "a fake of the Runway API")
    say = "answer every call to Runway with a strict, stateful fake: offline, free, in virtual time"
    group.addoption("--runway-fake", action="store_true", default=None, help=say)
    parser.addini("runway_fake", say, type="bool", default=False)
    for name, takes, says in _VALUES:
        group.addoption(f"--runway-{name}", metavar=takes, default=None, help=says)
        parser.addini(f"runway_{name}", says, default=None)
    closed = "refuse unknown keys in every body, also where Runway ignores them"
    group.addoption("--runway-closed", action="store_true", default=None, help=closed)
    parser.addini("runway_closed", closed, type="bool", default=False)
    golive.add(group)


def register_marker(config: pytest.Config) -> None:
    """Tell pytest about the marker."""
    config.addinivalue_line("markers", MARKER)


def is_on(config: pytest.Config) -> bool:
    """Whether every test of the run is on a fake."""
    return bool(_option(config, "fake")) or _option(config, "golive") is not None


def begin(config: pytest.Config) -> None:
    """Switch the run's own fake on, once: it answers what happens outside of tests."""
    if not is_on(config) or _AMBIENT in config.stash:
        return
    settings = run_settings(config)
    from pytest_runway.clock import install_dispatchers, uninstall_dispatchers
    from pytest_runway.fake import FakeRunway

    ambient = FakeRunway(
        seed=f"{settings.seed}:run", closed=settings.closed, keys=settings.keys, time="real"
    )
    install_dispatchers()
    config.add_cleanup(uninstall_dispatchers)
    ambient.start()
    config.add_cleanup(ambient.stop)
    config.stash[_AMBIENT] = ambient


def header(config: pytest.Config) -> str | None:
    """Return the line for pytest's header, None where the fake is off."""
    if not is_on(config) and not _option(config, "faults"):
        return None
    settings = run_settings(config)
    tier = "no limits" if settings.tier is None else f"tier {settings.tier}"
    faked = "faked" if is_on(config) else "faked where a test asks for it"
    faults = settings.background_faults
    under = f", under faults: {faults}" if faults else ""
    return f"runway: {faked}, {settings.time} time, {tier}, seed {settings.seed}{under}"


def run_settings(config: pytest.Config) -> Settings:
    """Return the settings that options and ini keys ask for.

    Raises:
        pytest.UsageError: for a value that is not valid.
    """
    given: dict[str, Any] = {"closed": bool(_option(config, "closed"))}
    for name, _, _ in _VALUES:
        value = _option(config, name)
        if value not in (None, ""):
            given[_SETTINGS.get(name, name)] = _number(value) if name in _NUMBERS else value
    rules = verdict.levels(config)
    if rules:
        given["rules"] = rules
    return _settings(given, "--runway-* options and runway_* ini keys")


def settings_of(item: pytest.Item) -> Settings | None:
    """Return the settings of one test: the run's, then the markers', the closest last.

    None where nothing was said, which is the case that must cost nothing.

    Raises:
        pytest.UsageError: for a marker with arguments that are not valid.
    """
    markers = list(item.iter_markers("runway"))
    if not markers:
        return None
    given: dict[str, Any] = {}
    for marker in reversed(markers):
        if marker.args:
            raise pytest.UsageError(
                f"{item.nodeid}: @pytest.mark.runway takes keyword arguments only, got "
                f"{marker.args!r}; write for example @pytest.mark.runway(tier=1, credits=40)"
            )
        given.update(marker.kwargs)
    from dataclasses import asdict

    run = asdict(run_settings(item.config))
    merged = {**run, "seed": seed_of(item), **given}
    merged["rules"] = verdict.merged([run, *(marker.kwargs for marker in reversed(markers))])
    if "faults" in given and "background_faults" not in given:
        merged["background_faults"] = None
    return _settings(merged, f"{item.nodeid}: @pytest.mark.runway")


def test_settings(item: pytest.Item) -> Settings:
    """Return the settings of one test, whatever was said."""
    from dataclasses import replace

    return settings_of(item) or replace(run_settings(item.config), seed=seed_of(item))


def seed_of(item: pytest.Item) -> str:
    """Return a test's own seed: the run's, and the test's name, so that order does not matter."""
    return f"{run_settings(item.config).seed}:{item.nodeid}"


def _settings(given: dict[str, Any], where: str) -> Settings:
    from pytest_runway.fake import Settings

    try:
        return Settings.of(given)
    except UsageError as error:
        raise pytest.UsageError(f"{where}: {error}") from error


def _number(value: str) -> Any:
    try:
        return int(value)
    except ValueError:
        return value


def _option(config: pytest.Config, name: str) -> Any:
    # Before pytest_configure, options stand in the namespace of what is known so far.
    found = getattr(config.known_args_namespace, f"runway_{name}", None)
    if found is None:
        found = getattr(config.option, f"runway_{name}", None)
    if found is None:
        try:
            found = config.getini(f"runway_{name}")
        except (KeyError, ValueError):  # the fixture was imported, the plugin is not loaded
            return None
    return found
