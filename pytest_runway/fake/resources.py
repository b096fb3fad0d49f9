"""What the API keeps besides tasks, as a test reads and moves it: ``runway.resources``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.durations import Duration, milliseconds
from pytest_runway.engine.resources.families import FAMILIES, SESSIONS
from pytest_runway.engine.resources.store import Processing
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from pytest_runway.engine.resources.sessions import Session, SessionStatus
    from pytest_runway.fake.visiting import Visit

PREPARED = ("avatars", "voices", "realtime_sessions")


class ResourcesView:
    """Avatars, documents, voices, routers, realtime sessions, conversations and workflows."""

    def __init__(self, visit: Visit) -> None:
        """Look at an account's collections."""
        self._visit = visit

    def __getitem__(self, collection: str) -> list[dict[str, Any]]:
        """Return a collection as GET would tell of each, in order of creation.

        Raises:
            UsageError: for a collection that there is none of.
        """
        if collection not in FAMILIES:
            raise UsageError(f"no collection {collection!r}; there are {', '.join(FAMILIES)}")
        family = FAMILIES[collection]
        with self._visit() as engine:
            state = engine.state
            return [family.body(state, each) for each in family.shelf(state).values()]

    def prepares(
        self, collection: str, duration: Duration | None, *, failure: str | None = None
    ) -> None:
        """Say how long the next avatar, voice or session takes; None is for ever.

        With ``failure`` it then fails, for that reason. Each call is about one more of them.

        Raises:
            UsageError: for a collection whose members need no time.
        """
        if collection not in PREPARED:
            raise UsageError(f"{collection!r} take no time; expected one of {', '.join(PREPARED)}")
        ms = None if duration is None else milliseconds(duration)
        with self._visit() as engine:
            engine.state.store.script(collection, Processing(ms, failure))

    def session(self, id_: str) -> SessionView:
        """Return a realtime session, to be joined and ended by the test.

        Raises:
            UsageError: for an id that no session has.
        """
        with self._visit() as engine:
            found = SESSIONS.shelf(engine.state).get(id_)
        if found is None:
            raise UsageError(f"no realtime session {id_!r}")
        return SessionView(self._visit, found)


class SessionView:
    """One realtime session; the test stands in for the browser that joins it."""

    def __init__(self, visit: Visit, session: Session) -> None:
        """Look at ``session``."""
        self._visit = visit
        self._session = session

    @property
    def status(self) -> SessionStatus:
        """The status now."""
        with self._visit() as engine:
            return self._session.status(engine.state.now_ms)

    def join(self) -> None:
        """Join it: it runs, is charged, and a conversation of the same id begins.

        Raises:
            UsageError: unless it is READY.
        """
        self._expect("READY")
        with self._visit() as engine:
            SESSIONS.join(engine, self._session)

    def end(self) -> None:
        """End it: it is COMPLETED. Raises ``UsageError`` unless it is RUNNING."""
        self._expect("RUNNING")
        with self._visit() as engine:
            SESSIONS.finish(engine, self._session, engine.state.now_ms)

    def fail(self, code: str = "INTERNAL", failure: str = "An unexpected error occurred.") -> None:
        """Let it fail now. Raises ``UsageError`` where it is over."""
        self._expect("NOT_READY", "READY", "RUNNING")
        with self._visit() as engine:
            SESSIONS.fail(engine, self._session, code, failure)

    def _expect(self, *expected: SessionStatus) -> None:
        if self.status not in expected:
            raise UsageError(f"the session is {self.status}; expected {' or '.join(expected)}")
