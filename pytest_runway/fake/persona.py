"""Made-up people, the same ones for the same seed."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_runway.errors import UsageError


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody who does not exist; the address is at a domain that never will (RFC 2606)."""

    name: str
    email: str
    company: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


def persona(seed: str) -> Persona:
    """Return the person of a seed.

    Raises:
        UsageError: where Faker is not installed.
    """
    try:
        from faker import Faker
    except ImportError as error:
        raise UsageError("people are made up by Faker; install it: pip install faker") from error
    faker = Faker("en_US", use_weighting=False)
    faker.seed_instance(seed)
    name = faker.name()
    local = ".".join(part for part in name.lower().replace("'", "").split() if part.isalpha())
    return Persona(name, f"{local}@billing.example", faker.company())
