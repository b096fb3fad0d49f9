"""Buying credits: by hand and by autobilling, within the month's limit, and what follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pytest_runway.engine.account import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_runway.contract import Contract
    from pytest_runway.engine.quotas import Quotas
    from pytest_runway.engine.state import State

_HOUR_MS: Final = 3_600_000


@dataclass(slots=True)
class Billing:
    """How an account pays. ``declines`` is how often the card fails from now on; None for ever.

    With ``amount`` autobilling is on: once an hour it looks whether the balance is below
    ``threshold``.
    """

    threshold: int = 0
    amount: int | None = None
    low_credits: int = 0
    declines: int | None = 0
    failed_attempts: int = 0
    next_look_ms: int | None = None
    was_low: bool = False
    switched_off: bool = False
    purchases: list[tuple[int, int]] = field(default_factory=list)


class Cashier:
    """Carries out one account's purchases, as the contract's ``purchases`` say.

    ``tier_rose`` is called when one lifts the tier.
    """

    def __init__(
        self,
        contract: Contract,
        state: State,
        quotas: Quotas,
        tier_rose: Callable[[int], None],
    ) -> None:
        self._says: dict[str, Any] = contract.limits["purchases"]
        self._cent = contract.limits["credit_cents"] / 100
        self._state = state
        self._quotas = quotas
        self._tier_rose = tier_rose

    @property
    def next_due_ms(self) -> int | None:
        """When autobilling looks next, None while it is off."""
        return self._state.billing.next_look_ms

    @property
    def least(self) -> int:
        """The smallest number of credits that one can buy."""
        return int(self._says["least_credits"])

    def left_this_month(self, at_ms: int) -> int:
        """Return how many credits may still be bought in these 30 days."""
        bought = sum(
            credits_
            for moment, credits_ in self._state.billing.purchases
            if moment > at_ms - self._says["spend_days"] * DAY_MS
        )
        return max(0, self._quotas.monthly_credits - bought)

    def buy(self, credits_: int, at_ms: int) -> str | None:
        """Buy credits by hand; return why not, or None. One that works sets autobilling going."""
        if credits_ < self.least:
            return f"the smallest purchase is {self.least:,} credits"
        left = self.left_this_month(at_ms)
        if credits_ > left:
            return f"only {left:,} credits may still be bought in these 30 days"
        if not self._charge(credits_, at_ms):
            return "the card was declined"
        billing = self._state.billing
        if billing.switched_off:
            billing.switched_off = False
            billing.failed_attempts = 0
            self._look_later(at_ms)
        return None

    def switch_on(self, threshold: int, amount: int, at_ms: int) -> None:
        """Let autobilling look once an hour from now on."""
        billing = self._state.billing
        billing.threshold, billing.amount = threshold, amount
        billing.failed_attempts, billing.switched_off = 0, False
        self._look_later(at_ms)

    def look(self, at_ms: int) -> None:
        """Recharge, where the balance is below the threshold."""
        billing, ledger = self._state.billing, self._state.ledger
        self._look_later(at_ms)
        if billing.amount is None or ledger.balance >= billing.threshold:
            billing.failed_attempts = 0
            return
        amount = min(billing.amount, self.left_this_month(at_ms))
        if amount >= self.least and self._charge(amount, at_ms):
            billing.failed_attempts = 0
            return
        if amount < self.least:
            self._mail_failure("The monthly spend of your tier is used up.", at_ms)
        billing.failed_attempts += 1
        billing.next_look_ms = at_ms + self._says["retry_hours"] * _HOUR_MS
        if billing.failed_attempts >= self._says["attempts"]:
            billing.next_look_ms, billing.switched_off = None, True
            failed = f"{billing.failed_attempts} charges in a row have failed."
            text = f"{failed} Buy credits to switch it on again."
            outbox = self._state.outbox
            outbox.send("autobilling_off", "Autobilling was switched off", text, at_ms=at_ms)

    def _look_later(self, at_ms: int) -> None:
        self._state.billing.next_look_ms = at_ms + self._says["look_hours"] * _HOUR_MS

    def watch(self, at_ms: int) -> None:
        """Mail, once, when the balance has fallen below what counts as low."""
        billing, balance = self._state.billing, self._state.ledger.balance
        is_low = balance < billing.low_credits
        if is_low and not billing.was_low:
            text = f"{balance:,} credits are left."
            self._state.outbox.send("low_credits", "Your credits run low", text, at_ms=at_ms)
        billing.was_low = is_low

    def _charge(self, credits_: int, at_ms: int) -> bool:
        state, billing = self._state, self._state.billing
        if billing.declines is None or billing.declines > 0:
            if billing.declines is not None:
                billing.declines -= 1
            self._mail_failure("Your card was declined.", at_ms)
            return False
        state.ledger.buy(credits_, at_ms=at_ms)
        billing.purchases.append((at_ms, credits_))
        text = f"{credits_:,} credits for ${credits_ * self._cent:,.2f}."
        state.outbox.send("charge", "Your card was charged", text, at_ms=at_ms)
        self._lift_tier(at_ms)
        self.watch(at_ms)
        return True

    def _mail_failure(self, text: str, at_ms: int) -> None:
        outbox = self._state.outbox
        outbox.send("charge_failed", "Your card could not be charged", text, at_ms=at_ms)

    def _lift_tier(self, at_ms: int) -> None:
        account, bought = self._state.account, self._state.ledger.bought
        if account.tier is None:
            return
        reached = self._quotas.tier_reached_by(bought)
        if reached > account.tier:
            account.tier = reached
            self._tier_rose(at_ms)
