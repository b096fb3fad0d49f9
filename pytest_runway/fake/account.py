"""The account under test, as a test reads and changes it: ``runway.account``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.durations import Duration, milliseconds
from pytest_runway.errors import UsageError
from pytest_runway.fake.keys import KeysView
from pytest_runway.fake.persona import Persona, billing_contact
from pytest_runway.fake.settings import TIERS, is_whole

if TYPE_CHECKING:
    from pytest_runway.engine.engine import Engine
    from pytest_runway.fake.visiting import Visit


class AccountView:
    """One account: its tier, its keys, its card, and its standing with Runway."""

    def __init__(self, visit: Visit) -> None:
        """Look at an account through ``visit``."""
        self._visit = visit

    @property
    def tier(self) -> int | None:
        """The tier, 1 to 5; None where nothing is throttled or stopped.

        Set it to move the account: what waits for a slot then starts as far as the tier lets it.
        """
        with self._visit() as engine:
            return engine.state.account.tier

    @tier.setter
    def tier(self, tier: int | None) -> None:
        if tier is not None and (isinstance(tier, bool) or tier not in TIERS):
            raise UsageError(f"tier={tier!r} is not valid; expected 1 to 5, or None for no limits")
        with self._visit() as engine:
            engine.state.account.tier = tier
            engine.fill_slots(engine.state.now_ms)

    @property
    def keys(self) -> KeysView:
        """The API keys: one from the start, more by ``keys.add(name)``."""
        return KeysView(self._visit)

    @property
    def contact(self) -> Persona:
        """The billing contact, to whom Runway mails: a made-up person, the same for each seed."""
        with self._visit() as engine:
            return billing_contact(engine.state.account)

    @property
    def suspended(self) -> bool:
        """Whether every request is answered with 401."""
        with self._visit() as engine:
            return engine.state.account.suspended

    def suspend(self) -> None:
        """Suspend the account now, as Runway does for too many moderated requests, with a mail."""
        with self._visit() as engine:
            engine.state.conduct.suspend(engine.state, engine.state.now_ms)

    def appeal(self) -> None:
        """Appeal: the suspension is lifted, and what led to it is forgotten."""
        with self._visit() as engine:
            engine.state.conduct.forgive(engine.state, engine.state.now_ms)

    def tolerates(
        self,
        *,
        warn_at: int | None = None,
        suspend_at: int | None = None,
        within: Duration = "24h",
    ) -> None:
        """Set how many moderated tasks lead to a warning, and how many to a suspension.

        How many do at Runway is not known; 10 and 20 are assumed where one is not said.
        """
        with self._visit() as engine:
            assumed = engine.contract.limits["moderation"]
            warn_at = assumed["warn_at"] if warn_at is None else warn_at
            suspend_at = assumed["suspend_at"] if suspend_at is None else suspend_at
            whole = is_whole(warn_at, at_least=1) and is_whole(suspend_at, at_least=1)
            if not whole or warn_at > suspend_at:
                raise UsageError(
                    f"warn_at={warn_at!r}, suspend_at={suspend_at!r} is not valid; expected whole "
                    "numbers of at least 1, the warning not after the suspension"
                )
            conduct = engine.state.conduct
            conduct.warn_at, conduct.suspend_at = warn_at, suspend_at
            conduct.window_ms = milliseconds(within)

    def withholds(self, *models: str) -> None:
        """Make models unavailable to the account: they are answered with 403."""
        with self._visit() as engine:
            engine.state.account.withheld_models |= _known(engine, models)

    def unlimited(self, *models: str) -> None:
        """Lift every limit of these models: ``null`` in ``GET /v1/organization``."""
        with self._visit() as engine:
            engine.state.account.unlimited_models |= _known(engine, models)
            engine.fill_slots(engine.state.now_ms)

    def ranks(self, *models: str) -> None:
        """Say which models routers prefer for latency or quality, the best first.

        Without it a router that asks for either leaves the order as it is, since nothing is known
        of how Runway ranks.
        """
        with self._visit() as engine:
            _known(engine, models)
            engine.state.account.ranking = list(models)

    def buy(self, credits: int) -> None:  # noqa: A002 - the API's own word
        """Buy credits in the portal. What was bought in all lifts the tier (facts: usage/tiers).

        Raises:
            UsageError: for less than 1,000 credits, for more than the tier lets one buy in 30
                days, and where the card is declined.
        """
        _check_credits("credits", credits)
        with self._visit() as engine:
            refusal = engine.cashier.buy(credits, engine.state.now_ms)
        if refusal is not None:
            raise UsageError(f"Runway does not sell {credits:,} credits: {refusal}")

    def autobilling(self, *, below: int, amount: int | None = None) -> None:
        """Buy ``amount`` credits whenever the hourly look finds fewer than ``below``.

        Without an amount it is the smallest that Runway sells, 1,000.

        Raises:
            UsageError: for a smaller amount, and for what is no number of credits.
        """
        _check_credits("below", below)
        with self._visit() as engine:
            least = engine.cashier.least
            amount = least if amount is None else amount
            _check_credits("amount", amount, at_least=least)
            engine.cashier.switch_on(below, amount, engine.state.now_ms)

    @property
    def autobills(self) -> bool:
        """Whether autobilling is on; three failed charges in a row switch it off."""
        with self._visit() as engine:
            return engine.state.billing.next_look_ms is not None

    def card_declines(self, *, times: int | None = None) -> None:
        """Let the card fail so many times from now on, or until ``times=0`` is said."""
        if times is not None and not is_whole(times, at_least=0):
            raise UsageError(
                f"times={times!r} is not valid; expected a whole number of at least 0, or None "
                "for every time"
            )
        with self._visit() as engine:
            engine.state.billing.declines = times

    def warns_below(self, credits: int) -> None:  # noqa: A002 - the API's own word
        """Let Runway mail when fewer credits than that are left."""
        _check_credits("credits", credits)
        with self._visit() as engine:
            engine.state.billing.low_credits = credits

    def __repr__(self) -> str:
        with self._visit() as engine:
            state = engine.state
            standing = "suspended" if state.account.suspended else "in good standing"
            return f"<Account tier={state.account.tier} balance={state.ledger.balance} {standing}>"


def _check_credits(name: str, value: Any, *, at_least: int = 0) -> None:
    if not is_whole(value, at_least=at_least):
        expected = f"a whole number of credits, at least {at_least:,}"
        raise UsageError(f"{name}={value!r} is not valid; expected {expected}")


def _known(engine: Engine, models: tuple[str, ...]) -> set[str]:
    known = engine.quotas.groups
    for model in models:
        if model not in known:
            raise UsageError(f"no model {model!r}; there are {', '.join(sorted(known))}")
    return set(models)
