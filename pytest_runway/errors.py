"""The exceptions of this package, as one tree."""

from __future__ import annotations


class RunwayFakeError(Exception):
    """The root of everything raised here, so that one ``except`` can catch it all."""


class UsageError(RunwayFakeError, ValueError):
    """The harness was asked for something that it does not have.

    Raised at the call that is wrong (an operation, a status, a duration, an option), never
    through the client under test. The message names what would have been valid.
    """


class ContractError(RunwayFakeError):
    """The contract's document holds something that nothing here interprets.

    Raised when the document is loaded: a keyword that is not understood checks nothing, and a
    fake that checks nothing certifies bugs.
    """


class HarnessProblem(RunwayFakeError, AssertionError):
    """What the harness noticed and the test did not ask about; raised after the test's body."""
