"""Made-up people, the same ones for the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from pytest_runway.engine.account import Account


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody who does not exist; the address is at a domain that never will (RFC 2606)."""

    name: str
    email: str
    company: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


def billing_contact(account: Account) -> Persona:
    """Return whom Runway mails about an account."""
    return persona(account.keys.keys[0].id)


def persona(seed: str) -> Persona:
    """Return the person of a seed; without Faker, a plain name with a number."""
    try:
        from faker import Faker
    except ImportError:
        number = 1 + crc32(seed.encode()) % 9999
        return Persona(f"Billing Contact {number}", f"billing.{number}@billing.example", "Example")
    faker = Faker("en_US", use_weighting=False)
    faker.seed_instance(seed)
    name = faker.name()
    local = ".".join(part for part in name.lower().replace("'", "").split() if part.isalpha())
    return Persona(name, f"{local}@billing.example", faker.company())
