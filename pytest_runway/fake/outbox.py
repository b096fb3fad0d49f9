"""Every mail that Runway would have sent: ``runway.outbox``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, overload

from pytest_runway.engine.mail import MAILBOXES, Mail, Mailbox
from pytest_runway.errors import UsageError
from pytest_runway.fake.persona import billing_contact

if TYPE_CHECKING:
    from pytest_runway.fake.visiting import Visit


class OutboxView(Sequence[Mail]):
    """The mails to the account's billing contact, in order.

    Each has ``to`` (``runway.account.contact``), ``kind``, ``subject``, ``text`` and ``received``.
    """

    def __init__(self, visit: Visit) -> None:
        """Look at an outbox."""
        self._visit = visit

    @property
    def mailbox(self) -> Mailbox:
        """What becomes of mails from now on: ``read``, ``unread`` or ``bouncing``."""
        with self._visit() as engine:
            return engine.state.outbox.mailbox

    @mailbox.setter
    def mailbox(self, mailbox: Mailbox) -> None:
        if mailbox not in MAILBOXES:
            raise UsageError(f"mailbox={mailbox!r} is not valid; expected {', '.join(MAILBOXES)}")
        with self._visit() as engine:
            engine.state.outbox.mailbox = mailbox

    @property
    def lost(self) -> list[Mail]:
        """The mails that nobody has read."""
        return [mail for mail in self._mails() if not mail.received]

    @property
    def kinds(self) -> list[str]:
        """What the mails are about, in order."""
        return [mail.kind for mail in self._mails()]

    @overload
    def __getitem__(self, index: int) -> Mail: ...
    @overload
    def __getitem__(self, index: slice) -> list[Mail]: ...
    def __getitem__(self, index: int | slice) -> Mail | list[Mail]:
        """Return one mail, or a list of them."""
        return self._mails()[index]

    def __len__(self) -> int:
        """Return how many mails there are."""
        return len(self._mails())

    def __repr__(self) -> str:
        return f"<Outbox {self.kinds}>"

    def _mails(self) -> list[Mail]:
        with self._visit() as engine:
            mails = list(engine.state.outbox.mails)
            to = str(billing_contact(engine.state.account)) if mails else ""
        return [replace(mail, to=to) for mail in mails]
