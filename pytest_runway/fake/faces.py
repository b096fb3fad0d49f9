"""The faces of a fake that are about the account and what lies in it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from pytest_runway.fake.account import AccountView
from pytest_runway.fake.metrics import Metrics
from pytest_runway.fake.moderating import rules_of
from pytest_runway.fake.outbox import OutboxView
from pytest_runway.fake.resources import ResourcesView
from pytest_runway.fake.seeding import Seed
from pytest_runway.fake.web import WebView

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pytest_runway.engine.engine import Engine
    from pytest_runway.engine.moderation import Looked
    from pytest_runway.fake.moderating import Flags
    from pytest_runway.fake.settings import Settings
    from pytest_runway.fake.verdict import Verdict


class Faces(ABC):
    """What ``FakeRunway`` shows of its account; each face has a module of its own."""

    settings: Settings

    @abstractmethod
    def _visit(self) -> AbstractContextManager[Engine]:
        """Return a block in which the engine has caught up, and nobody else is at it."""

    @property
    def account(self) -> AccountView:
        """The account itself: tier, keys, card, standing."""
        return AccountView(self._visit)

    @property
    def resources(self) -> ResourcesView:
        """Avatars, voices, sessions and all else that the API keeps besides tasks."""
        return ResourcesView(self._visit)

    @property
    def seed(self) -> Seed:
        """Puts there what the API cannot make: workflows, conversations, web-app use."""
        return Seed(self._visit)

    @property
    def web(self) -> WebView:
        """The web from which Runway fetches the assets that a body names by URL."""
        return WebView(self._visit)

    @property
    def outbox(self) -> OutboxView:
        """Every mail that Runway would have sent."""
        return OutboxView(self._visit)

    @property
    def metrics(self) -> Metrics:
        """What Runway's go-live checklist asks to be watched, so far."""
        with self._visit() as engine:
            engine.state.journal.looked_at.add("metrics")
            return Metrics.of(engine.state)

    def verdict(self, *, shown: str = "", over: bool = True) -> Verdict:
        """Return what the rules hold against what happened so far.

        ``shown`` is what was printed and logged, which one of the rules looks at. Tasks that are
        left behind count as if the test ended now, unless it is not ``over``.
        """
        from pytest_runway.fake.verdict import Verdict

        with self._visit() as engine:
            journal = engine.state.journal
            if not journal.exchanges and not journal.transfers:
                return Verdict(())
            from pytest_runway.report.verdict import judge

            rules = self.settings.rules
            return Verdict(judge(engine.state, levels=rules, shown=shown, over=over))

    def moderate(
        self,
        *,
        prompt: Flags | None = None,
        image: Flags | None = None,
        video: Flags | None = None,
        audio: Flags | None = None,
        output: Flags | None = None,
        code: str | None = None,
        public_figure: bool = False,
        times: int | None = None,
        must_strike: bool = True,
    ) -> None:
        """Moderate requests from now on: they are accepted, and the task then fails.

        Each part takes a word (a URL for media), a pattern, a sample's bytes, a predicate, or True
        for everything; ``output`` takes a predicate on the request's body. ``code`` is the failure
        code where it is not the usual one; what it costs follows from it. A ``public_figure``
        passes where the request sets ``publicFigureThreshold`` to ``low``. A rule that never
        struck fails the test, unless it need not: ``must_strike=False``.

        Raises:
            UsageError: for nothing to look at, or a code that says nothing of moderation.
        """
        flagged: dict[Looked, Flags | None] = {
            "prompt": prompt,
            "image": image,
            "video": video,
            "audio": audio,
            "output": output,
        }
        with self._visit() as engine:
            engine.state.rules += rules_of(
                engine.contract,
                flagged,
                code=code,
                public_figure=public_figure,
                times=times,
                must_strike=must_strike,
            )
