"""Who answers: the fakes that are on in this process, the latest on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_runway.transports.receiver import Receiver
    from pytest_runway.wire import Request

_stack: list[Receiver] = []
_lingering: list[Receiver] = []
_parent_answers = False


def push(receiver: Receiver) -> None:
    """Put a receiver on top."""
    global _parent_answers  # noqa: PLW0603 - see leave_to_parent
    _parent_answers = False
    _stack.append(receiver)


def remove(receiver: Receiver) -> None:
    """Take a receiver away, wherever it stands."""
    if receiver in _stack:
        _stack.remove(receiver)


def linger(receiver: Receiver) -> None:
    """Let a receiver that is about to be removed go on answering for what it has created."""
    _lingering.append(receiver)


def forget() -> None:
    """Let go of all receivers that linger."""
    _lingering.clear()


def anyone() -> bool:
    """Whether anybody answers."""
    return bool(_stack or _lingering)


def leave_to_parent() -> None:
    """Note that this process was forked: those who answer here are copies, until one is pushed."""
    global _parent_answers  # noqa: PLW0603 - a process has one parent
    _parent_answers = True


def parent_answers() -> bool:
    """Whether the process that this one was forked from is to be asked."""
    return _parent_answers


def receiver_of(request: Request | None) -> Receiver | None:
    """Return who created what the request is about, else the top one; None where none is on.

    None for the request stands for one that is about nothing.
    """
    stack = tuple(reversed(_stack))
    top = stack[0] if stack else None
    others = (*stack, *reversed(_lingering))
    if request is None or len(others) == 1:
        return top
    return next((receiver for receiver in others if receiver.knows(request)), top)


def note_problem(problem: str) -> None:
    """Record misuse at the top one."""
    top = receiver_of(None)
    if top is not None:
        top.note_problem(problem)
