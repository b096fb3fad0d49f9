"""What a tier allows: tasks at once and tasks a day, for each model (facts §5.1)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_runway.contract import Contract
    from pytest_runway.engine.account import Account


class Quotas:
    """One account's quotas. Where a figure is None, nothing is limited."""

    def __init__(self, contract: Contract, account: Account) -> None:
        self._contract = contract
        self._account = account

    @cached_property
    def groups(self) -> Mapping[str, str]:
        """The group of limits that each model belongs to."""
        return {
            variant.name: variant.tier_group
            for operation in self._contract.operations
            for variant in operation.variants
            if variant.tier_group is not None and "model" in variant.schema["properties"]
        }

    @cached_property
    def retired(self) -> frozenset[str]:
        """The models that one could use once: those that only the bills still name."""
        schemas = self._contract.document.get("components", {}).get("schemas", {})
        billed = schemas["OrganizationUsage"]["properties"]["models"]["items"]["enum"]
        return frozenset(billed) - self.groups.keys()

    @property
    def monthly_credits(self) -> int:
        """The credits that may be bought in 30 days; without a tier, those of the highest."""
        monthly: list[int] = self._contract.tiers["monthly_credits"]
        return monthly[(self._account.tier or len(monthly)) - 1]

    def tier_reached_by(self, bought: int) -> int:
        """Return the tier that an account is on which has bought so many credits in all."""
        return sum(bought >= least for least in self._contract.tiers["reached_by_credits"])

    def concurrent(self, model: str | None, group: str | None) -> int | None:
        """Return how many tasks of a model run at once."""
        return self._figure("concurrent", model, group, self._account.tier)

    def daily(self, model: str | None, group: str | None) -> int | None:
        """Return how many tasks of a model may be created in 24 hours."""
        return self._figure("daily", model, group, self._account.tier)

    def shown(self, model: str) -> dict[str, int | None]:
        """Return what the API says of a model's limits.

        An account without a tier shows the figures of the highest, which do not bind it: SDKs
        before 5.24 take no null.
        """
        group = self.groups[model]
        tier = self._account.tier or len(self._contract.tiers[group])
        return {
            "maxConcurrentGenerations": self._figure("concurrent", model, group, tier),
            "maxDailyGenerations": self._figure("daily", model, group, tier),
        }

    def _figure(
        self, name: str, model: str | None, group: str | None, tier: int | None
    ) -> int | None:
        if tier is None or model is None or group is None:
            return None
        if model in self._account.unlimited_models:
            return None
        found: int = self._contract.tiers[group][tier - 1][name]
        return found
