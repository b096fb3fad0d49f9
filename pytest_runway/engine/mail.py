"""What Runway would mail to the account's billing contact, and whether anybody reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

MailKind = Literal[
    "charge",
    "charge_failed",
    "autobilling_off",
    "low_credits",
    "moderation_warning",
    "suspended",
    "appeal_granted",
]
Mailbox = Literal["read", "unread", "bouncing"]
MAILBOXES: tuple[Mailbox, ...] = get_args(Mailbox)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. ``mailbox`` is what became of it: read, unread, or bounced. ``to`` is filled in for
    who looks at it: the account's billing contact, a person whom only the fake's faces know.

    That these mails are sent is documented for charges; their words are assumed.
    """

    at_ms: int
    kind: MailKind
    subject: str
    text: str
    mailbox: Mailbox
    to: str = ""

    @property
    def received(self) -> bool:
        """Whether somebody has read it."""
        return self.mailbox == "read"


@dataclass(slots=True)
class Outbox:
    """Every mail, in order; ``mailbox`` decides what becomes of the next ones."""

    mails: list[Mail] = field(default_factory=list)
    mailbox: Mailbox = "read"

    def send(self, kind: MailKind, subject: str, text: str, *, at_ms: int) -> None:
        """Send a mail to the billing contact."""
        self.mails.append(Mail(at_ms, kind, subject, text, self.mailbox))
