"""The account's API keys, as a test hands them out and takes them away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.engine.keys import ApiKey
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_runway.fake.visiting import Visit


class KeyView:
    """One API key."""

    def __init__(self, visit: Visit, key: ApiKey) -> None:
        """Look at ``key``."""
        self._visit = visit
        self._key = key

    @property
    def name(self) -> str:
        """What it was named: an environment, or a developer."""
        return self._key.name

    @property
    def secret(self) -> str:
        """What requests carry: valid in shape, and recognisably fake."""
        return self._key.secret

    @property
    def disabled(self) -> bool:
        """Whether it opens nothing."""
        return self._key.disabled

    @property
    def charged(self) -> int:
        """The credits spent with it, net of refunds."""
        with self._visit() as engine:
            own = [entry for entry in engine.state.ledger.entries if entry.key == self.name]
        return sum(entry.credits if entry.kind == "reserve" else -entry.credits for entry in own)

    def disable(self) -> None:
        """Let it open nothing from now on: 401."""
        with self._visit():
            self._key.disabled = True

    def enable(self) -> None:
        """Let it open the account again."""
        with self._visit():
            self._key.disabled = False

    def rotate(self) -> str:
        """Give it a new secret and return that; the old one opens nothing any more."""
        with self._visit() as engine:
            self._key.former.add(self._key.secret)
            self._key.secret = engine.state.account.keys.next_secret()
        return self._key.secret

    def __repr__(self) -> str:
        return f"<ApiKey {self.name}{' disabled' if self.disabled else ''}>"


class KeysView:
    """All keys of the account, by name. The first is named ``default``."""

    def __init__(self, visit: Visit) -> None:
        """Look at an account's keys."""
        self._visit = visit

    def add(self, name: str) -> KeyView:
        """Make one more key.

        Raises:
            UsageError: for a name that is taken.
        """
        with self._visit() as engine:
            ring = engine.state.account.keys
            if any(key.name == name for key in ring.keys):
                raise UsageError(f"there is a key named {name!r} already")
            made = ApiKey(engine.state.new_id(), name, ring.next_secret())
            ring.keys.append(made)
        return KeyView(self._visit, made)

    def __getitem__(self, name: str) -> KeyView:
        """Return the key of a name."""
        for key in self:
            if key.name == name:
                return key
        raise UsageError(f"no key named {name!r}; there are {', '.join(key.name for key in self)}")

    def __iter__(self) -> Iterator[KeyView]:
        with self._visit() as engine:
            keys = list(engine.state.account.keys.keys)
        return (KeyView(self._visit, key) for key in keys)

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __repr__(self) -> str:
        return repr(list(self))
