"""The web from which Runway fetches assets: what a test puts there, and a rule for the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pytest_runway.media import Refusal, Rules

AssetRule = Literal["lenient", "strict"]
ASSET_RULES: tuple[AssetRule, ...] = get_args(AssetRule)


@dataclass(frozen=True, slots=True)
class Page:
    """What one URL answers to Runway's fetcher, which asks with HEAD and then with GET.

    ``content_type`` is empty where the server states none, ``has_length`` and ``has_head`` say
    whether it states a length and knows HEAD; ``ms`` is how long its answer takes.
    """

    data: bytes = b""
    content_type: str = ""
    status: int = 200
    has_length: bool = True
    has_head: bool = True
    ms: int = 0

    def refusal(self, rules: Rules, *, most_ms: int) -> Refusal | None:
        """Return why nothing can be fetched here; None where something can, good or not.

        Documented: 10 seconds, no redirects, HEAD and a ``Content-Length``. Assumed: a page
        without either of those two reads as one that is not there.
        """
        if self.ms > most_ms:
            return rules.reasons.slow()
        if not 200 <= self.status < 300:
            return rules.reasons.bad_status(self.status)
        if not self.has_head:
            return rules.reasons.bad_status(405)
        return None if self.has_length else rules.reasons.unreachable()


NOT_FOUND = Page(status=404)


@dataclass(slots=True)
class Web:
    """Pages by URL. A host with one page has no others but answers; ``rule`` is for the rest.

    ``fetched`` are the URLs of pages that were asked for.

    ``lenient``: every other URL is a good asset of whatever kind is asked for. ``strict``: no
    other host can be reached.
    """

    rule: AssetRule = "lenient"
    pages: dict[str, Page] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)
    fetched: set[str] = field(default_factory=set)

    def put(self, url: str, page: Page) -> None:
        """Put a page there, instead of the one that was there."""
        self.pages[_without_fragment(url)] = page
        self.fetched.discard(_without_fragment(url))
        self.hosts.add(host_of(url))

    def find(self, url: str) -> Page | None:
        """Return what a URL answers, None where the rule decides."""
        if not self.hosts:
            return None
        page = self.pages.get(_without_fragment(url))
        if page is not None:
            self.fetched.add(_without_fragment(url))
        if page is None and host_of(url) in self.hosts:
            return NOT_FOUND
        return page


def host_of(url: str) -> str:
    """Return the host of a URL that can be taken apart, in lower case."""
    return urlsplit(url).hostname or ""


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]
