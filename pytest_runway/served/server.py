"""RunwayServer: one account at Runway, faked, with an address."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from typing import TYPE_CHECKING, Any

from pytest_runway.fake import FakeRunway, TaskScript
from pytest_runway.served.clocks import PacedClock
from pytest_runway.served.pages import OwnPages
from pytest_runway.transports.loopback import LoopbackServer
from pytest_runway.transports.loopback.site import Site
from pytest_runway.transports.surroundings import led_to

if TYPE_CHECKING:
    import threading

    from typing_extensions import Self

    from pytest_runway.clock import InnerClock, RealClock, VirtualClock


class RunwayServer(FakeRunway):
    """A ``FakeRunway`` that every client on this machine can reach, at ``url``.

    Inside its ``with`` block ``RUNWAYML_BASE_URL`` is that URL. Beside the API it serves
    ``/openapi.json``, a page at ``/`` that shows what happens, and the control interface below
    ``/__runway/``, which asks for ``token``.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        token: str | None = None,
        speed: float | None = None,
        **settings: Any,
    ) -> None:
        """Describe the account as for ``FakeRunway``, and where to serve it.

        ``port`` 0 takes any that is free. ``token`` None makes a random one, ``""`` asks for none.
        ``speed`` gives the fake a time of its own, for clients in other processes: so many times
        real time, and at 0 a time that stands still until it is moved.

        Raises:
            UsageError: for a host that is not of the loopback interface, or a port that is none.
        """
        super().__init__(**settings if speed is None else {**settings, "time": "real"})
        self._paced = None if speed is None else PacedClock(speed)
        self.token = secrets.token_urlsafe(16) if token is None else token
        self.earlier_problems: list[str] = []
        self._earlier_numbers: Counter[str] = Counter()
        self._site = Site(lambda _request: self, pages=OwnPages(self))
        self._server = LoopbackServer(self._site, host=host, port=port)

    def start(self) -> Self:
        """Begin to listen and to answer.

        Raises:
            UsageError: where the port is taken, or not allowed.
        """
        self._server.listen()
        try:
            super().start()
            self._server.start()
        except BaseException:
            super().stop()
            self._server.stop()
            raise
        return self

    def stop(self, *, linger: bool = False) -> None:
        """Stop answering and listening. Harmless when done twice."""
        super().stop(linger=linger)
        self._server.stop()

    @property
    def url(self) -> str:
        """Where the server listens, without a slash at the end."""
        return self._server.url

    @property
    def base_url(self) -> str:
        """Where the fake answers: the server's URL."""
        return self.url

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment, changed so that a program in it is on this fake.

        For ``subprocess.run(…, env=runway_server.environment)``. The program's https goes through
        the server, which answers for Runway's hosts and carries the rest unread.
        """
        self._site.is_proxy = True
        own = {
            "RUNWAYML_BASE_URL": self.url,
            "RUNWAYML_API_SECRET": self.api_key,
            "RUNWAY_FAKE_URL": self.url,
            "RUNWAY_FAKE_TOKEN": self.token,
        }
        return {**os.environ, **led_to(self.url, os.environ), **own}

    @property
    def lock(self) -> threading.RLock:
        """What is held while the account is looked at or changed."""
        return self._lock

    def script(self, script: TaskScript) -> None:
        """Let the next task that no script waits for live as this one says."""
        self._scripts.append(script)
        self.engine.state.scripts.append(script)

    def reset(self) -> None:
        """Begin with a fresh account in the same settings; time goes on.

        What was noticed of the old one is kept in ``earlier_problems``.
        """
        with self.lock:
            self.earlier_problems += self.problems_so_far()
            self._earlier_numbers.update(self.numbers())
            self._scripts.clear()
            self._engine = self._new_engine()

    def totals(self) -> dict[str, float]:
        """Return ``numbers()`` over all accounts that were reset, and this one."""
        return {
            name: self._earlier_numbers[name] + number for name, number in self.numbers().items()
        }

    def _new_clock(self) -> VirtualClock | InnerClock | RealClock:
        return super()._new_clock() if self._paced is None else self._paced

    def problems_so_far(self) -> list[str]:
        """Return what the harness would say of this account, if it ended now."""
        from pytest_runway.fake.explaining import problems_at_the_end

        return [
            *self.problems,
            *problems_at_the_end(self.engine.state, self._scripts, self.settings.budget),
        ]
