"""Strategies for fault plans: values that print as one would write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from pytest_runway.engine.faults import Fault, FaultPlan
from pytest_runway.engine.faults.actions import LOSSES, Answer, Broken, Garbled, Lost, Untouched
from pytest_runway.engine.faults.dooms import Doomed
from pytest_runway.engine.faults.garbling import GARBLE_KINDS
from pytest_runway.engine.faults.retry_after import RetryAfter
from pytest_runway.wire import BREAK_KINDS

if TYPE_CHECKING:
    from pytest_runway.engine.faults.actions import Action

_STATUSES = (429, 500, 502, 503, 504)
_ACTIONS: tuple[Action, ...] = (
    *(Answer(status) for status in _STATUSES),
    *(Answer(429, RetryAfter("seconds", ms)) for ms in (1_000, 59_000, 10**12)),
    Answer(429, RetryAfter("milliseconds", 1_500)),
    Answer(503, RetryAfter("date", 30_000)),
    *(Answer(429, RetryAfter("text", text=text)) for text in ("-1", "soon")),
    Answer(500, after_commit=True),
    *(Lost(by) for by in LOSSES),
    *(Broken(kind) for kind in BREAK_KINDS),
    *(Garbled(kind) for kind in GARBLE_KINDS),
)
_DOOMS: tuple[Action, ...] = (
    Doomed("fails"),
    Doomed("fails", "null"),
    Doomed("fails", "SAFETY.INPUT.TEXT"),
    Doomed("fails", "THIRD_PARTY.UNAVAILABLE"),
    Doomed("cancelled"),
    Doomed("sticks", "RUNNING"),
    Doomed("throttled", "10m"),
    Doomed("output", "expired"),
)
_SPANS_MS = (1_000, 30_000, 120_000, 600_000)
_CHANCES_PPM = (50_000, 500_000, 1_000_000, 12_500)


@st.composite
def fault_plans(draw: st.DrawFn, operation: str = "*", *, most: int = 3) -> FaultPlan:
    """Plans of one fault or a few, for ``FakeRunway(background_faults=plan)``.

    ``operation`` is where all of them strike: a name, ``"create"``, ``"poll"``, or ``"*"``. Tasks
    go wrong in those for ``"create"`` and ``"*"``.
    """
    return FaultPlan(tuple(draw(st.lists(_faults(operation), min_size=1, max_size=most))))


@st.composite
def _faults(draw: st.DrawFn, operation: str) -> Fault:
    actions = (*_ACTIONS, *_DOOMS) if operation in ("*", "create") else _ACTIONS
    first: st.SearchStrategy[Action] = st.sampled_from(actions)
    others: tuple[Action, ...] = (*actions, Untouched())
    more = st.lists(st.sampled_from(others), max_size=2)
    how: dict[str, Any] = draw(
        st.one_of(
            st.builds(lambda times: {"times": times}, st.integers(1, 3)),
            st.builds(
                lambda chance: {"chance_ppm": chance, "times": None},
                st.sampled_from(_CHANCES_PPM),
            ),
            st.builds(
                lambda lasts, starts: {"lasts_ms": lasts, "starts_ms": starts, "times": None},
                st.sampled_from(_SPANS_MS),
                st.sampled_from((0, *_SPANS_MS)),
            ),
        )
    )
    return Fault(
        steps=(draw(first), *draw(more)),
        operation=operation,
        nth=draw(st.integers(1, 3)),
        **how,
    )
