"""The web as a test furnishes it: ``runway.web``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.durations import Duration, milliseconds
from pytest_runway.engine.web import ASSET_RULES, AssetRule, Page, host_of
from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from pytest_runway.fake.visiting import Visit


class WebView:
    """What Runway finds when it fetches assets by URL; nobody else is answered from here."""

    def __init__(self, visit: Visit) -> None:
        """Look at an account's web."""
        self._visit = visit

    def put(
        self,
        url: str,
        data: bytes = b"",
        *,
        content_type: str = "",
        status: int = 200,
        redirect: str | None = None,
        no_length: bool = False,
        no_head: bool = False,
        slow: Duration = 0,
    ) -> None:
        """Put a file at a URL. From then on its host has what was put there, and 404 for the rest.

        ``content_type`` is what the server declares, nothing unless it is given. ``redirect``
        answers with a 302 to there, which Runway does not follow. ``no_length`` and ``no_head``
        leave out what Runway asks of a server; ``slow`` is how long an answer takes, more than 10
        seconds being too long (no time passes, not even virtual time).

        Raises:
            UsageError: for a URL without a host, or a status that is none.
        """
        try:
            host = host_of(url)
        except ValueError:
            host = ""
        if not host:
            raise UsageError(f"no URL: {url!r}; expected for example 'https://example.com/a.jpg'")
        if isinstance(status, bool) or not isinstance(status, int) or not 200 <= status <= 599:
            raise UsageError(f"not an HTTP status: {status!r}; expected a whole number, 200 to 599")
        page = Page(
            data=data,
            content_type=content_type,
            status=302 if redirect is not None else status,
            has_length=not no_length,
            has_head=not no_head,
            ms=milliseconds(slow),
        )
        with self._visit() as engine:
            engine.state.web.put(url, page)

    @property
    def rule(self) -> AssetRule:
        """What becomes of URLs at hosts that nothing was put at: ``lenient`` or ``strict``."""
        with self._visit() as engine:
            return engine.state.web.rule

    @rule.setter
    def rule(self, rule: AssetRule) -> None:
        if rule not in ASSET_RULES:
            valid = ", ".join(ASSET_RULES)
            raise UsageError(f"rule={rule!r} is not valid; expected one of {valid}")
        with self._visit() as engine:
            engine.state.web.rule = rule
