"""Why media are refused: the contract's words, with the numbers filled in."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from pytest_runway.errors import ContractError
from pytest_runway.media.verdicts import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_runway.media.verdicts import IssueCode

_MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The messages of issues about media, by name, with ``{…}`` to be filled in."""

    bad_data_uri: str
    no_content_type: str
    bad_url: str
    not_https: str
    not_a_domain: str
    unreachable: str
    bad_status: str
    slow: str
    bad_type: str
    too_big: str
    bad_dimensions: str
    aspect_too_small: str
    aspect_too_big: str
    too_long: str
    too_short: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """The refusals, made from Runway's words.

    What follows "Unsupported asset type." and "Invalid asset dimensions." is not known; the
    sentences that say ``why`` are this package's.
    """

    words: Words

    @classmethod
    def from_messages(cls, messages: Mapping[str, str]) -> Reasons:
        """Return the refusals in the words of the contract's ``media_messages``.

        Raises:
            ContractError: for a message that is missing, or that nothing says.
        """
        known = {field.name for field in fields(Words)}
        if wrong := known ^ set(messages):
            raise ContractError(f"media_messages and what is said differ in {sorted(wrong)}")
        return cls(Words(**messages))

    def bad_data_uri(self) -> Refusal:
        """Return the refusal of a data URI that cannot be taken apart."""
        return Refusal(self.words.bad_data_uri)

    def no_content_type(self) -> Refusal:
        """Return the refusal of a data URI without a content type, or with another's.

        The documentation explains the same words by "a media type that's not supported".
        """
        return Refusal(self.words.no_content_type)

    def bad_url(self) -> Refusal:
        """Return the refusal of a URL that cannot be taken apart."""
        return Refusal(self.words.bad_url)

    def url_too_long(self, limit: int) -> Refusal:
        """Return the refusal of a URL above so many characters, in the validator's own form."""
        extra = (("origin", "string"), ("maximum", limit), ("inclusive", True))
        return Refusal(f"Too big: expected string to have <={limit} characters", "too_big", extra)

    def not_https(self) -> Refusal:
        """Return the refusal of any other scheme."""
        return Refusal(self.words.not_https)

    def not_a_domain(self) -> Refusal:
        """Return the refusal of an IP address."""
        return Refusal(self.words.not_a_domain)

    def unreachable(self) -> Refusal:
        """Return the refusal of a URL whose server cannot be reached."""
        return Refusal(self.words.unreachable)

    def bad_status(self, status: int) -> Refusal:
        """Return the refusal of a URL that answered with no success; redirects included."""
        return Refusal(self.words.bad_status.format(status=status))

    def slow(self) -> Refusal:
        """Return the refusal of a URL that took too long to answer."""
        return Refusal(self.words.slow)

    def bad_type(self, why: str) -> Refusal:
        """Return the refusal of a content type, a container or a codec."""
        return Refusal(f"{self.words.bad_type} {why}")

    def too_big(self, limit_bytes: int) -> Refusal:
        """Return the refusal of a file above so many bytes."""
        return Refusal(self.words.too_big.format(megabytes=f"{limit_bytes / _MIB:.1f}"))

    def bad_dimensions(self, why: str) -> Refusal:
        """Return the refusal of sides in pixels."""
        return Refusal(f"{self.words.bad_dimensions} {why}")

    def aspect_too_small(self, limit: float, ratio: float) -> Refusal:
        """Return the refusal of a shape that is too narrow."""
        words = self.words.aspect_too_small
        return Refusal(words.format(limit=_number(limit), got=f"{ratio:.3f}"))

    def aspect_too_big(self, limit: float, ratio: float) -> Refusal:
        """Return the refusal of a shape that is too wide."""
        words = self.words.aspect_too_big
        return Refusal(words.format(limit=_number(limit), got=f"{ratio:.3f}"))

    def too_long(self, limit: float) -> Refusal:
        """Return the refusal of a clip or a sound above so many seconds."""
        return _bounded(self.words.too_long, "too_big", "maximum", limit)

    def too_short(self, limit: float) -> Refusal:
        """Return the refusal of a clip or a sound below so many seconds."""
        return _bounded(self.words.too_short, "too_small", "minimum", limit)

    def too_fast(self, limit: float) -> Refusal:
        """Return the refusal of a clip above so many frames a second.

        Assumed: the words are not known; they follow those for durations.
        """
        words = "Asset frame rate must be at most {limit} frames per second"
        return _bounded(words, "too_big", "maximum", limit)


def _bounded(words: str, code: IssueCode, bound: str, limit: float) -> Refusal:
    """Return a refusal by a number, with the keys of the captured one (31 s where 30 are taken)."""
    value = int(limit) if float(limit).is_integer() else limit
    extra = ((bound, value), ("type", "number"), ("inclusive", True), ("origin", "number"))
    return Refusal(words.format(limit=_number(limit)), code, extra)


def _number(value: float) -> str:
    """Return a number as JavaScript prints it: 2 and not 2.0."""
    return f"{value:g}"
