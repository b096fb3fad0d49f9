"""Media as values: bytes, what they are declared as, and the line that makes them again."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_runway.media.facts import Kind
    from pytest_runway.media.verdicts import Late, Refusal


@dataclass(frozen=True, repr=False)
class Media:
    """A picture, a clip or a sound to send.

    ``content_type`` is what it is declared as, which may be wrong on purpose. ``text`` stands in
    for the data URI where that is not simply the bytes in base64. The ``repr`` can be pasted:
    it is the call that made the value, or reads it.
    """

    kind: Kind
    data: bytes
    content_type: str
    call: str
    text: str | None = field(default=None, kw_only=True)

    @property
    def data_uri(self) -> str:
        """Return the value as a data URI."""
        if self.text is not None:
            return self.text
        return f"data:{self.content_type};base64,{b64encode(self.data).decode()}"

    def __repr__(self) -> str:
        return self.call

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """Print the call in Hypothesis and IPython too, which take dataclasses apart."""
        printer.text(self.call)


@dataclass(frozen=True, repr=False)
class FlawedMedia(Media):
    """Media with exactly one flaw, and what Runway says of it, known from how they were made."""

    flaw: str
    expected: Refusal | Late
