"""The words of a fault plan, and the errors that name their places."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pytest_runway.errors import UsageError

_WORD = re.compile(r'[ \t]*("(?:[^"\\]|\\.)*"|[,;\n\r]|[:#%]|[^\s,;:#%"]+|.|$)')
_SEPARATORS = (",", ";", "\n", "\r")


@dataclass(frozen=True, slots=True)
class Token:
    """A word and where it begins, counted from 0. Empty at the end of the text."""

    text: str
    at: int


class Reader:
    """Takes a text apart, word by word."""

    def __init__(self, text: str) -> None:
        """Begin at the beginning."""
        self._text = text
        self._at = 0
        self._words = _words(text)

    @property
    def here(self) -> Token:
        """The word that comes next, left there."""
        return self._words[self._at]

    def peek(self) -> str:
        """Return the text of the next word, empty at the end."""
        return self.here.text

    def next(self, expected: str) -> Token:
        """Take the next word.

        Raises:
            UsageError: where the fault ends here.
        """
        word = self.here
        if not word.text or word.text in _SEPARATORS:
            raise self.error(word, expected)
        self._at += 1
        return word

    def take(self, text: str) -> bool:
        """Take the next word if it is this one."""
        if self.peek() != text:
            return False
        self._at += 1
        return True

    def expect(self, text: str) -> None:
        """Take the next word, which has to be this one."""
        if not self.take(text):
            raise self.error(self.here, repr(text))

    def skip_separators(self) -> bool:
        """Go on to the next fault; tell whether there is one."""
        while self.peek() in _SEPARATORS:
            self._at += 1
        return bool(self.peek())

    def expect_end(self, expected: str) -> None:
        """Make sure that a fault ends here."""
        if self.peek() and self.peek() not in _SEPARATORS:
            raise self.error(self.here, expected)

    def error(
        self, word: Token, expected: str, got: str | None = None, *, hint: str = ""
    ) -> UsageError:
        """Return the error of a word: where it is, what was expected, what was found."""
        found = got or (repr(word.text) if word.text.strip() else "the end")
        return self.refusal(word, f"expected {expected}, got {found}{'; ' if hint else ''}{hint}")

    def refusal(self, word: Token, why: str) -> UsageError:
        """Return the error of a word, for a reason."""
        return UsageError(
            f"the fault plan {self._text!r} is wrong at character {word.at + 1}: {why}"
        )


def _words(text: str) -> list[Token]:
    words = [Token(found[1], found.start(1)) for found in _WORD.finditer(text)]
    return words if words and not words[-1].text else [*words, Token("", len(text))]
