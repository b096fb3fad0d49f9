"""``Retry-After`` in all the forms that servers send it, also those that are none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal, get_args

from pytest_runway.durations import Duration, as_text, milliseconds
from pytest_runway.errors import UsageError

RetryAfterForm = Literal["seconds", "milliseconds", "date", "text"]
RETRY_AFTER_FORMS: tuple[RetryAfterForm, ...] = get_args(RetryAfterForm)


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """How long an answer says to wait: ``ms`` in a form, or a ``text`` that goes out as it is.

    ``seconds`` and ``date`` are what RFC 9110 knows, ``milliseconds`` is the header
    ``retry-after-ms``. Runway documents none of them; its SDKs honour all three (facts §7).
    """

    form: RetryAfterForm = "seconds"
    ms: int = 0
    text: str = ""

    @classmethod
    def of(cls, value: Duration, form: RetryAfterForm = "seconds") -> RetryAfter:
        """Return a value from what a test says.

        Raises:
            UsageError: for a form that there is not, what is no duration, or a text that no header
                can have.
        """
        if form not in RETRY_AFTER_FORMS:
            known = ", ".join(RETRY_AFTER_FORMS)
            raise UsageError(f"retry_after_as={form!r} is not valid; expected one of {known}")
        if form != "text":
            return cls(form, ms=milliseconds(value))
        text = str(value)
        if not text.isascii() or not text.isprintable() or text != text.strip():
            raise UsageError(
                f"retry_after={value!r} cannot stand in a header; expected printable ASCII "
                "without blanks around it"
            )
        return cls(form, text=text)

    def header(self, now_ms: int) -> tuple[str, str]:
        """Return the header's name and value, as of ``now_ms`` (Unix milliseconds)."""
        if self.form == "text":
            return "retry-after", self.text
        if self.form == "milliseconds":
            return "retry-after-ms", str(self.ms)
        if self.form == "date":
            from email.utils import formatdate

            # A date has whole seconds: the next one, so that nobody comes back too early.
            return "retry-after", formatdate(-(-(now_ms + self.ms) // 1000), usegmt=True)
        whole, rest = divmod(self.ms, 1000)
        return "retry-after", str(whole) if not rest else f"{self.ms / 1000:.3f}".rstrip("0")

    def __str__(self) -> str:
        if self.form == "text":
            return f"retry-after {json.dumps(self.text)}"
        word = {"seconds": "", "milliseconds": "-ms", "date": " date"}[self.form]
        return f"retry-after{word} {as_text(self.ms)}"
