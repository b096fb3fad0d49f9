"""API keys: the account's own, and what to make of one that is not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FAKE_KEY = "key_" + "fa4e" * 32
"""The fake's own key: valid in shape (facts §7), and readable as "fake" at a glance."""

_SHAPE = re.compile(r"key_([0-9a-f]{128})")
_BEARER = re.compile(r"bearer +(\S.*)", re.IGNORECASE | re.DOTALL)
_SHOWN = len("key_") + 4


@dataclass(slots=True, eq=False)
class ApiKey:
    """One key of the account, for one environment or one developer.

    ``secret`` is what requests carry. ``former`` holds the secrets that it had before rotations:
    they open nothing any more.
    """

    id: str
    name: str
    secret: str
    disabled: bool = False
    former: set[str] = field(default_factory=set)


@dataclass(slots=True)
class KeyRing:
    """The keys of one account; the first one is there from the start.

    Keys that are not in it open the account too, as the first one, as long as they have Runway's
    shape, unless ``known_only``; with ``any_shape`` whatever a client sends does.
    """

    keys: list[ApiKey]
    any_shape: bool = False
    known_only: bool = False
    made: int = 0
    # Secrets that looked real and were reported, so that each is reported once.
    reported: set[str] = field(default_factory=set)

    def find(self, secret: str) -> ApiKey | None:
        """Return the key that a secret stands for, None where it opens nothing."""
        for key in self.keys:
            if secret == key.secret:
                return None if key.disabled else key
            if secret in key.former:
                return None
        # A first key that is disabled does not stand for others either.
        first = self.keys[0]
        return None if self.known_only or first.disabled else first

    def secrets(self) -> Iterator[str]:
        """Yield all secrets that the account ever had."""
        for key in self.keys:
            yield key.secret
            yield from key.former

    def next_secret(self) -> str:
        """Return a secret that is valid in shape, recognisably fake, and no other key's."""
        self.made += 1
        return f"key_{'fa4e' * 28}{self.made:016x}"


def sent_secret(authorization: str) -> str:
    """Return the key in an Authorization header, "" where there is none."""
    found = _BEARER.fullmatch(authorization)
    return found[1].strip() if found else ""


def looks_real(secret: str) -> bool:
    """Tell whether a key could be one that Runway gave out: the shape, and no pattern in it.

    Keys that people make up for tests repeat themselves, or count; 128 random hexadecimal digits
    never have fewer than 12 different ones, nor a run that comes four times.
    """
    if secret.startswith("key_fa4e"):
        return False
    found = _SHAPE.fullmatch(secret)
    if found is None:
        return False
    digits = found[1]
    if len(set(digits)) < 12:
        return False
    runs = (digits[start : start + 8] for start in range(len(digits) - 8))
    return all(digits.count(run) < 3 for run in set(runs))


def redacted(secret: str) -> str:
    """Return enough of a key to find it by, and no more."""
    return f"{secret[:_SHOWN]}…" if len(secret) > 2 * _SHOWN else "…"
