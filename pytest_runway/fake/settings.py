"""What one fake is asked to be, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, get_args

from pytest_runway.engine.web import ASSET_RULES, AssetRule
from pytest_runway.errors import UsageError
from pytest_runway.fake.arming import plan_of

if TYPE_CHECKING:
    from pytest_runway.engine.faults import FaultPlan
    from pytest_runway.report.finding import Level

TimeMode = Literal["virtual", "real"]
TIME_MODES: tuple[TimeMode, ...] = get_args(TimeMode)
KeyPolicy = Literal["shape", "known", "any"]
KEY_POLICIES: tuple[KeyPolicy, ...] = get_args(KeyPolicy)
TIERS = range(1, 6)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one fake.

    ``tier`` 1 to 5, or None for an account that nothing throttles or stops. ``credits`` is the
    opening balance, or None for plenty. ``seed`` decides all chance. ``time`` is the clock of
    fake and test. ``closed`` refuses unknown keys for every model, also where Runway ignores
    them. ``keys`` says which API keys open the account: those of Runway's shape, only those that
    the account has, or any. ``budget`` is what may be spent: more fails the test. ``conformance``
    is for the SDKs' own test suites: the ids in their examples exist, and nothing is limited.
    ``assets`` says what lies at a URL that the test put nothing at: a good asset of the right kind
    (``lenient``), or nothing (``strict``). ``faults`` is a fault plan, or its text, that must
    strike; ``background_faults`` is one that may. Both are kept as the text of the plan.
    ``rules`` sets the level of rules of the verdict, by name: ``error``, ``warning`` or ``off``.

    Raises:
        UsageError: for a value that is none of these; the message names the valid ones.
    """

    tier: int | None = None
    credits: int | None = None
    seed: int | str = 0
    time: TimeMode = "virtual"
    closed: bool = False
    keys: KeyPolicy = "shape"
    budget: int | None = None
    conformance: bool = False
    assets: AssetRule = "lenient"
    faults: FaultPlan | str | None = ""
    background_faults: FaultPlan | str | None = ""
    rules: Mapping[str, Level] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tiers = f"a whole number from {TIERS[0]} to {TIERS[-1]}, or None for no limits"
        within = is_whole(self.tier, at_least=TIERS[0], at_most=TIERS[-1])
        _check("tier", self.tier, tiers, self.tier is None or within)
        amount = "a whole number of credits of at least 0, or None for plenty"
        _check("credits", self.credits, amount, self.credits is None or is_whole(self.credits))
        _check("budget", self.budget, amount, self.budget is None or is_whole(self.budget))
        seeded = isinstance(self.seed, (int, str)) and not isinstance(self.seed, bool)
        _check("seed", self.seed, "a whole number or a string", seeded)
        _check("time", self.time, _one_of(TIME_MODES), self.time in TIME_MODES)
        _check("closed", self.closed, "True or False", isinstance(self.closed, bool))
        _check("conformance", self.conformance, "True or False", isinstance(self.conformance, bool))
        _check("assets", self.assets, _one_of(ASSET_RULES), self.assets in ASSET_RULES)
        for name in ("faults", "background_faults"):
            if getattr(self, name) != "":
                object.__setattr__(self, name, str(plan_of(getattr(self, name))))
        _check("keys", self.keys, _one_of(KEY_POLICIES), self.keys in KEY_POLICIES)
        _check("rules", self.rules, "a mapping of rules to levels", isinstance(self.rules, Mapping))
        if self.rules:
            from pytest_runway.report.catalogue import check_levels

            check_levels(self.rules)

    @classmethod
    def of(cls, given: dict[str, Any]) -> Settings:
        """Return settings from keyword arguments, with a clear error for an unknown one."""
        known = [field.name for field in fields(cls)]
        for name in given:
            if name not in known:
                raise UsageError(f"unknown setting {name!r}; expected {_one_of(known)}")
        return cls(**given)


def _check(name: str, value: Any, expected: str, holds: bool) -> None:
    if not holds:
        raise UsageError(f"{name}={value!r} is not valid; expected {expected}")


def is_whole(value: Any, *, at_least: int = 0, at_most: int = 10**12) -> bool:
    """Tell whether something is a whole number within bounds; True and 1.0 are none."""
    return isinstance(value, int) and not isinstance(value, bool) and at_least <= value <= at_most


def _one_of(values: Any) -> str:
    return ", ".join(repr(value) for value in values)
